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

/** Rows that a rebuild remembers at most; a few MB. */
const REMEMBERED_ROWS = 10_000;

/** The worklist: one row per dossier, by which clerks and supervisors find what is to be done. */
export class WorklistProjection implements Projection {
  readonly name = 'worklist';
  readonly categories = [DOSSIER_CATEGORY];
  readonly version = 1;
  readonly tables = [{ name: 'dossiers', key: ['code'] }];

  /**
   * The rows that a rebuild touched last, by its connection: nobody else writes to its tables, and a transaction
   * that fails is its last one.
   */
  private readonly remembered = new WeakMap<PoolClient, Map<string, Row>>();

  async create(db: PoolClient, schema: string): Promise<void> {
    this.remembered.delete(db);
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
    const memory = mode === 'rebuild' ? this.memoryOf(db) : new Map<string, Row>();
    const rows = new Map<string, Row>();
    for (const row of await this.load(db, schema, events, memory)) rows.set(row.code, row);
    for (const event of events) {
      const code = codeOf(event);
      const row = foldOrName(rows.get(code) ?? memory.get(code), event);
      if (row) rows.set(code, row);
    }
    await this.store(db, schema, [...rows.values()]);
    if (mode === 'rebuild') remember(memory, rows);
  }

  /** Indexes; in one go they are made many times faster than row by row. */
  async finish(db: PoolClient, schema: string): Promise<void> {
    this.remembered.delete(db);
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

  private memoryOf(db: PoolClient): Map<string, Row> {
    const memory = this.remembered.get(db) ?? new Map<string, Row>();
    this.remembered.set(db, memory);
    return memory;
  }

  /** The stored rows of these events, but for those remembered, and those that are only now beginning. */
  private async load(
    db: PoolClient,
    schema: string,
    events: readonly RecordedEvent[],
    memory: ReadonlyMap<string, Row>,
  ): Promise<Row[]> {
    const known = new Set<string>();
    const wanted: string[] = [];
    for (const event of events) {
      const code = codeOf(event);
      if (known.has(code)) continue;
      known.add(code);
      if (event.revision > 0n && !memory.has(code)) wanted.push(code);
    }
    if (wanted.length === 0) return [];
    const found = await db.query<Row>(
      `SELECT ${AS_ROW} FROM ${ident(schema)}.dossiers WHERE code = ANY($1)`,
      [wanted],
    );
    return found.rows;
  }

  private async store(db: PoolClient, schema: string, rows: readonly Row[]): Promise<void> {
    if (rows.length === 0) return;
    const sets = COLUMNS.slice(1).map(([column]) => `${column} = excluded.${column}`);
    await db.query(
      `INSERT INTO ${ident(schema)}.dossiers (${NAMES}, search)
       SELECT ${NAMES}, array_to_tsvector(search)
         FROM json_to_recordset($1::json) AS t(${TYPED}, search text[])
       ON CONFLICT (code) DO UPDATE SET ${sets.join(', ')}, search = excluded.search`,
      [JSON.stringify(rows.map(asRecord))],
    );
  }
}

function asRecord(row: Row): Record<string, unknown> {
  const record: Record<string, unknown> = {};
  for (const [column, type, property] of COLUMNS) {
    record[column] = type === 'bigint' ? String(row[property]) : row[property];
  }
  record['search'] = searchWords(row.code, row.applicant, row.submitter);
  return record;
}

/** Keeps the rows written last, and drops the ones untouched for longest. */
function remember(memory: Map<string, Row>, rows: ReadonlyMap<string, Row>): void {
  for (const [code, row] of rows) {
    memory.delete(code);
    memory.set(code, row);
  }
  for (const code of memory.keys()) {
    if (memory.size <= REMEMBERED_ROWS) return;
    memory.delete(code);
  }
}

function foldOrName(row: Row | undefined, event: RecordedEvent): Row | undefined {
  try {
    return foldRow(row, event);
  } catch (error) {
    throw new PoisonedEvent(event, error);
  }
}
