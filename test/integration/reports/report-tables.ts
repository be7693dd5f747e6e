import type { Pool, PoolClient } from 'pg';
import type { RecordedEvent } from '#libs/event-log/event-log.js';
import { withClient } from '#libs/projection/transaction.js';
import { reportProjection } from '#libs/reports/facts/report.projection.js';

/** Fills fresh report tables with these events, in batches of the given size. */
export async function fillReport(
  pool: Pool,
  events: readonly RecordedEvent[],
  options: { mode: 'live' | 'rebuild'; batch?: number } = { mode: 'live' },
): Promise<void> {
  await withClient(pool, async (db) => {
    await db.query('DROP SCHEMA IF EXISTS report CASCADE; CREATE SCHEMA report');
    await reportProjection.create(db, 'report');
    if (options.mode === 'live') await reportProjection.finish?.(db, 'report');
    await applyAll(db, events, options.mode, options.batch ?? 1000);
    if (options.mode === 'rebuild') await reportProjection.finish?.(db, 'report');
  });
}

async function applyAll(
  db: PoolClient,
  events: readonly RecordedEvent[],
  mode: 'live' | 'rebuild',
  batch: number,
): Promise<void> {
  for (let at = 0; at < events.length; at += batch) {
    await reportProjection.apply(db, 'report', events.slice(at, at + batch), mode);
  }
}
