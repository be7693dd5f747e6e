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
