import { Problem } from '#libs/problem/problem.js';
import { decidePublish, type PublishCommand } from './publish.js';
import { evolveReference } from './reference.js';
import type { PublishContext, ReferenceStore } from './reference-store.js';

/** A command, and where it was read. */
export interface LoadedCommand {
  readonly command: PublishCommand;
  readonly file: string;
  /** Place in the file: `line 12`, `entry 1`. */
  readonly where: string;
}

export interface LoadResult {
  readonly published: number;
  /** Was in force already. */
  readonly unchanged: number;
}

/**
 * Publishes what is new, in the order given. Everything is decided before anything is written: one wrong entry, and
 * nothing is published.
 * @throws Problem `reference-file-invalid` with the file, the place in it and the fields
 */
export async function publishAll(
  store: ReferenceStore,
  commands: readonly LoadedCommand[],
  context: Omit<PublishContext, 'key'>,
): Promise<LoadResult> {
  await store.refresh();
  rehearse(store, commands);
  let published = 0;
  for (const { command } of commands) {
    if ((await store.publish(command, context)).outcome === 'published') published += 1;
  }
  return { published, unchanged: commands.length - published };
}

function rehearse(store: ReferenceStore, commands: readonly LoadedCommand[]): void {
  let state = store.state;
  for (const { command, file, where } of commands) {
    try {
      const { fact } = decidePublish(command, state);
      if (fact) state = evolveReference(state, fact);
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      throw new Problem('reference-file-invalid', { file, where }, error.fields);
    }
  }
}
