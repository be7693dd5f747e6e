import type { PoolClient } from 'pg';
import { Problem } from '#libs/problem/problem.js';
import { type Fact, factOf } from '../facts/fact.js';
import type { FactState } from '../facts/fact-state.js';
import { LEVELS, MEASURES } from '../facts/tables.projection.js';
import { type Counts, type Period, reconciles } from './columns.js';
import type { Scope } from './sums.query.js';
import { type CountedRow, Tally } from './summarise.js';

const PAGE = 5000;
const NAMED = 20;

/** All facts, in pages by code. */
export async function* allFacts(db: PoolClient, unit: string | null): AsyncGenerator<Fact> {
  let after = '';
  for (;;) {
    const { rows } = await db.query<{ code: string; state: string }>(
      `SELECT code, state FROM report.facts
        WHERE code > $1 AND accepted_at IS NOT NULL AND ($2::text IS NULL OR unit = $2) ORDER BY code LIMIT ${PAGE}`,
      [after, unit],
    );
    for (const row of rows) yield factOf(JSON.parse(row.state) as FactState);
    const last = rows[rows.length - 1];
    if (!last) return;
    after = last.code;
  }
}

/** Counts the form by its definition from every fact, without the totals. Takes time in the number of dossiers. */
export async function recountedRows(db: PoolClient, period: Period, scope: Scope): Promise<CountedRow[]> {
  const tally = new Tally(period, scope.by);
  for await (const fact of allFacts(db, scope.unit)) tally.add(fact);
  return tally.counted();
}

/** @throws Problem `report-does-not-reconcile` if a row cannot be true, naming the row and its dossiers */
export async function demandReconciled(
  db: PoolClient,
  rows: readonly CountedRow[],
  scope: Scope,
): Promise<void> {
  const wrong = rows.find((row) => !reconciles(row.counts));
  if (wrong) throw await disagreement(db, wrong, scope);
}

/** @throws Problem `report-does-not-reconcile` if the totals say something else than the facts */
export async function demandEqual(
  db: PoolClient,
  rows: readonly CountedRow[],
  recounted: readonly CountedRow[],
  scope: Scope,
): Promise<void> {
  const keyed = new Map(recounted.map((row) => [keyOf(row), row]));
  for (const row of rows) {
    const other = keyed.get(keyOf(row));
    keyed.delete(keyOf(row));
    if (!same(row.counts, other?.counts)) throw await disagreement(db, row, scope);
  }
  for (const row of keyed.values())
    if (!same(row.counts, undefined)) throw await disagreement(db, row, scope);
}

const keyOf = (row: CountedRow): string => JSON.stringify([row.field, row.procedure]);

function same(a: Counts, b: Counts | undefined): boolean {
  return (Object.keys(a) as (keyof Counts)[]).every((key) => a[key] === (b?.[key] ?? 0));
}

async function disagreement(db: PoolClient, row: CountedRow, scope: Scope): Promise<Problem> {
  return new Problem('report-does-not-reconcile', {
    field: row.field,
    procedure: row.procedure,
    counts: { ...row.counts },
    dossiers: await dossiersInWrongTotals(db, row, scope),
  });
}

/** The dossiers whose points lie in a day for which totals and facts disagree; the first few of them. */
async function dossiersInWrongTotals(db: PoolClient, row: CountedRow, scope: Scope): Promise<string[]> {
  const key = 'zone, start, unit, field, procedure';
  const where = `field = $1 AND ($2::text IS NULL OR procedure = $2) AND ($3::text IS NULL OR unit = $3)`;
  const differing = LEVELS.map(
    (level) => `
      SELECT '${level}' AS level, ${key} FROM (
        SELECT ${key}, ${MEASURES.join(', ')} FROM report.totals WHERE level = '${level}' AND ${where}
        UNION ALL
        SELECT zone, date_trunc('${level}', at, zone), unit, field, procedure, ${MEASURES.map((m) => `-${m}`).join(', ')}
          FROM report.points WHERE ${where}
      ) both_sides GROUP BY ${key} HAVING ${MEASURES.map((m) => `sum(${m}) <> 0`).join(' OR ')}`,
  );
  const { rows } = await db.query<{ code: string }>(
    `WITH wrong AS (${differing.join(' UNION ALL ')})
     SELECT DISTINCT p.code FROM wrong w JOIN report.points p
         ON date_trunc(w.level, p.at, p.zone) = w.start AND p.zone = w.zone AND p.unit = w.unit
        AND p.field = w.field AND p.procedure = w.procedure
      ORDER BY 1 LIMIT ${NAMED}`,
    [row.field, row.procedure, scope.unit],
  );
  return rows.map(({ code }) => code);
}
