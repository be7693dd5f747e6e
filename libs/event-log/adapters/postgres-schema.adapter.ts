import { type Kysely, type Migration, sql } from 'kysely';

/** Advisory lock that puts appends in one order: "motcua log" as a number of our own. */
export const APPEND_LOCK = 7_266_401;

/** Tables of the log. What was released is never edited here: a change is a further migration. */
export const eventLogMigrations: Record<string, Migration> = {
  '2026-11-event-log': {
    async up(db: Kysely<unknown>): Promise<void> {
      for (const statement of [...TABLE, APPEND, READ_ONLY]) await sql.raw(statement).execute(db);
    },
  },
};

const TABLE = [
  `CREATE SCHEMA event_log`,
  // body is the canonical JSON that was hashed, to the byte: type json keeps the text as it came.
  `CREATE TABLE event_log.events (
     position      bigint PRIMARY KEY,
     stream        text COLLATE "C" NOT NULL,
     revision      bigint NOT NULL,
     id            uuid NOT NULL UNIQUE,
     type          text NOT NULL,
     body          json NOT NULL,
     recorded_at   timestamptz(3) NOT NULL,
     previous_hash text NOT NULL,
     hash          text NOT NULL,
     UNIQUE (stream, revision)
   )`,
];

/*
 * One round trip per append. The lock makes positions contiguous in the order of commits, so that a reader never
 * misses one that commits late. The first transaction commits without waiting for the disk, which keeps the lock
 * short; the second one flushes the write-ahead log, with all waiting appends in one flush, before the caller hears
 * of success. See docs/adr/0003.
 *
 * expected: a revision, -1 = the stream must not exist, -2 = any.
 * status: appended | repeated | wrong (then revision is where the stream is, null if there is none).
 */
const APPEND = `
CREATE PROCEDURE event_log.append(
  p_stream text, p_expected bigint, p_ids uuid[], p_types text[], p_bodies text[], p_body_hashes text[],
  INOUT status text DEFAULT NULL, INOUT revision bigint DEFAULT NULL, INOUT "position" bigint DEFAULT NULL,
  INOUT recorded_at timestamptz DEFAULT NULL)
LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
  v_revision bigint; v_hash text; v_next text; v_position bigint; v_known bigint; v_recorded timestamptz(3);
  v_recorded_text text;
BEGIN
  PERFORM set_config('synchronous_commit', 'off', true);
  PERFORM pg_advisory_xact_lock(${APPEND_LOCK});
  SELECT e.revision, e.hash INTO v_revision, v_hash
    FROM event_log.events e WHERE e.stream = p_stream ORDER BY e.revision DESC LIMIT 1;

  IF p_expected = -2 OR p_expected IS DISTINCT FROM coalesce(v_revision, -1) THEN
    SELECT count(*), max(e.revision), max(e.position), max(e.recorded_at)
      INTO v_known, revision, "position", recorded_at
      FROM unnest(p_ids) WITH ORDINALITY AS given(id, n)
      JOIN event_log.events e ON e.id = given.id AND e.stream = p_stream
       AND (p_expected = -2 OR e.revision = p_expected + given.n);
    IF v_known = array_length(p_ids, 1) THEN
      status := 'repeated';
      RETURN;
    END IF;
    IF p_expected <> -2 OR v_known > 0 THEN
      status := 'wrong'; revision := v_revision; "position" := NULL;
      RETURN;
    END IF;
  END IF;

  SELECT coalesce(max(e.position), 0) INTO v_position FROM event_log.events e;
  v_revision := coalesce(v_revision, -1);
  v_hash := coalesce(v_hash, repeat('0', 64));
  v_recorded := clock_timestamp();
  v_recorded_text := to_char(v_recorded AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"');
  FOR i IN 1 .. array_length(p_ids, 1) LOOP
    v_position := v_position + 1;
    v_revision := v_revision + 1;
    v_next := encode(sha256(convert_to(
      '{"body":"' || p_body_hashes[i] || '","previous":"' || v_hash || '","recordedAt":"' || v_recorded_text
      || '","revision":"' || v_revision || '","stream":"' || p_stream || '"}', 'UTF8')), 'hex');
    INSERT INTO event_log.events (position, stream, revision, id, type, body, recorded_at, previous_hash, hash)
    VALUES (v_position, p_stream, v_revision, p_ids[i], p_types[i], p_bodies[i]::json, v_recorded, v_hash, v_next);
    v_hash := v_next;
  END LOOP;
  PERFORM pg_notify('event_log', v_position::text);
  COMMIT;
  PERFORM pg_logical_emit_message(true, 'event_log', '');
  status := 'appended'; revision := v_revision; "position" := v_position; recorded_at := v_recorded;
END $$`;

/* A superuser can still take the triggers away: what he changes is then named by \`verify\`. */
const READ_ONLY = `
CREATE FUNCTION event_log.refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'the event log cannot be rewritten: append a correction instead' USING ERRCODE = 'MC001';
END $$;
CREATE TRIGGER no_rewrite BEFORE UPDATE OR DELETE ON event_log.events
  FOR EACH ROW EXECUTE FUNCTION event_log.refuse();
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON event_log.events
  FOR EACH STATEMENT EXECUTE FUNCTION event_log.refuse()`;
