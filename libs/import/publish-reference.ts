import type { JsonObject } from '#libs/event-log/json.js';
import { oneLine } from '#libs/problem/describe.js';
import { Problem } from '#libs/problem/problem.js';
import type { PublishCommand } from '#libs/reference/publish.js';
import type { Versioned } from '#libs/reference/reference.events.js';
import type { ReferenceStore } from '#libs/reference/reference-store.js';
import type { Mapping } from './mapping.js';

/** In the order in which they may name each other. */
const KINDS = [
  ['calendars', 'calendar', 'id'],
  ['policies', 'policy', 'id'],
  ['units', 'unit', 'code'],
  ['procedures', 'procedure', 'code'],
] as const;

/**
 * Publishes what a mapping brings and nobody has published yet. What is there under the same id stays as it is:
 * the desk's own versions are better than those of a mapping.
 * @throws Problem `import-mapping` naming the entry that is wrong
 */
export async function publishMissing(
  mapping: Mapping,
  store: ReferenceStore,
  correlationId: string,
): Promise<number> {
  await store.refresh();
  let published = 0;
  for (const [list, kind, key] of KINDS) {
    const known = store.data.all()[list] as readonly (Versioned & Partial<Record<'id' | 'code', string>>)[];
    for (const [index, content] of (mapping.reference[list] ?? []).entries()) {
      if (known.some((version) => version[key] === content[key])) continue;
      await publish(store, kind, content, `reference.${list}[${index}]`, correlationId);
      published++;
    }
  }
  return published;
}

async function publish(
  store: ReferenceStore,
  kind: PublishCommand['kind'],
  content: JsonObject,
  key: string,
  correlationId: string,
): Promise<void> {
  try {
    const command = { kind, content } as unknown as PublishCommand;
    await store.publish(command, { actor: 'import', correlationId, causationId: correlationId });
  } catch (error) {
    // The decision takes a typed body: a member that is missing altogether shows as a TypeError.
    if (!(error instanceof Problem) && !(error instanceof TypeError)) throw error;
    const expected = error instanceof Problem ? oneLine(error) : error.message;
    throw new Problem('import-mapping', { key, expected });
  }
}
