import { randomBytes } from 'node:crypto';
import { type Kysely, type Migration, sql } from 'kysely';
import type { Pool } from 'pg';
import { type Clock, isoNow } from '#libs/event-log/clock.js';
import { sha256 } from '#libs/event-log/hash.js';

export const credentialMigrations: Record<string, Migration> = {
  '2026-12-credentials': {
    async up(db: Kysely<unknown>): Promise<void> {
      await sql.raw('CREATE SCHEMA IF NOT EXISTS access').execute(db);
      await sql
        .raw(
          `CREATE TABLE access.credentials (
             account      text PRIMARY KEY,
             password     text,
             changed_at   timestamptz,
             set_up       text UNIQUE,
             set_up_until timestamptz
           )`,
        )
        .execute(db);
    },
  },
};

const SET_UP = /^setup_[\w-]{43}$/;

/** Hashes of passwords, and of the tokens by which one is set for the first time or after it was forgotten. */
export class Credentials {
  constructor(
    private readonly pool: Pool,
    private readonly clock: Clock,
  ) {}

  async passwordOf(account: string): Promise<string | undefined> {
    const { rows } = await this.pool.query<{ password: string | null }>(
      'SELECT password FROM access.credentials WHERE account = $1',
      [account],
    );
    return rows[0]?.password ?? undefined;
  }

  /** @returns false if it is no longer the one that was there */
  async change(account: string, from: string, to: string): Promise<boolean> {
    const { rowCount } = await this.pool.query(
      'UPDATE access.credentials SET password = $3, changed_at = $4 WHERE account = $1 AND password = $2',
      [account, from, to, isoNow(this.clock)],
    );
    return rowCount === 1;
  }

  /** Where there is none yet. */
  async give(account: string, password: string): Promise<void> {
    await this.pool.query(
      `INSERT INTO access.credentials (account, password, changed_at) VALUES ($1, $2, $3)
         ON CONFLICT (account) DO NOTHING`,
      [account, password, isoNow(this.clock)],
    );
  }

  /** A new token; an earlier one no longer counts. It is stored as its hash only. */
  async handOutSetUp(account: string, until: string): Promise<string> {
    const token = `setup_${randomBytes(32).toString('base64url')}`;
    await this.pool.query(
      `INSERT INTO access.credentials (account, set_up, set_up_until) VALUES ($1, $2, $3)
         ON CONFLICT (account) DO UPDATE SET set_up = excluded.set_up, set_up_until = excluded.set_up_until`,
      [account, sha256(token), until],
    );
    return token;
  }

  /** Whose it is; undefined if it is wrong, over or used. */
  async accountOfSetUp(token: string): Promise<string | undefined> {
    if (!SET_UP.test(token)) return undefined;
    const { rows } = await this.pool.query<{ account: string }>(
      'SELECT account FROM access.credentials WHERE set_up = $1 AND set_up_until > $2',
      [sha256(token), isoNow(this.clock)],
    );
    return rows[0]?.account;
  }

  /** Sets the password by a token, which is used up. @returns false if it was used meanwhile */
  async setUp(token: string, password: string): Promise<boolean> {
    const { rowCount } = await this.pool.query(
      `UPDATE access.credentials SET password = $2, changed_at = $3, set_up = NULL, set_up_until = NULL
        WHERE set_up = $1 AND set_up_until > $3`,
      [sha256(token), password, isoNow(this.clock)],
    );
    return rowCount === 1;
  }
}
