import { type Kysely, type Migration, sql } from 'kysely';

/** Advisory lock that puts entries in one order: "motcua reads" as a number of our own. */
const TRACE_LOCK = 7_266_403;

/** Tables of the trace. What was released is never edited here: a change is a further migration. */
export const readTraceMigrations: Record<string, Migration> = {
  '2026-12-read-trace': {
    async up(db: Kysely<unknown>): Promise<void> {
      for (const statement of [...TABLE, APPEND, READ_ONLY]) await sql.raw(statement).execute(db);
    },
  },
};

const TABLE = [
  `CREATE SCHEMA read_trace`,
  // What is asked for stands in indexes only: a column beside the body could be changed without changing what is hashed.
  `CREATE TABLE read_trace.reads (
     number        bigint PRIMARY KEY,
     body          json NOT NULL,
     previous_hash text NOT NULL,
     hash          text NOT NULL
   )`,
  `CREATE INDEX reads_by_account ON read_trace.reads ((body ->> 'account'), number)`,
  `CREATE INDEX reads_by_instant ON read_trace.reads ((body ->> 'at') COLLATE "C")`,
  `CREATE INDEX reads_by_dossier ON read_trace.reads USING gin (((body ->> 'dossiers')::jsonb) jsonb_path_ops)`,
];

/** Several at once, under one lock: numbers are contiguous and in the order of commits. */
const APPEND = `
CREATE FUNCTION read_trace.append(p_bodies text[], p_body_hashes text[]) RETURNS void
LANGUAGE plpgsql SET lock_timeout = '5s' AS $$
DECLARE v_number bigint; v_hash text; v_next text;
BEGIN
  PERFORM pg_advisory_xact_lock(${TRACE_LOCK});
  SELECT r.number, r.hash INTO v_number, v_hash FROM read_trace.reads r ORDER BY r.number DESC LIMIT 1;
  v_number := coalesce(v_number, 0);
  v_hash := coalesce(v_hash, repeat('0', 64));
  FOR n IN 1 .. cardinality(p_bodies) LOOP
    v_number := v_number + 1;
    v_next := encode(sha256(convert_to(
      '{"body":"' || p_body_hashes[n] || '","number":"' || v_number || '","previous":"' || v_hash || '"}', 'UTF8')), 'hex');
    INSERT INTO read_trace.reads (number, body, previous_hash, hash)
    VALUES (v_number, p_bodies[n]::json, v_hash, v_next);
    v_hash := v_next;
  END LOOP;
END $$`;

/* A superuser can still take the triggers away: what he changes is then named by \`verify\`. */
const READ_ONLY = `
CREATE FUNCTION read_trace.refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'the trace of reads cannot be rewritten' USING ERRCODE = 'MC001';
END $$;
CREATE TRIGGER no_rewrite BEFORE UPDATE OR DELETE ON read_trace.reads
  FOR EACH ROW EXECUTE FUNCTION read_trace.refuse();
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON read_trace.reads
  FOR EACH STATEMENT EXECUTE FUNCTION read_trace.refuse()`;
