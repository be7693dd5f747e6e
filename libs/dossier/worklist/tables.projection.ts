import type { PoolClient } from 'pg';
import { idOf } from '#libs/event-log/event-log.js';
import { ident } from '#libs/projection/checkpoints.js';
import type { RowTable } from '#libs/projection/folded-rows.js';
import type { Row } from './row.js';
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
  ['applicant', 'jsonb', 'applicant'],
  ['applicant_subject', 'text', 'applicantSubject'],
  ['submitter', 'jsonb', 'submitter'],
  ['submitter_subject', 'text', 'submitterSubject'],
  ['subjects', 'text[]', 'subjects'],
  ['former_code', 'text', 'formerCode'],
  ['proposals', 'jsonb', 'proposals'],
  ['imported_from', 'text', 'importedFrom'],
  ['reversed', 'boolean', 'reversed'],
  ['revision', 'bigint', 'revision'],
  ['position', 'bigint', 'position'],
] as const satisfies readonly (readonly [string, string, keyof Row])[];

const NULLABLE = new Set<string>(
  ['official', 'field', 'registered_at', 'accepted_at', 'due_at', 'paused_at', 'ended_at'].concat([
    ...['applicant', 'applicant_subject', 'submitter', 'submitter_subject'],
    ...['former_code', 'imported_from'],
  ]),
);

/** Words of the code, in clear; tokens of the applicant and of the submitter. */
const WORDS = [
  ['code_words', 'codeWords'],
  ['applicant_words', 'applicantTokens'],
  ['submitter_words', 'submitterTokens'],
] as const;
/** By which a dossier is found; the index is on this very expression. */
export const SEARCHED = '(code_words || applicant_words || submitter_words)';

const NAMES = [...COLUMNS, ...WORDS].map(([column]) => column).join(', ');
const AS_ROW = [
  ...COLUMNS.map(([column, , property]) => `${column} AS "${property}"`),
  ...WORDS.slice(1).map(
    ([column, property]) => `array_to_string(tsvector_to_array(${column}), ' ') AS "${property}"`,
  ),
].join(', ');
const FROM_RECORD = [
  ...COLUMNS.map(([, , property]) => `"${property}"`),
  ...WORDS.map(([, property]) => `array_to_tsvector(string_to_array("${property}", ' '))`),
].join(', ');
const RECORD = [
  ...COLUMNS.map(([, type, property]) => `"${property}" ${type}`),
  ...WORDS.map(([, property]) => `"${property}" text`),
].join(', ');
const REPLACED = [...COLUMNS.slice(1), ...WORDS]
  .map(([column]) => `${column} = excluded.${column}`)
  .join(', ');

export async function createTables(db: PoolClient, schema: string): Promise<void> {
  const columns = COLUMNS.map(
    ([column, type]) => `${column} ${type}${NULLABLE.has(column) ? '' : ' NOT NULL'}`,
  );
  const words = WORDS.map(([column]) => `${column} tsvector NOT NULL`);
  await db.query(
    `CREATE TABLE ${ident(schema)}.dossiers (${[...columns, ...words].join(', ')}, PRIMARY KEY (code));
     CREATE TABLE ${ident(schema)}.erased (subject text PRIMARY KEY)`,
  );
}

/** Many times faster in one go than row by row. */
export async function createIndexes(db: PoolClient, schema: string): Promise<void> {
  const table = `${ident(schema)}.dossiers`;
  for (const index of [
    `(coalesce(due_at, 'infinity'), code) WHERE NOT reversed AND clock <> 'ended'`,
    `(coalesce(due_at, 'infinity'), code) WHERE NOT reversed`,
    `(coalesce(accepted_at, 'infinity'), code) WHERE NOT reversed`,
    `(coalesce(due_at, 'infinity'), code) WHERE NOT reversed AND proposals <> '[]'`,
    `(official, (coalesce(due_at, 'infinity')), code) WHERE NOT reversed`,
    `(applicant_subject) WHERE applicant_subject IS NOT NULL`,
    `(submitter_subject) WHERE submitter_subject IS NOT NULL`,
    `USING gin (subjects)`,
    `USING gin (${SEARCHED})`,
  ]) {
    await db.query(`CREATE INDEX ON ${table} ${index}`);
  }
}

/** How rows come out of the table and into it. */
export const DOSSIERS: Omit<RowTable<Row>, 'fold'> = {
  keyOf: ({ stream }) => idOf(stream),
  keyOfRow: (row) => row.code,
  async load(db, schema, codes) {
    const sql = `SELECT ${AS_ROW} FROM ${ident(schema)}.dossiers WHERE code = ANY($1)`;
    return (await db.query<Row>(sql, [codes])).rows;
  },
  async write(db, schema, rows) {
    await db.query(
      `INSERT INTO ${ident(schema)}.dossiers (${NAMES})
       SELECT ${FROM_RECORD} FROM json_to_recordset($1::json) AS t(${RECORD})
       ON CONFLICT (code) DO UPDATE SET ${REPLACED}`,
      [JSON.stringify(rows.map(asRecord))],
    );
  },
};

function asRecord(row: Row): object {
  const codeWords = searchWords(row.code).join(' ');
  return { ...row, revision: String(row.revision), position: String(row.position), codeWords };
}

/** Remembers who is erased, since what was on its way then may come later. */
export async function noteErased(db: PoolClient, schema: string, subjects: readonly string[]): Promise<void> {
  await db.query(
    `INSERT INTO ${ident(schema)}.erased SELECT DISTINCT unnest($1::text[]) ON CONFLICT DO NOTHING`,
    [subjects],
  );
}

/** Takes whoever is erased out of the rows. @param among only these subjects; all of them if left out */
export async function forgetErased(db: PoolClient, schema: string, among?: readonly string[]): Promise<void> {
  for (const party of ['applicant', 'submitter']) {
    await db.query(
      `UPDATE ${ident(schema)}.dossiers d SET ${party} = NULL, ${party}_words = ''
         FROM ${ident(schema)}.erased e
        WHERE e.subject = d.${party}_subject AND d.${party} IS NOT NULL
          ${among ? 'AND e.subject = ANY($1::text[])' : ''}`,
      among ? [among] : [],
    );
  }
}
