import type { PoolClient } from 'pg';
import { DOSSIER_CATEGORY } from '#libs/dossier/dossier.events.js';
import { idOf, type RecordedEvent } from '#libs/event-log/event-log.js';
import { FoldedRows, type RowTable } from '#libs/projection/folded-rows.js';
import type { ApplyMode, Projection } from '#libs/projection/projection.js';
import { applyLiveSql, upsertFactsSql } from './apply.projection.js';
import { factRecord } from './fact-record.js';
import type { FactState } from './fact-state.js';
import { changesFact, foldFact } from './fold-fact.js';
import { localDay } from './local-day.js';
import { fillTotalsSql, indexesSql, tablesSql, TOTALS_KEY } from './tables.projection.js';

/** Facts (a row per dossier) and their totals by day, month and year, from which periods are reported. */
export class ReportProjection implements Projection {
  readonly name = 'report';
  readonly categories = [DOSSIER_CATEGORY];
  readonly version = 2;
  readonly tables = [
    { name: 'facts', key: ['code'] },
    { name: 'totals', key: TOTALS_KEY },
  ];
  private readonly facts: FoldedRows<FactState>;

  /** `keptRows`: how many a rebuild keeps in memory. */
  constructor(keptRows?: number) {
    this.facts = new FoldedRows(FACTS, keptRows);
  }

  async create(db: PoolClient, schema: string): Promise<void> {
    this.facts.begin(db);
    await db.query(tablesSql(schema));
  }

  apply(db: PoolClient, schema: string, events: readonly RecordedEvent[], mode: ApplyMode): Promise<void> {
    return this.facts.apply(db, schema, events.filter(changesFact), mode);
  }

  async finish(db: PoolClient, schema: string): Promise<void> {
    await this.facts.finish(db, schema);
    await db.query(`SET LOCAL work_mem = '64MB'; ${fillTotalsSql(schema)} ${indexesSql(schema)}`);
  }
}

const FACTS: RowTable<FactState> = {
  keyOf: (event) => idOf(event.stream),
  keyOfRow: (state) => state.code,
  fold: foldChecked,
  async load(db, schema, codes) {
    const { rows } = await db.query<{ state: string }>(
      `SELECT state FROM ${schema}.facts WHERE code = ANY($1)`,
      [codes],
    );
    return rows.map(({ state }) => JSON.parse(state) as FactState);
  },
  async write(db, schema, states, mode) {
    const rows = JSON.stringify(states.map(factRecord));
    if (mode === 'rebuild') await db.query(upsertFactsSql(schema), [rows]);
    else await db.query(applyLiveSql(schema), [rows, states.map(({ code }) => code)]);
  },
};

/** What the database, or a count by days, would refuse is found here, where the event that brought it is known. */
function foldChecked(before: FactState | undefined, event: RecordedEvent): FactState {
  const state = foldFact(before, event);
  const zone = state.zone ?? 'UTC';
  if (state.due !== null && state.due !== before?.due) localDay(state.due, zone);
  if (state.end && state.end.at !== before?.end?.at) localDay(state.end.at, zone);
  if (state.accepted && state.accepted.at !== before?.accepted?.at) localDay(state.accepted.at, zone);
  return state;
}

export const reportProjection: Projection = new ReportProjection();
