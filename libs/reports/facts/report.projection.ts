import type { PoolClient } from 'pg';
import { DOSSIER_CATEGORY } from '#libs/dossier/dossier.events.js';
import type { RecordedEvent } from '#libs/event-log/event-log.js';
import { KeptRows } from '#libs/projection/kept-rows.js';
import { type ApplyMode, PoisonedEvent, type Projection } from '#libs/projection/projection.js';
import { applyLiveSql, upsertFactsSql } from './apply.projection.js';
import { factColumns } from './fact-columns.js';
import type { FactState } from './fact-state.js';
import { changesFact, codeOf, foldFact } from './fold-fact.js';
import { fillTotalsSql, indexesSql, tablesSql, TOTALS_KEY } from './tables.projection.js';

/** Rows written in one statement. */
const WRITTEN_AT_ONCE = 4_000;
/** Rows that a rebuild keeps in memory at most; some 20 MB. */
const KEPT_ROWS = 20_000;

/** Facts (a row per dossier) and their totals by hour, day, month and year, from which periods are reported. */
export class ReportProjection implements Projection {
  readonly name = 'report';
  readonly categories = [DOSSIER_CATEGORY];
  readonly version = 1;
  readonly tables = [
    { name: 'facts', key: ['code'] },
    { name: 'totals', key: TOTALS_KEY },
  ];
  private readonly kept: KeptRows<FactState>;

  constructor(keptRows = KEPT_ROWS) {
    this.kept = new KeptRows(keptRows);
  }

  async create(db: PoolClient, schema: string): Promise<void> {
    this.kept.drain(db);
    await db.query(tablesSql(schema));
  }

  async apply(
    db: PoolClient,
    schema: string,
    events: readonly RecordedEvent[],
    mode: ApplyMode,
  ): Promise<void> {
    const relevant = events.filter(changesFact);
    if (relevant.length === 0) return;
    const remembered = (code: string): FactState | undefined =>
      mode === 'rebuild' ? this.kept.get(db, code) : undefined;
    const states = await load(db, schema, relevant, remembered);
    fold(states, relevant);
    if (mode === 'rebuild') await upsert(db, schema, this.kept.put(db, states));
    else await db.query(applyLiveSql(schema), factColumns([...states.values()]));
  }

  async finish(db: PoolClient, schema: string): Promise<void> {
    await upsert(db, schema, this.kept.drain(db));
    await db.query(`SET LOCAL work_mem = '64MB'; ${fillTotalsSql(schema)} ${indexesSql(schema)}`);
    await db.query(`ANALYZE ${schema}.facts, ${schema}.totals`);
  }
}

export const reportProjection: Projection = new ReportProjection();

function fold(states: Map<string, FactState>, events: readonly RecordedEvent[]): void {
  for (const event of events) {
    const code = codeOf(event.stream);
    try {
      states.set(code, foldFact(states.get(code), event));
    } catch (error) {
      throw new PoisonedEvent(event, error);
    }
  }
}

/** The states before these events, of the dossiers they are about and that there were. */
async function load(
  db: PoolClient,
  schema: string,
  events: readonly RecordedEvent[],
  remembered: (code: string) => FactState | undefined,
): Promise<Map<string, FactState>> {
  const states = new Map<string, FactState>();
  const stored = new Set<string>();
  // A stream that begins in this batch has no row yet.
  const begun = new Set(events.filter((e) => e.revision === 0n).map((e) => e.stream));
  for (const { stream } of events) {
    if (begun.has(stream)) continue;
    const code = codeOf(stream);
    const state = remembered(code);
    if (state) states.set(code, state);
    else stored.add(code);
  }
  if (stored.size === 0) return states;
  const { rows } = await db.query<{ code: string; state: string }>(
    `SELECT code, state FROM ${schema}.facts WHERE code = ANY($1)`,
    [[...stored]],
  );
  for (const { code, state } of rows) states.set(code, JSON.parse(state) as FactState);
  return states;
}

async function upsert(db: PoolClient, schema: string, states: readonly FactState[]): Promise<void> {
  for (let from = 0; from < states.length; from += WRITTEN_AT_ONCE) {
    await db.query(upsertFactsSql(schema), factColumns(states.slice(from, from + WRITTEN_AT_ONCE)));
  }
}
