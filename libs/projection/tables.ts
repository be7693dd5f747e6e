import type { Pool, PoolClient } from 'pg';
import { inTransaction } from './transaction.js';

const TABLES = `
  CREATE SCHEMA IF NOT EXISTS projection;
  CREATE TABLE IF NOT EXISTS projection.checkpoints (
    name text PRIMARY KEY,
    version integer NOT NULL,
    position bigint NOT NULL,
    status text NOT NULL CHECK (status IN ('live', 'rebuilding', 'stopped')),
    poisoned_event jsonb,
    error text,
    updated_at timestamptz NOT NULL DEFAULT now()
  );
  -- Checkpoints of before were made when PostgreSQL was the only engine.
  ALTER TABLE projection.checkpoints
    ADD COLUMN IF NOT EXISTS engine text NOT NULL DEFAULT 'postgresql',
    ADD COLUMN IF NOT EXISTS token bigint NOT NULL DEFAULT 0;
  CREATE TABLE IF NOT EXISTS projection.processes (
    id text PRIMARY KEY,
    until timestamptz NOT NULL,
    session text NOT NULL
  );
  CREATE TABLE IF NOT EXISTS projection.owners (
    projection text PRIMARY KEY,
    token bigint NOT NULL DEFAULT 0,
    owner text,
    until timestamptz,
    session text
  );`;

/** Whether the tables that all projections share are there, in the shape of this version. */
export async function hasTables(db: Pool | PoolClient): Promise<boolean> {
  const found = await db.query<{ there: boolean }>(
    `SELECT to_regclass('projection.owners') IS NOT NULL AS there`,
  );
  return found.rows[0]?.there === true;
}

/** Makes them, also where an older version made some. Safe to call from many processes at once. */
export async function setUpTables(client: PoolClient): Promise<void> {
  if (await hasTables(client)) return;
  await inTransaction(client, async () => {
    await client.query(`SELECT pg_advisory_xact_lock(hashtext('projection.checkpoints'))`);
    await client.query(TABLES);
  });
}
