import type { PoolClient } from 'pg';
import type { RecordedEvent } from '#libs/event-log/event-log.js';
import { ident } from '#libs/projection/checkpoints.js';
import { PoisonedEvent, type ApplyMode, type Projection } from '#libs/projection/projection.js';
import { DOSSIER_CATEGORY } from '../dossier.events.js';
import { codeOf, foldRow, type Row } from './row.js';
import { searchWords } from './search.js';

/** Columns of the table, in order, with their types and where a row keeps them. */
const COLUMNS = [
  ['code', 'text', 'code'],
  ['state', 'text', 'state'],
  ['unit', 'text', 'unit'],
  ['official', 'text', 'official'],
  ['procedure', 'text', 'procedure'],
  ['field', 'text', 'field'],
  ['channel', 'text', 'channel'],
  ['registered_at', 'timestamptz', 'registeredAt'],
  ['accepted_at', 'timestamptz', 'acceptedAt'],
  ['due_at', 'timestamptz', 'dueAt'],
  ['clock', 'text', 'clock'],
  ['paused_at', 'timestamptz', 'pausedAt'],
  ['ended_at', 'timestamptz', 'endedAt'],
  ['applicant', 'text', 'applicant'],
  ['submitter', 'text', 'submitter'],
  ['former_code', 'text', 'formerCode'],
  ['imported', 'boolean', 'imported'],
  ['reversed', 'boolean', 'reversed'],
  ['revision', 'bigint', 'revision'],
  ['position', 'bigint', 'position'],
] as const satisfies readonly (readonly [string, string, keyof Row])[];

const INSTANTS = ['registeredAt', 'acceptedAt', 'dueAt', 'pausedAt', 'endedAt'] as const;

const NULLABLE = new Set<string>(
  ['official', 'field', 'registered_at', 'accepted_at', 'due_at', 'paused_at', 'ended_at'].concat([
    'applicant',
    'submitter',
    'former_code',
  ]),
);

const NAMES = COLUMNS.map(([column]) => column).join(', ');
const TYPED = COLUMNS.map(([column, type]) => `${column} ${type}`).join(', ');
const AS_ROW = COLUMNS.map(([column, , property]) => `${column} AS "${property}"`).join(', ');

/** Rows that a rebuild keeps in memory at most; some 20 MB. */
const KEPT_ROWS = 20_000;
/** Rows written in one statement. */
const WRITTEN_AT_ONCE = 4_000;

/** The worklist: one row per dossier, by which clerks and supervisors find what is to be done. */
export class WorklistProjection implements Projection {
  readonly name = 'worklist';
  readonly categories = [DOSSIER_CATEGORY];
  readonly version = 1;
  readonly tables = [{ name: 'dossiers', key: ['code'] }];

  /**
   * What a rebuild has not yet written, by its connection: the rows it touched last. Most dossiers are so written
   * once, and not after each batch. Nobody reads the tables before `finish` writes the rest.
   */
  private readonly kept = new WeakMap<PoolClient, Map<string, Row>>();

  async create(db: PoolClient, schema: string): Promise<void> {
    this.kept.delete(db);
    const columns = COLUMNS.map(
      ([column, type]) => `${column} ${type}${NULLABLE.has(column) ? '' : ' NOT NULL'}`,
    );
    await db.query(
      `CREATE TABLE ${ident(schema)}.dossiers (${columns.join(', ')}, search tsvector NOT NULL, PRIMARY KEY (code))`,
    );
  }

  async apply(
    db: PoolClient,
    schema: string,
    events: readonly RecordedEvent[],
    mode: ApplyMode,
  ): Promise<void> {
    const kept = mode === 'rebuild' ? this.keptBy(db) : new Map<string, Row>();
    const rows = new Map<string, Row>();
    const codes = events.map(codeOf);
    for (const row of await this.load(db, schema, notKnown(events, codes, kept))) rows.set(row.code, row);
    for (const [index, event] of events.entries()) {
      const code = codes[index] ?? codeOf(event);
      const row = foldOrName(rows.get(code) ?? kept.get(code), event);
      if (row) rows.set(code, row);
    }
    if (mode === 'live') return this.store(db, schema, [...rows.values()]);
    for (const [code, row] of rows) {
      kept.delete(code);
      kept.set(code, row);
    }
    if (kept.size > KEPT_ROWS) await this.writeOldest(db, schema, kept, kept.size - KEPT_ROWS / 2);
  }

  /** What is still in memory; and the indexes, which are made many times faster in one go than row by row. */
  async finish(db: PoolClient, schema: string): Promise<void> {
    const kept = this.keptBy(db);
    await this.writeOldest(db, schema, kept, kept.size);
    this.kept.delete(db);
    const table = `${ident(schema)}.dossiers`;
    for (const index of [
      `(coalesce(due_at, 'infinity'), code) WHERE NOT reversed AND clock <> 'ended'`,
      `(coalesce(due_at, 'infinity'), code) WHERE NOT reversed`,
      `(coalesce(accepted_at, 'infinity'), code) WHERE NOT reversed`,
      `(official, (coalesce(due_at, 'infinity')), code) WHERE NOT reversed`,
      `USING gin (search)`,
    ]) {
      await db.query(`CREATE INDEX ON ${table} ${index}`);
    }
  }

  private keptBy(db: PoolClient): Map<string, Row> {
    const kept = this.kept.get(db) ?? new Map<string, Row>();
    this.kept.set(db, kept);
    return kept;
  }

  /** The first rows of the map are the ones untouched for longest. */
  private async writeOldest(
    db: PoolClient,
    schema: string,
    kept: Map<string, Row>,
    count: number,
  ): Promise<void> {
    const oldest = [...kept.values()].slice(0, count);
    for (let from = 0; from < oldest.length; from += WRITTEN_AT_ONCE) {
      const rows = oldest.slice(from, from + WRITTEN_AT_ONCE);
      await this.store(db, schema, rows);
      for (const { code } of rows) kept.delete(code);
    }
  }

  private async load(db: PoolClient, schema: string, codes: readonly string[]): Promise<Row[]> {
    if (codes.length === 0) return [];
    const sql = `SELECT ${AS_ROW} FROM ${ident(schema)}.dossiers WHERE code = ANY($1)`;
    return (await db.query<Row>(sql, [codes])).rows;
  }

  private async store(db: PoolClient, schema: string, rows: readonly Row[]): Promise<void> {
    if (rows.length === 0) return;
    const sets = COLUMNS.slice(1).map(([column]) => `${column} = excluded.${column}`);
    await db.query(
      `INSERT INTO ${ident(schema)}.dossiers (${NAMES}, search)
       SELECT ${NAMES}, array_to_tsvector(string_to_array(search, ' '))
         FROM json_to_recordset($1::json) AS t(${TYPED}, search text)
       ON CONFLICT (code) DO UPDATE SET ${sets.join(', ')}, search = excluded.search`,
      [JSON.stringify(rows.map(asRecord))],
    );
  }
}

/** Codes of the rows to load: not of those in memory, and not of those that are only now beginning. */
function notKnown(
  events: readonly RecordedEvent[],
  codes: readonly string[],
  kept: ReadonlyMap<string, Row>,
): string[] {
  const begun = new Set<string>();
  const wanted = new Set<string>();
  for (const [index, code] of codes.entries()) {
    if (events[index]?.revision === 0n) begun.add(code);
    else if (!begun.has(code) && !kept.has(code)) wanted.add(code);
  }
  return [...wanted];
}

function asRecord(row: Row): Record<string, unknown> {
  const record: Record<string, unknown> = {};
  for (const [column, type, property] of COLUMNS) {
    record[column] = type === 'bigint' ? String(row[property]) : row[property];
  }
  record['search'] = searchWords(row.code, row.applicant, row.submitter).join(' ');
  return record;
}

/** An instant that the database would refuse is found here, where the event that brought it is known. */
function foldOrName(row: Row | undefined, event: RecordedEvent): Row | undefined {
  try {
    const next = foldRow(row, event);
    if (next) for (const property of INSTANTS) checkInstant(next[property], row?.[property]);
    return next;
  } catch (error) {
    throw new PoisonedEvent(event, error);
  }
}

function checkInstant(at: string | null, before: string | null | undefined): void {
  if (at !== null && at !== before && Number.isNaN(Date.parse(at))) throw new RangeError('not an instant');
}
