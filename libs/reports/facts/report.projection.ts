import type { PoolClient } from 'pg';
import { DOSSIER_CATEGORY } from '#libs/dossier/dossier.events.js';
import type { RecordedEvent } from '#libs/event-log/event-log.js';
import { type ApplyMode, PoisonedEvent, type Projection } from '#libs/projection/projection.js';
import { factColumns } from './fact-columns.js';
import type { FactState } from './fact-state.js';
import { changesFact, codeOf, foldFact } from './fold-fact.js';
import { applyLiveSql, upsertFactsSql } from './apply.projection.js';
import { fillTotalsSql, indexesSql, tablesSql, TOTALS_KEY } from './tables.projection.js';

/** Facts (a row per dossier) and their totals by hour, day, month and year, from which periods are reported. */
export const reportProjection: Projection = {
  name: 'report',
  categories: [DOSSIER_CATEGORY],
  version: 1,
  tables: [
    { name: 'facts', key: ['code'] },
    { name: 'totals', key: TOTALS_KEY },
  ],
  async create(db, schema) {
    await db.query(tablesSql(schema));
  },
  async apply(db, schema, events, mode) {
    const relevant = events.filter(changesFact);
    if (relevant.length === 0) return;
    const states = await foldAll(db, schema, relevant);
    await store(db, schema, states, mode);
  },
  async finish(db, schema) {
    await db.query(fillTotalsSql(schema) + indexesSql(schema));
    await db.query(`ANALYZE ${schema}.facts, ${schema}.totals`);
  },
};

async function foldAll(
  db: PoolClient,
  schema: string,
  events: readonly RecordedEvent[],
): Promise<Map<string, FactState>> {
  const states = await load(db, schema, events);
  for (const event of events) {
    const code = codeOf(event.stream);
    try {
      states.set(code, foldFact(states.get(code), event));
    } catch (error) {
      throw new PoisonedEvent(event, error);
    }
  }
  return states;
}

async function load(
  db: PoolClient,
  schema: string,
  events: readonly RecordedEvent[],
): Promise<Map<string, FactState>> {
  // A stream that begins in this batch has no row yet.
  const begun = new Set(events.filter((e) => e.revision === 0n).map((e) => e.stream));
  const codes = new Set(events.filter((e) => !begun.has(e.stream)).map((e) => codeOf(e.stream)));
  if (codes.size === 0) return new Map();
  const { rows } = await db.query<{ code: string; state: string }>(
    `SELECT code, state FROM ${schema}.facts WHERE code = ANY($1)`,
    [[...codes]],
  );
  return new Map(rows.map((row) => [row.code, JSON.parse(row.state) as FactState]));
}

async function store(
  db: PoolClient,
  schema: string,
  states: ReadonlyMap<string, FactState>,
  mode: ApplyMode,
): Promise<void> {
  const sql = mode === 'rebuild' ? upsertFactsSql(schema) : applyLiveSql(schema);
  await db.query(sql, factColumns([...states.values()]));
}
