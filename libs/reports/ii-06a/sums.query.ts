import type { PoolClient } from 'pg';
import { type Measure, MEASURES } from '../facts/tables.projection.js';
import type { Counts, Period } from './columns.js';
import type { CountedRow, Grouping } from './summarise.js';

export interface Scope {
  /** Only dossiers that this unit accepted; null: all units. */
  readonly unit: string | null;
  readonly by: Grouping;
}

type SumRow = Record<Measure, number> & { at: 'from' | 'to'; field: string; procedure: string | null };

/**
 * Every measure added up from the beginning to each of two instants: whole years, months and days from the
 * totals, and what came on the last day before the instant from the points: nothing where periods end at midnight. So
 * the cost hangs on the number of rows, not of dossiers.
 */
const sumsSql = (by: Grouping): string => `
  WITH cut AS MATERIALIZED (
    SELECT i.name, i.at, z.zone, date_trunc('year', i.at, z.zone) AS year, date_trunc('month', i.at, z.zone) AS month,
           date_trunc('day', i.at, z.zone) AS day
      FROM (VALUES ('from', $1::timestamptz), ('to', $2::timestamptz)) i (name, at),
           (SELECT DISTINCT zone FROM report.totals WHERE level = 'year') z
  ), span AS MATERIALIZED (
    SELECT name, zone, s.* FROM cut, LATERAL (VALUES
        ('year', '-infinity'::timestamptz, year), ('month', year, month), ('day', month, day)
      ) s (level, since, until)
     WHERE since < until
  ), part AS (
    SELECT span.name, t.unit, t.field, t.procedure, ${MEASURES.map((m) => `t.${m}`).join(', ')}
      FROM span JOIN report.totals t
        ON t.level = span.level AND t.zone = span.zone AND t.start >= span.since AND t.start < span.until
    UNION ALL
    SELECT cut.name, p.unit, p.field, p.procedure, ${MEASURES.map((m) => `p.${m}`).join(', ')}
      FROM cut, LATERAL (
        SELECT * FROM report.points p WHERE p.at >= cut.day AND p.at < cut.at AND p.zone = cut.zone
        OFFSET 0 -- keeps the planner from reading all points to join them
      ) p
     WHERE cut.day < cut.at
  )
  SELECT name AS at, field, ${by === 'procedure' ? 'procedure' : 'NULL'} AS procedure,
         ${MEASURES.map((m) => `sum(${m})::int AS ${m}`).join(', ')}
    FROM part WHERE $3::text IS NULL OR unit = $3 GROUP BY 1, 2, 3`;

/** The counts of every row of a period, from the totals. */
export async function countedRows(db: PoolClient, period: Period, scope: Scope): Promise<CountedRow[]> {
  const { rows } = await db.query<SumRow>(sumsSql(scope.by), [period.from, period.to, scope.unit]);
  const pairs = new Map<string, { from?: SumRow; to?: SumRow }>();
  for (const row of rows) {
    const key = JSON.stringify([row.field, row.procedure]);
    pairs.set(key, { ...pairs.get(key), [row.at]: row });
  }
  return [...pairs.values()].map(({ from, to }) => {
    const { field, procedure } = (to ?? from) as SumRow;
    return { field, procedure, counts: countsBetween(from, to) };
  });
}

function countsBetween(from: SumRow | undefined, to: SumRow | undefined): Counts {
  const flow = (measure: Measure): number => (to?.[measure] ?? 0) - (from?.[measure] ?? 0);
  return {
    online: flow('received_online'),
    offline: flow('received_offline'),
    carried: from?.open ?? 0,
    before: flow('ended_before'),
    on: flow('ended_on'),
    late: flow('ended_late'),
    pending: to?.open ?? 0,
    overdue: to?.overdue ?? 0,
    onTimeRecorded: flow('ended_on_time_recorded'),
    recordedAtImport: flow('ended_imported'),
  };
}
