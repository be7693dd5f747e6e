import type { Pool, PoolClient } from 'pg';
import { Problem } from '#libs/problem/problem.js';
import { type Checkpoint, readCheckpoint } from '#libs/projection/checkpoints.js';
import { demandEngine } from '#libs/projection/demand-engine.js';
import { withClient } from '#libs/projection/transaction.js';
import { reportProjection } from './facts/report.projection.js';

/** Where the tables of the reports are. */
export interface ReportTables {
  readonly pool: Pool;
  /** Of the log that they should be made from. */
  readonly engine: string;
}

/**
 * Reads tables and checkpoint as they were at one moment.
 * @throws Problem `report-not-ready` if the tables are not there yet; `read-model-behind` while they are of the log of
 * another engine
 */
export async function inSnapshot<T>(
  { pool, engine }: ReportTables,
  read: (db: PoolClient, checkpoint: Checkpoint) => Promise<T>,
): Promise<T> {
  return withClient(pool, async (db) => {
    // Compiling the query would take longer than running it.
    await db.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SET LOCAL jit = off');
    try {
      const checkpoint = await readCheckpoint(db, reportProjection.name);
      if (!checkpoint) throw new Problem('report-not-ready');
      demandEngine(checkpoint, engine);
      return await read(db, checkpoint);
    } finally {
      await db.query('ROLLBACK');
    }
  });
}
