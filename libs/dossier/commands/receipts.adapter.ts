import { randomUUID } from 'node:crypto';
import { type Kysely, type Migration, sql } from 'kysely';
import type { Pool } from 'pg';
import { Gathering } from '#libs/read-db/gathering.js';
import type { Receipt, Receipts } from './receipts.js';

/** After so long another process is believed to have given a command up, though it is still there. */
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
  // Hashes without a key could be tried out. Receipts are only an index: without them the log is searched.
  '2026-12-keyed-receipts': {
    async up(db: Kysely<unknown>): Promise<void> {
      await sql`TRUNCATE public.command_receipts`.execute(db);
    },
  },
  '2026-12-settled-receipts': {
    async up(db: Kysely<unknown>): Promise<void> {
      await sql`UPDATE public.command_receipts SET hash = '' WHERE code IS NOT NULL`.execute(db);
    },
  },
};

interface Claim {
  readonly commandId: string;
  readonly hash: string;
}

const CLAIMS_WAIT_MS = 2;
const SETTLED_WAIT_MS = 50;

/**
 * Receipts in PostgreSQL, many at a time. They do not wait for the disk: a receipt that a power cut takes away stood
 * in the write-ahead log before the events of its command, so that those are gone as well or were not acknowledged.
 */
export class PostgresReceipts implements Receipts {
  private readonly process: string;
  /** Codes that are on their way into the table. */
  private readonly settling = new Map<string, string>();
  private readonly claims = new Gathering((batch: readonly Claim[]) => this.claimAll(batch), CLAIMS_WAIT_MS);
  private readonly settled = new Gathering(
    (batch: readonly string[]) => this.settleAll(batch),
    SETTLED_WAIT_MS,
  );

  constructor(private readonly pool: Pool) {
    // The name that `createPool` gives the connections, by which others see whether this process is still there.
    this.process = pool.options.application_name?.split(' ')[1] ?? randomUUID();
  }

  async claim(commandId: string, hash: string): Promise<Receipt | undefined> {
    const receipt = await this.claims.run({ commandId, hash });
    return receipt && { ...receipt, code: receipt.code ?? this.settling.get(commandId) ?? null };
  }

  async settle(commandId: string, code: string): Promise<void> {
    this.settling.set(commandId, code);
    await this.settled.run(commandId);
  }

  async release(commandId: string): Promise<void> {
    await this.pool.query(RELEASE, [commandId]);
  }

  private async settleAll(ids: readonly string[]): Promise<undefined[]> {
    try {
      await this.pool.query(SETTLE, [ids, ids.map((id) => this.settling.get(id))]);
      return ids.map(() => undefined);
    } finally {
      for (const id of ids) this.settling.delete(id);
    }
  }

  private async claimAll(claims: readonly Claim[]): Promise<(Receipt | undefined)[]> {
    const known = new Map<string, Receipt>();
    let open = claims;
    // What another process claims in this very moment is neither ours nor visible yet: ask for it again.
    while (open.length > 0) {
      const { rows } = await this.pool.query<{ commandId: string; ours: boolean } & Receipt>(CLAIM, [
        open.map((claim) => claim.commandId),
        open.map((claim) => claim.hash),
        this.process,
        LEASE_SECONDS,
      ]);
      const told = new Set(rows.map((row) => row.commandId));
      for (const { commandId, ours, ...receipt } of rows) if (!ours) known.set(commandId, receipt);
      open = open.filter((claim) => !told.has(claim.commandId));
    }
    return claims.map(({ commandId }) => known.get(commandId));
  }
}

/** In force for the one statement that it stands in. */
const WITHOUT_WAITING = `relaxed AS MATERIALIZED (SELECT set_config('synchronous_commit', 'off', true))`;

/** From here on the events tell what the command was, for as long as the person whom it was about is not erased. */
const SETTLE = `
WITH ${WITHOUT_WAITING}
UPDATE command_receipts receipt SET code = given.code, hash = ''
  FROM unnest($1::uuid[], $2::text[]) AS given(command_id, code), relaxed
 WHERE receipt.command_id = given.command_id`;

const RELEASE = `
WITH ${WITHOUT_WAITING}
DELETE FROM command_receipts USING relaxed WHERE command_id = $1 AND code IS NULL`;

/** In the order of ids, so that two processes with the same ones do not wait for each other. */
const CLAIM = `
WITH ${WITHOUT_WAITING}, claimed AS (
  INSERT INTO command_receipts (command_id, hash, claimed_by)
  SELECT given.command_id, given.hash, $3::uuid FROM unnest($1::uuid[], $2::text[]) AS given(command_id, hash), relaxed
   ORDER BY given.command_id
  ON CONFLICT (command_id) DO NOTHING
  RETURNING command_id
)
SELECT command_id AS "commandId", true AS ours, '' AS hash, NULL AS code, false AS "inProgress"
  FROM claimed
UNION ALL
SELECT command_id, false, hash, code,
       code IS NULL AND claimed_by <> $3::uuid AND claimed_at > clock_timestamp() - make_interval(secs => $4)
         AND EXISTS (SELECT FROM pg_stat_activity WHERE application_name = 'motcua ' || claimed_by)
  FROM command_receipts WHERE command_id = ANY($1::uuid[])`;
