import type { Pool, PoolClient } from 'pg';
import { Problem } from '#libs/problem/problem.js';
import { readCheckpoint } from '#libs/projection/checkpoints.js';
import { demandEngine, readingFrom } from '#libs/projection/demand-engine.js';
import { withClient } from '#libs/projection/transaction.js';
import { DURATIONS } from './durations.projection.js';

export interface ReadModels {
  readonly pool: Pool;
  /** Of the log that they should be made from. */
  readonly engine: string;
}

/** What an outlook is read from. */
export const READ_FROM = ['worklist', DURATIONS] as const;

/**
 * Reads both read models as they were at one moment; `position` is that of the one that is further behind.
 * @throws Problem `read-model-behind` while one of them is not there, or of the log of another engine
 */
export function inSnapshot<T>(
  { pool, engine }: ReadModels,
  read: (db: PoolClient, position: bigint) => Promise<T>,
): Promise<T> {
  return withClient(pool, async (db) => {
    // Compiling the query would take longer than running it.
    await db.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SET LOCAL jit = off');
    try {
      const positions: bigint[] = [];
      for (const name of READ_FROM) {
        const checkpoint = await readCheckpoint(db, name);
        if (!checkpoint)
          throw new Problem('read-model-behind', { projection: name, position: 0, state: 'rebuilding' });
        demandEngine(checkpoint, engine);
        positions.push(checkpoint.position);
      }
      const position = positions.reduce((least, one) => (one < least ? one : least));
      return await readingFrom(DURATIONS, () => read(db, position));
    } finally {
      await db.query('ROLLBACK');
    }
  });
}
