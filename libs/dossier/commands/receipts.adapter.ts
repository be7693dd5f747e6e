import { randomUUID } from 'node:crypto';
import { type Kysely, type Migration, sql } from 'kysely';
import type { Pool } from 'pg';
import type { Receipt, Receipts } from './receipts.js';

/** After so long another process is believed to have died over a command. */
const LEASE_SECONDS = 30;

export const receiptMigrations: Record<string, Migration> = {
  '2026-11-command-receipts': {
    async up(db: Kysely<unknown>): Promise<void> {
      await sql
        .raw(
          `CREATE TABLE public.command_receipts (
             command_id uuid PRIMARY KEY,
             hash       text NOT NULL,
             code       text,
             claimed_by uuid NOT NULL,
             claimed_at timestamptz NOT NULL DEFAULT clock_timestamp()
           )`,
        )
        .execute(db);
    },
  },
};

/** Receipts in PostgreSQL. */
export class PostgresReceipts implements Receipts {
  private readonly process = randomUUID();

  constructor(private readonly pool: Pool) {}

  async claim(commandId: string, hash: string): Promise<Receipt | undefined> {
    const { rows } = await this.pool.query<{ mine: boolean } & Receipt>(CLAIM, [
      commandId,
      hash,
      this.process,
      LEASE_SECONDS,
    ]);
    const row = rows[0];
    return !row || row.mine ? undefined : row;
  }

  async settle(commandId: string, code: string): Promise<void> {
    await this.pool.query(`UPDATE command_receipts SET code = $2 WHERE command_id = $1`, [commandId, code]);
  }

  async release(commandId: string): Promise<void> {
    await this.pool.query(`DELETE FROM command_receipts WHERE command_id = $1 AND code IS NULL`, [commandId]);
  }
}

const CLAIM = `
WITH claimed AS (
  INSERT INTO command_receipts (command_id, hash, claimed_by) VALUES ($1, $2, $3)
  ON CONFLICT (command_id) DO NOTHING RETURNING command_id
)
SELECT true AS mine, NULL AS hash, NULL AS code, NULL AS "claimedAt", false AS "inProgress" FROM claimed
UNION ALL
SELECT false, hash, code, to_char(claimed_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
       code IS NULL AND claimed_by <> $3 AND claimed_at > clock_timestamp() - make_interval(secs => $4)
  FROM command_receipts WHERE command_id = $1`;
