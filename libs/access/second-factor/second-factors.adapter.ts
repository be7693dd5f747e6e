import { randomBytes } from 'node:crypto';
import { type Kysely, type Migration, sql } from 'kysely';
import type { Pool } from 'pg';
import type { Clock } from '#libs/event-log/clock.js';
import { Problem } from '#libs/problem/problem.js';
import { bareRecoveryCode, RECOVERY_BYTES, RECOVERY_CODES, recoveryCode } from './recovery-codes.js';
import { enrolmentOf, SECRET_BYTES, stepOf } from './totp.js';

export const secondFactorMigrations: Record<string, Migration> = {
  '2026-12-second-factors': {
    async up(db: Kysely<unknown>): Promise<void> {
      for (const statement of TABLES) await sql.raw(statement).execute(db);
    },
  },
};

const TABLES = [
  `CREATE SCHEMA IF NOT EXISTS access`,
  // last_step: of the code that was used last; an earlier one or the same again is refused.
  `CREATE TABLE access.second_factors (
     account      text PRIMARY KEY,
     secret       bytea NOT NULL,
     last_step    bigint NOT NULL DEFAULT 0,
     confirmed_at timestamptz
   )`,
  `CREATE TABLE access.recovery_codes (
     account text NOT NULL REFERENCES access.second_factors ON DELETE CASCADE,
     digest  bytea NOT NULL,
     PRIMARY KEY (account, digest)
   )`,
];

/** What keeps secrets of accounts from who reads the database. */
export interface SecretKeeper {
  seal(account: string, clear: Buffer): Buffer;
  /** @returns undefined if it was changed, or is of another account */
  open(account: string, sealed: Buffer): Buffer | undefined;
  /** Under a secret that is not in the database. */
  digest(account: string, text: string): Buffer;
}

export interface SecondFactorStatus {
  readonly enrolled: boolean;
  readonly since?: string;
  readonly recoveryCodesLeft: number;
}

const ISSUER = 'motcua';

/** Second factors of accounts: TOTP (RFC 6238), and codes for when the telephone is lost. */
export class SecondFactors {
  constructor(
    private readonly pool: Pool,
    private readonly clock: Clock,
    private readonly keeper: SecretKeeper,
  ) {}

  async status(account: string): Promise<SecondFactorStatus> {
    const { rows } = await this.pool.query<{ since: string; left: number }>(
      `SELECT confirmed_at AS since,
              (SELECT count(*)::int FROM access.recovery_codes codes WHERE codes.account = factor.account) AS left
         FROM access.second_factors factor WHERE account = $1 AND confirmed_at IS NOT NULL`,
      [account],
    );
    const [row] = rows;
    return row
      ? { enrolled: true, since: row.since, recoveryCodesLeft: row.left }
      : { enrolled: false, recoveryCodesLeft: 0 };
  }

  async isNeeded(account: string): Promise<boolean> {
    return (await this.status(account)).enrolled;
  }

  /**
   * The first of two steps: a new secret, which counts once a code of it was shown. An earlier one that never was
   * confirmed is forgotten.
   * @throws Problem `second-factor-there`
   */
  async begin(account: string): Promise<{ secret: string; uri: string }> {
    const secret = randomBytes(SECRET_BYTES);
    const { rowCount } = await this.pool.query(
      `INSERT INTO access.second_factors AS known (account, secret) VALUES ($1, $2)
         ON CONFLICT (account) DO UPDATE SET secret = excluded.secret, last_step = 0
         WHERE known.confirmed_at IS NULL`,
      [account, this.keeper.seal(account, secret)],
    );
    if (rowCount === 0) throw new Problem('second-factor-there');
    return enrolmentOf(secret, account, ISSUER);
  }

  /**
   * The second step. @returns recovery codes, which are shown this once
   * @throws Problem `second-factor-not-begun`, `second-factor-there`, `code-wrong`
   */
  async confirm(account: string, code: string): Promise<string[]> {
    const now = this.clock.now();
    const factor = await this.factorOf(account);
    if (!factor) throw new Problem('second-factor-not-begun');
    if (factor.confirmed) throw new Problem('second-factor-there');
    const step = stepOf(factor.secret, code, now);
    if (step === undefined) throw new Problem('code-wrong');
    const codes = Array.from({ length: RECOVERY_CODES }, () => recoveryCode(randomBytes(RECOVERY_BYTES)));
    // Whoever confirms the same at once, or begins anew, must not get a second set of codes.
    const { rowCount } = await this.pool.query(
      `WITH factor AS (
         UPDATE access.second_factors SET confirmed_at = $2, last_step = $3
          WHERE account = $1 AND confirmed_at IS NULL AND secret = $4 RETURNING account)
       INSERT INTO access.recovery_codes (account, digest)
         SELECT account, unnest($5::bytea[]) FROM factor`,
      [
        ...[account, new Date(now).toISOString(), step, factor.sealed],
        codes.map((text) => this.digestOf(account, text)),
      ],
    );
    if (rowCount === 0) throw new Problem('second-factor-there');
    return codes;
  }

  /** Whether this is a code of just now, or one for recovery, that was not used before. From now on it is used. */
  async verify(account: string, code: string): Promise<boolean> {
    const factor = await this.factorOf(account);
    if (!factor?.confirmed) return false;
    const step = stepOf(factor.secret, code, this.clock.now());
    if (step !== undefined) {
      const { rowCount } = await this.pool.query(
        `UPDATE access.second_factors SET last_step = $2 WHERE account = $1 AND secret = $3 AND last_step < $2`,
        [account, step, factor.sealed],
      );
      return rowCount === 1;
    }
    if (bareRecoveryCode(code) === undefined) return false;
    const { rowCount } = await this.pool.query(
      `DELETE FROM access.recovery_codes WHERE account = $1 AND digest = $2`,
      [account, this.digestOf(account, code)],
    );
    return rowCount === 1;
  }

  /** @returns whether there was one */
  async remove(account: string): Promise<boolean> {
    const { rowCount } = await this.pool.query(
      `DELETE FROM access.second_factors WHERE account = $1 AND confirmed_at IS NOT NULL`,
      [account],
    );
    return rowCount === 1;
  }

  private digestOf(account: string, code: string): Buffer {
    return this.keeper.digest(account, bareRecoveryCode(code) ?? '');
  }

  private async factorOf(
    account: string,
  ): Promise<{ secret: Buffer; sealed: Buffer; confirmed: boolean } | undefined> {
    const { rows } = await this.pool.query<{ sealed: Buffer; confirmed: boolean }>(
      `SELECT secret AS sealed, confirmed_at IS NOT NULL AS confirmed FROM access.second_factors WHERE account = $1`,
      [account],
    );
    const [row] = rows;
    if (!row) return undefined;
    const secret = this.keeper.open(account, row.sealed);
    if (!secret) throw new Problem('second-factor-damaged', { account });
    return { ...row, secret };
  }
}
