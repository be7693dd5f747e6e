import { type Kysely, type Migration, sql } from 'kysely';

/** Advisory lock that puts appends in one order: "motcua log" as a number of our own. */
export const APPEND_LOCK = 7_266_401;

/** Tables of the log. What was released is never edited here: a change is a further migration. */
export const eventLogMigrations: Record<string, Migration> = {
  '2026-11-event-log': {
    async up(db: Kysely<unknown>): Promise<void> {
      for (const statement of [...TABLE, INSTANT, APPEND, READ_ONLY]) await sql.raw(statement).execute(db);
    },
  },
};

const TABLE = [
  `CREATE SCHEMA event_log`,
  // body is the canonical JSON that was hashed, to the byte: type json keeps the text as it came. The id is generated
  // from it, so that it cannot be changed apart.
  `CREATE TABLE event_log.events (
     position      bigint PRIMARY KEY,
     stream        text COLLATE "C" NOT NULL,
     revision      bigint NOT NULL,
     body          json NOT NULL,
     id            uuid NOT NULL UNIQUE GENERATED ALWAYS AS ((body ->> 'id')::uuid) STORED,
     recorded_at   timestamptz(3) NOT NULL,
     previous_hash text NOT NULL,
     hash          text NOT NULL,
     UNIQUE (stream, revision)
   )`,
];

const INSTANT = `
CREATE FUNCTION event_log.instant(timestamptz) RETURNS text LANGUAGE sql STABLE
RETURN to_char($1 AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;

/*
 * Appends in turn, in one round trip, and stops at the first that is refused; what came before it stays. Events of
 * all appends stand one after another in the arrays, p_counts says how many each append has.
 * p_expected: a revision, -1 = the stream must not exist, -2 = any.
 * results: a JSON list with, for each append, its status: appended | repeated | wrong (then revision is where the
 * stream is, null if there is none). It is put together as text: that costs least.
 *
 * The lock makes positions contiguous in the order of commits, so that a reader never misses one that commits late.
 * The first transaction commits without waiting for the disk, which keeps the lock short; the second one flushes the
 * write-ahead log, with all waiting appends in one flush, before the caller hears of success. See docs/adr/0003.
 */
const APPEND = `
CREATE PROCEDURE event_log.append(
  p_streams text[], p_expected bigint[], p_counts int[], p_ids uuid[], p_bodies text[], p_body_hashes text[],
  INOUT results text DEFAULT NULL)
LANGUAGE plpgsql AS $$
DECLARE
  v_from int := 1; v_to int := 0; v_status text; v_revision bigint; v_hash text; v_next text; v_known bigint;
  v_last bigint; v_position bigint; v_end bigint; v_recorded timestamptz(3); v_recorded_text text;
BEGIN
  PERFORM set_config('synchronous_commit', 'off', true);
  PERFORM pg_advisory_xact_lock(${APPEND_LOCK});
  v_recorded := clock_timestamp();
  FOR i IN 1 .. cardinality(p_streams) LOOP
    v_from := v_to + 1;
    v_to := v_to + p_counts[i];
    v_revision := NULL;
    v_hash := NULL;
    SELECT e.revision, e.hash INTO v_revision, v_hash
      FROM event_log.events e WHERE e.stream = p_streams[i] ORDER BY e.revision DESC LIMIT 1;
    v_status := 'appended';
    v_recorded_text := event_log.instant(v_recorded);

    IF p_expected[i] = -2 OR p_expected[i] IS DISTINCT FROM coalesce(v_revision, -1) THEN
      SELECT count(*), max(e.revision), max(e.position), event_log.instant(max(e.recorded_at))
        INTO v_known, v_last, v_end, v_next
        FROM unnest(p_ids[v_from:v_to]) WITH ORDINALITY AS given(id, n)
        JOIN event_log.events e ON e.id = given.id AND e.stream = p_streams[i]
         AND (p_expected[i] = -2 OR e.revision = p_expected[i] + given.n);
      IF v_known = p_counts[i] THEN
        v_status := 'repeated'; v_revision := v_last; v_recorded_text := v_next;
      ELSIF p_expected[i] <> -2 OR v_known > 0 THEN
        v_status := 'wrong'; v_end := NULL; v_recorded_text := NULL;
      END IF;
    END IF;

    IF v_status = 'appended' THEN
      IF v_position IS NULL THEN
        SELECT coalesce(max(e.position), 0) INTO v_position FROM event_log.events e;
      END IF;
      v_revision := coalesce(v_revision, -1);
      v_hash := coalesce(v_hash, repeat('0', 64));
      FOR n IN v_from .. v_to LOOP
        v_position := v_position + 1;
        v_revision := v_revision + 1;
        v_next := encode(sha256(convert_to(
          '{"body":"' || p_body_hashes[n] || '","previous":"' || v_hash || '","recordedAt":"' || v_recorded_text
          || '","revision":"' || v_revision || '","stream":"' || p_streams[i] || '"}', 'UTF8')), 'hex');
        INSERT INTO event_log.events (position, stream, revision, body, recorded_at, previous_hash, hash)
        VALUES (v_position, p_streams[i], v_revision, p_bodies[n]::json, v_recorded, v_hash, v_next);
        v_hash := v_next;
      END LOOP;
      v_end := v_position;
    END IF;

    results := coalesce(results || ',', '[') || '{"status":"' || v_status || '","revision":'
      || coalesce(v_revision::text, 'null') || ',"position":' || coalesce(v_end::text, 'null')
      || ',"recordedAt":"' || coalesce(v_recorded_text, '') || '"}';
    EXIT WHEN v_status = 'wrong';
  END LOOP;
  results := results || ']';
  IF v_position IS NULL THEN RETURN; END IF;
  PERFORM pg_notify('event_log', v_position::text);
  COMMIT;
  PERFORM pg_logical_emit_message(true, 'event_log', '');
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
