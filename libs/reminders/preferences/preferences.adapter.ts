import { type Kysely, type Migration, sql } from 'kysely';
import type { Pool } from 'pg';
import {
  type MailPreference,
  NO_PREFERENCE,
  type Preference,
  type Preferences,
  type QuietHours,
} from './preference.js';

export const preferenceMigrations: Record<string, Migration> = {
  '2027-01-notification-preferences': {
    async up(db: Kysely<unknown>): Promise<void> {
      for (const statement of TABLES) await sql.raw(statement).execute(db);
    },
  },
};

const TABLES = [
  `CREATE SCHEMA IF NOT EXISTS notifications`,
  `CREATE TABLE notifications.preferences (
     account     text PRIMARY KEY,
     -- Sealed for this account; who reads the database alone cannot read it.
     address     bytea,
     mail        text NOT NULL DEFAULT 'each' CHECK (mail IN ('each', 'digest', 'none')),
     quiet_hours jsonb NOT NULL DEFAULT '[]'
   )`,
];

/** What keeps addresses from who reads the database. */
export interface AddressKeeper {
  seal(account: string, clear: Buffer): Buffer;
  /** @returns undefined if it was changed, or is of another account */
  open(account: string, sealed: Buffer): Buffer | undefined;
}

interface Row {
  readonly account: string;
  readonly address: Buffer | null;
  readonly mail: MailPreference;
  readonly quiet_hours: readonly QuietHours[];
}

/** Preferences as rows, not events: an address that somebody took away is gone. */
export class PostgresPreferences implements Preferences {
  constructor(
    private readonly pool: Pool,
    private readonly keeper: AddressKeeper,
  ) {}

  async of(accounts: readonly string[]): Promise<ReadonlyMap<string, Preference>> {
    const { rows } = await this.pool.query<Row>(
      `SELECT account, address, mail, quiet_hours FROM notifications.preferences WHERE account = ANY($1)`,
      [accounts],
    );
    const known = new Map(rows.map((row) => [row.account, this.preferenceOf(row)]));
    return new Map(accounts.map((account) => [account, known.get(account) ?? NO_PREFERENCE]));
  }

  async put(account: string, { address, mail, quietHours }: Preference): Promise<void> {
    await this.pool.query(
      `INSERT INTO notifications.preferences (account, address, mail, quiet_hours) VALUES ($1, $2, $3, $4)
         ON CONFLICT (account) DO UPDATE
           SET address = excluded.address, mail = excluded.mail, quiet_hours = excluded.quiet_hours`,
      [account, this.sealed(account, address), mail, JSON.stringify(quietHours)],
    );
  }

  /** Leaves all else as it is. */
  async putAddress(account: string, address: string | null): Promise<void> {
    await this.pool.query(
      `INSERT INTO notifications.preferences (account, address) VALUES ($1, $2)
         ON CONFLICT (account) DO UPDATE SET address = excluded.address`,
      [account, this.sealed(account, address)],
    );
  }

  /** All that was known of how to reach this account. */
  async forget(account: string): Promise<void> {
    await this.pool.query(`DELETE FROM notifications.preferences WHERE account = $1`, [account]);
  }

  private sealed(account: string, address: string | null): Buffer | null {
    return address === null ? null : this.keeper.seal(account, Buffer.from(address));
  }

  /** An address that does not open any more is none: its owner gives it again. */
  private preferenceOf({ account, address, mail, quiet_hours: quietHours }: Row): Preference {
    const clear = address && this.keeper.open(account, address);
    return { address: clear?.toString() ?? null, mail, quietHours };
  }
}
