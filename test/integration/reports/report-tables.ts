import type { Pool } from 'pg';
import type { RecordedEvent } from '#libs/event-log/event-log.js';
import { withClient } from '#libs/projection/transaction.js';
import { ReportProjection } from '#libs/reports/facts/report.projection.js';

/** Fills fresh report tables with these events, in batches of the given size. */
export async function fillReport(
  pool: Pool,
  events: readonly RecordedEvent[],
  options: { mode: 'live' | 'rebuild'; batch: number; keptRows?: number },
): Promise<void> {
  const { mode, batch, keptRows } = options;
  const projection = new ReportProjection(keptRows);
  await withClient(pool, async (db) => {
    await db.query('DROP SCHEMA IF EXISTS report CASCADE; CREATE SCHEMA report');
    await projection.create(db, 'report');
    if (mode === 'live') await projection.finish(db, 'report');
    for (let at = 0; at < events.length; at += batch) {
      await projection.apply(db, 'report', events.slice(at, at + batch), mode);
    }
    if (mode === 'rebuild') await projection.finish(db, 'report');
  });
}
