import { Problem } from '#libs/problem/problem.js';
import type { Checkpoint } from './checkpoints.js';

/**
 * Call it in the snapshot in which the rows are read: tables made from the log of another engine hold what is not in
 * this one.
 * @throws Problem `read-model-behind` until they are made anew
 */
export function demandEngine({ name, engine }: Pick<Checkpoint, 'name' | 'engine'>, ours: string): void {
  if (engine === ours) return;
  throw new Problem('read-model-behind', { projection: name, position: 0, state: 'rebuilding' });
}

/** SQLSTATE: no such schema, no such table. */
const NOT_THERE = new Set(['3F000', '42P01']);

/**
 * Reads tables of this projection.
 * @throws Problem `read-model-behind` while they are not there: in the first moments of a new installation
 */
export async function readingFrom<T>(projection: string, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    if (!NOT_THERE.has((error as { code?: string }).code ?? '')) throw error;
    throw new Problem('read-model-behind', { projection, position: 0, state: 'rebuilding' });
  }
}
