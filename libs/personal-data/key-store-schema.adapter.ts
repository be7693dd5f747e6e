import { type Kysely, type Migration, sql } from 'kysely';

/** Tables of the keys of persons. */
export const keyStoreMigrations: Record<string, Migration> = {
  '2026-12-person-keys': {
    async up(db: Kysely<unknown>): Promise<void> {
      for (const statement of TABLES) await sql.raw(statement).execute(db);
    },
  },
};

const TABLES = [
  `CREATE SCHEMA personal_data`,
  // An erased subject keeps its row, without the key: so nothing can bring it back between two looks at two tables.
  `CREATE TABLE personal_data.keys (
     subject    uuid PRIMARY KEY,
     id_digest  bytea UNIQUE,
     key        bytea,
     master     text COLLATE "C",
     created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
     erased_at  timestamptz,
     CHECK ((key IS NULL) = (erased_at IS NOT NULL) AND (key IS NULL) = (master IS NULL)),
     CHECK (erased_at IS NULL OR id_digest IS NULL)
   )`,
  // master is the one that wraps new keys; others are those that some keys may still be under.
  `CREATE TABLE personal_data.secrets (
     name   text PRIMARY KEY,
     key    bytea NOT NULL,
     master text COLLATE "C" NOT NULL,
     others text[] NOT NULL DEFAULT '{}'
   )`,
];
