import type { PoolClient } from 'pg';
import { idOf, type RecordedEvent } from '#libs/event-log/event-log.js';
import { ident } from '#libs/projection/checkpoints.js';
import { FoldedRows, type RowTable } from '#libs/projection/folded-rows.js';
import type { ApplyMode, Projection } from '#libs/projection/projection.js';
import { DOSSIER_CATEGORY } from '../dossier.events.js';
import { foldRow, type Row } from './row.js';
import { searchWords } from './search.js';

/** Columns of the table, in order, with their types and where a row keeps them. */
const COLUMNS = [
  ['code', 'text', 'code'],
  ['state', 'text', 'state'],
  ['desk', 'text', 'desk'],
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
  ['imported_from', 'text', 'importedFrom'],
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
    'imported_from',
  ]),
);

const NAMES = COLUMNS.map(([column]) => column).join(', ');
const AS_ROW = COLUMNS.map(([column, , property]) => `${column} AS "${property}"`).join(', ');
const FROM_RECORD = COLUMNS.map(([, , property]) => `"${property}"`).join(', ');
const RECORD = COLUMNS.map(([, type, property]) => `"${property}" ${type}`).join(', ');
const REPLACED = COLUMNS.slice(1)
  .map(([column]) => `${column} = excluded.${column}`)
  .join(', ');

/** The worklist: one row per dossier, by which clerks and supervisors find what is to be done. */
export class WorklistProjection implements Projection {
  readonly name = 'worklist';
  readonly categories = [DOSSIER_CATEGORY];
  readonly version = 3;
  readonly tables = [{ name: 'dossiers', key: ['code'] }];

  private readonly rows = new FoldedRows(DOSSIERS);

  async create(db: PoolClient, schema: string): Promise<void> {
    this.rows.begin(db);
    const columns = COLUMNS.map(
      ([column, type]) => `${column} ${type}${NULLABLE.has(column) ? '' : ' NOT NULL'}`,
    );
    await db.query(
      `CREATE TABLE ${ident(schema)}.dossiers (${columns.join(', ')}, search tsvector NOT NULL, PRIMARY KEY (code))`,
    );
  }

  apply(db: PoolClient, schema: string, events: readonly RecordedEvent[], mode: ApplyMode): Promise<void> {
    return this.rows.apply(db, schema, events, mode);
  }

  /** What is still in memory; and the indexes, which are made many times faster in one go than row by row. */
  async finish(db: PoolClient, schema: string): Promise<void> {
    await this.rows.finish(db, schema);
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
}

const DOSSIERS: RowTable<Row> = {
  keyOf: ({ stream }) => idOf(stream),
  keyOfRow: (row) => row.code,
  fold: foldChecked,
  async load(db, schema, codes) {
    const sql = `SELECT ${AS_ROW} FROM ${ident(schema)}.dossiers WHERE code = ANY($1)`;
    return (await db.query<Row>(sql, [codes])).rows;
  },
  async write(db, schema, rows) {
    await db.query(
      `INSERT INTO ${ident(schema)}.dossiers (${NAMES}, search)
       SELECT ${FROM_RECORD}, array_to_tsvector(string_to_array(search, ' '))
         FROM json_to_recordset($1::json) AS t(${RECORD}, search text)
       ON CONFLICT (code) DO UPDATE SET ${REPLACED}, search = excluded.search`,
      [JSON.stringify(rows.map(asRecord))],
    );
  },
};

function asRecord(row: Row): object {
  const search = searchWords(row.code, row.applicant, row.submitter).join(' ');
  return { ...row, revision: String(row.revision), position: String(row.position), search };
}

/** An instant that the database would refuse is found here, where the event that brought it is known. */
function foldChecked(row: Row | undefined, event: RecordedEvent): Row | undefined {
  const next = foldRow(row, event);
  if (next) for (const property of INSTANTS) checkInstant(next[property], row?.[property]);
  return next;
}

function checkInstant(at: string | null, before: string | null | undefined): void {
  if (at !== null && at !== before && Number.isNaN(Date.parse(at))) throw new RangeError('not an instant');
}
