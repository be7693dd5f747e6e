import { type Kysely, type Migration, sql } from 'kysely';

/**
 * Tables beside an EventStoreDB. `event_ids`: where each event of the log stands, or may come to stand (docs/adr/0009),
 * and `by` which append it was claimed last; by none where it was read from the log;
 * `claimed_at` when.
 * `filled`: every event up to this one is in it.
 */
export const eventStoreDbMigrations: Record<string, Migration> = {
  '2026-12-eventstoredb-ids': {
    async up(db: Kysely<unknown>): Promise<void> {
      for (const statement of TABLES) await sql.raw(statement).execute(db);
    },
  },
};

const TABLES = [
  `CREATE SCHEMA eventstoredb`,
  `CREATE TABLE eventstoredb.event_ids (
     id       uuid PRIMARY KEY,
     stream   text COLLATE "C" NOT NULL,
     revision bigint NOT NULL,
     by       uuid,
     claimed_at timestamptz NOT NULL DEFAULT clock_timestamp()
   )`,
  `CREATE TABLE eventstoredb.filled (
     one_row  boolean PRIMARY KEY DEFAULT true CHECK (one_row),
     position bigint NOT NULL,
     id       uuid
   )`,
  `INSERT INTO eventstoredb.filled (position) VALUES (0)`,
];
