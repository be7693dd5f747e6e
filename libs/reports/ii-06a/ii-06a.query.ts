import type { PoolClient } from 'pg';
import type { Clock } from '#libs/event-log/clock.js';
import type { EventLog } from '#libs/event-log/event-log.js';
import { Problem } from '#libs/problem/problem.js';
import type { Checkpoint } from '#libs/projection/checkpoints.js';
import { lagAfter } from '#libs/projection/status.js';
import { reportProjection } from '../facts/report.projection.js';
import { inSnapshot, type ReportTables } from '../snapshot.query.js';
import type { Period } from './columns.js';
import { demandEqual, demandReconciled, recountedRows } from './recount.query.js';
import type { ReportII06a } from './report.js';
import { countedRows, type Scope } from './sums.query.js';
import { type CountedRow, summaryOf } from './summarise.js';

/** What a report is made from. */
export interface ReportSources extends ReportTables {
  readonly log: EventLog;
  readonly clock: Clock;
}

export interface ReportQuery extends Period, Scope {
  /** Refuse unless the report holds every event of the log. */
  readonly final?: boolean;
  /** Also count every fact by the definition, and refuse if the totals say something else. */
  readonly recount?: boolean;
}

/**
 * @throws Problem as `inSnapshot`, `report-behind` for a final report that is not
 * up to the log, `report-does-not-reconcile` if the figures cannot be true
 */
export async function reportII06a(sources: ReportSources, query: ReportQuery): Promise<ReportII06a> {
  const { checkpoint, rows } = await inSnapshot(sources, (db, at) => countAndCheck(db, at, query));
  const { position } = checkpoint;
  const { categories } = reportProjection;
  const lag = await lagAfter(sources, categories, { position, head: await sources.log.head() });
  if (query.final && (lag.events > 0 || checkpoint.status !== 'live')) {
    throw new Problem('report-behind', {
      position: Number(checkpoint.position),
      state: checkpoint.status,
      ...lag,
    });
  }
  const { from, to } = query;
  return { form: 'II.06a', from, to, position: Number(checkpoint.position), ...summaryOf(rows), lag };
}

async function countAndCheck(
  db: PoolClient,
  checkpoint: Checkpoint,
  query: ReportQuery,
): Promise<{ checkpoint: Checkpoint; rows: CountedRow[] }> {
  const rows = await countedRows(db, query, query);
  await demandReconciled(db, rows, query);
  if (query.recount) await demandEqual(db, rows, await recountedRows(db, query, query), query);
  return { checkpoint, rows };
}
