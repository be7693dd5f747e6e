import type { PoolClient } from 'pg';
import { ident } from '#libs/projection/checkpoints.js';
import type { RowTable } from '#libs/projection/folded-rows.js';
import { idOf } from '#libs/event-log/event-log.js';
import type { VersionRef } from '#libs/dossier/dossier.events.js';
import type { Case } from './case.js';
import { History, type Sample, slotOf } from './forecast.js';
import { type Cell, CELLS, Known, type PhaseOf, Quality } from './known.js';

export async function createTables(db: PoolClient, schema: string): Promise<void> {
  const into = ident(schema);
  const text = 'text COLLATE "C" NOT NULL';
  const phase = `procedure ${text}, state ${text}, unit ${text}`;
  await db.query(
    `CREATE TABLE ${into}.cases (
       code ${text}, ${phase}, since ${text}, left_seconds float8, calendar text, calendar_version integer,
       memory text NOT NULL, PRIMARY KEY (code));
     CREATE TABLE ${into}.history (
       ${phase}, slot integer, n integer NOT NULL, code ${text}, remaining float8 NOT NULL, ended_at float8 NOT NULL,
       PRIMARY KEY (procedure, state, unit, slot));
     CREATE TABLE ${into}.forecasts (
       ${phase}, added integer NOT NULL, cases integer, median float8, p90 float8,
       PRIMARY KEY (procedure, state, unit));
     CREATE TABLE ${into}.quality (
       procedure ${text} PRIMARY KEY, ${CELLS.map((cell) => `${cell} integer NOT NULL`).join(', ')});
     CREATE TABLE ${into}.calendars (
       id ${text}, version integer, definition text NOT NULL, PRIMARY KEY (id, version))`,
  );
}

/** How cases come out of the table and into it. */
export const CASES: Omit<RowTable<Case>, 'fold'> = {
  keyOf: ({ stream }) => idOf(stream),
  keyOfRow: ({ code }) => code,
  async load(db, schema, codes) {
    const sql = `SELECT memory FROM ${ident(schema)}.cases WHERE code = ANY($1)`;
    const { rows } = await db.query<{ memory: string }>(sql, [codes]);
    return rows.map(({ memory }) => JSON.parse(memory) as Case);
  },
  async write(db, schema, cases) {
    const rows = cases.map((it) => ({
      ...{ code: it.code, procedure: it.procedure, state: it.state, unit: it.unit, since: it.since },
      left_seconds: it.running ? it.left : null,
      calendar: it.calendar?.id ?? null,
      calendar_version: it.calendar?.version ?? null,
      memory: JSON.stringify(it),
    }));
    await db.query(
      `INSERT INTO ${ident(schema)}.cases
       SELECT * FROM json_to_recordset($1::json) AS t(code text, procedure text, state text, unit text, since text,
         left_seconds float8, calendar text, calendar_version integer, memory text)
       ON CONFLICT (code) DO UPDATE SET (procedure, state, unit, since, left_seconds, calendar, calendar_version, memory)
         = (excluded.procedure, excluded.state, excluded.unit, excluded.since, excluded.left_seconds,
            excluded.calendar, excluded.calendar_version, excluded.memory)`,
      [JSON.stringify(rows)],
    );
  },
};

export async function writeCalendar(
  db: PoolClient,
  schema: string,
  { id, version }: VersionRef,
  definition: string,
): Promise<void> {
  await db.query(`INSERT INTO ${ident(schema)}.calendars VALUES ($1, $2, $3) ON CONFLICT DO NOTHING`, [
    id,
    version,
    definition,
  ]);
}

type StoredPhase = PhaseOf & { added: number; samples: Sample[] | null };

/**
 * What was learnt of some procedures.
 * @param codes of dossiers whose procedures are to be among them
 */
export async function loadKnown(
  db: PoolClient,
  schema: string,
  codes: readonly string[],
  procedures: readonly string[],
): Promise<Known> {
  const from = ident(schema);
  const known = new Known();
  const calendars = await db.query<{ id: string; version: number; definition: string }>(
    `SELECT id, version, definition FROM ${from}.calendars`,
  );
  for (const { definition, ...ref } of calendars.rows) known.addCalendar(ref, definition);
  const among = `procedure IN (SELECT procedure FROM ${from}.cases WHERE code = ANY($1) UNION SELECT unnest($2::text[]))`;
  const phases = await db.query<StoredPhase>(
    `SELECT procedure, state, unit, added, h.samples FROM ${from}.forecasts f LEFT JOIN LATERAL (
       SELECT json_agg(json_build_object('code', code, 'n', n, 'remaining', remaining, 'endedAt', ended_at)) AS samples
         FROM ${from}.history h WHERE (h.procedure, h.state, h.unit) = (f.procedure, f.state, f.unit)) h ON true
      WHERE ${among}`,
    [codes, procedures],
  );
  for (const { added, samples, ...of } of phases.rows)
    known.addHistory(of, new History(samples ?? [], added));
  const qualities = await db.query<{ procedure: string } & Record<Cell, number>>(
    `SELECT * FROM ${from}.quality WHERE ${among}`,
    [codes, procedures],
  );
  for (const { procedure, ...cells } of qualities.rows) known.addQuality(procedure, new Quality(cells));
  return known;
}

/** Writes what was learnt since it was loaded. */
export async function saveKnown(db: PoolClient, schema: string, known: Known): Promise<void> {
  const into = ident(schema);
  const learnt = [...known.histories].filter(({ history }) => history.changed.size > 0);
  for (let from = 0; from < learnt.length; from += AT_ONCE) {
    await saveHistories(db, into, learnt.slice(from, from + AT_ONCE));
  }
  const qualities = [...known.qualities].filter(([, { changed }]) => changed);
  if (qualities.length === 0) return;
  await db.query(
    `INSERT INTO ${into}.quality SELECT * FROM json_to_recordset($1::json)
       AS t(procedure text, ${CELLS.map((cell) => `${cell} integer`).join(', ')})
     ON CONFLICT (procedure) DO UPDATE SET ${CELLS.map((cell) => `${cell} = excluded.${cell}`).join(', ')}`,
    [JSON.stringify(qualities.map(([procedure, { cells }]) => ({ procedure, ...cells })))],
  );
}

/** Histories written in one statement. */
const AT_ONCE = 100;

async function saveHistories(
  db: PoolClient,
  into: string,
  learnt: readonly { of: PhaseOf; history: History }[],
): Promise<void> {
  const phases = learnt.map(({ of, history }) => ({ ...of, added: history.added, ...history.forecast() }));
  await db.query(
    `INSERT INTO ${into}.forecasts SELECT * FROM json_to_recordset($1::json)
       AS t(procedure text, state text, unit text, added integer, cases integer, median float8, p90 float8)
     ON CONFLICT (procedure, state, unit) DO UPDATE SET (added, cases, median, p90)
       = (excluded.added, excluded.cases, excluded.median, excluded.p90)`,
    [JSON.stringify(phases)],
  );
  const slots = learnt.flatMap(({ of, history }) => [...history.changed].map((slot) => ({ ...of, slot })));
  await db.query(
    `DELETE FROM ${into}.history h
      USING json_to_recordset($1::json) AS t(procedure text, state text, unit text, slot integer)
      WHERE (h.procedure, h.state, h.unit, h.slot) = (t.procedure, t.state, t.unit, t.slot)`,
    [JSON.stringify(slots)],
  );
  const samples = learnt.flatMap(({ of, history }) =>
    history.samples
      .filter((sample) => history.changed.has(slotOf(sample)))
      .map((sample) => ({ ...of, ...sample, slot: slotOf(sample), ended_at: sample.endedAt })),
  );
  await db.query(
    `INSERT INTO ${into}.history SELECT * FROM json_to_recordset($1::json) AS t(procedure text, state text, unit text,
       slot integer, n integer, code text, remaining float8, ended_at float8)`,
    [JSON.stringify(samples)],
  );
}
