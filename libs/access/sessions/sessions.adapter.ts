import { randomBytes, randomUUID } from 'node:crypto';
import { type Kysely, type Migration, sql } from 'kysely';
import type { Pool } from 'pg';
import { type Clock, isoNow } from '#libs/event-log/clock.js';
import { sha256 } from '#libs/event-log/hash.js';
import { endOf, type Session, SESSION_LIMITS, type SessionLimits } from './session.js';

export const sessionMigrations: Record<string, Migration> = {
  '2026-12-sessions': {
    async up(db: Kysely<unknown>): Promise<void> {
      await sql.raw('CREATE SCHEMA IF NOT EXISTS access').execute(db);
      for (const statement of TABLE) await sql.raw(statement).execute(db);
    },
  },
};

const TABLE = [
  `CREATE TABLE access.sessions (
     id           uuid PRIMARY KEY,
     secret       text NOT NULL UNIQUE,
     account      text NOT NULL,
     how          text NOT NULL,
     started_at   timestamptz NOT NULL,
     last_seen_at timestamptz NOT NULL,
     address      text NOT NULL,
     user_agent   text NOT NULL,
     grants       jsonb
   )`,
  'CREATE INDEX sessions_account ON access.sessions (account)',
];

const COLUMNS = `id, account, how, started_at AS "startedAt", last_seen_at AS "lastSeenAt", address,
  user_agent AS "userAgent", grants`;
/** A session that is in use is written down as often. */
const SEEN_MS = 60_000;
const SECRET = /^[\w-]{43}$/;
const ID = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/;

/** Sessions of browsers. Only the hash of a secret is kept; who reads the table cannot use one. */
export class Sessions {
  constructor(
    private readonly pool: Pool,
    private readonly clock: Clock,
    readonly limits: SessionLimits = SESSION_LIMITS,
  ) {}

  /** Always under a new secret, whatever the browser had before. */
  async begin(
    given: Pick<Session, 'account' | 'how' | 'address' | 'userAgent' | 'grants'>,
  ): Promise<{ secret: string; session: Session }> {
    const secret = randomBytes(32).toString('base64url');
    const now = isoNow(this.clock);
    const userAgent = given.userAgent.slice(0, 200);
    const session: Session = { ...given, userAgent, id: randomUUID(), startedAt: now, lastSeenAt: now };
    const { id, account, how, address, grants } = session;
    await this.pool.query(
      `INSERT INTO access.sessions (id, secret, account, how, started_at, last_seen_at, address, user_agent, grants)
         VALUES ($1, $2, $3, $4, $5, $5, $6, $7, $8)`,
      [id, sha256(secret), account, how, now, address, userAgent, grants && JSON.stringify(grants)],
    );
    await this.forgetEnded();
    return { secret, session };
  }

  /** The session of that secret, which is thereby in use; undefined if there is none, or it is over. */
  async use(secret: string): Promise<Session | undefined> {
    if (!SECRET.test(secret)) return undefined;
    const { rows } = await this.pool.query<Session>(
      `SELECT ${COLUMNS} FROM access.sessions WHERE secret = $1`,
      [sha256(secret)],
    );
    const [session] = rows.filter((row) => this.isAlive(row));
    if (!session) return undefined;
    const now = this.clock.now();
    if (now - Date.parse(session.lastSeenAt) < SEEN_MS) return session;
    const lastSeenAt = isoNow(this.clock);
    await this.pool.query('UPDATE access.sessions SET last_seen_at = $2 WHERE id = $1', [
      session.id,
      lastSeenAt,
    ]);
    return { ...session, lastSeenAt };
  }

  /** The newest first. */
  async listOf(account: string): Promise<Session[]> {
    const { rows } = await this.pool.query<Session>(
      `SELECT ${COLUMNS} FROM access.sessions WHERE account = $1 ORDER BY started_at DESC, id`,
      [account],
    );
    return rows.filter((row) => this.isAlive(row));
  }

  /** @returns whether that account had such a session */
  async end(account: string, id: string): Promise<boolean> {
    if (!ID.test(id)) return false;
    const { rowCount } = await this.pool.query('DELETE FROM access.sessions WHERE account = $1 AND id = $2', [
      account,
      id,
    ]);
    return rowCount === 1;
  }

  /** @returns how many there were */
  async endAll(account: string, but: string | null = null): Promise<number> {
    const { rowCount } = await this.pool.query(
      'DELETE FROM access.sessions WHERE account = $1 AND ($2::uuid IS NULL OR id <> $2)',
      [account, but],
    );
    return rowCount ?? 0;
  }

  private isAlive(session: Session): boolean {
    return isoNow(this.clock) < endOf(session, this.limits);
  }

  private async forgetEnded(): Promise<void> {
    const before = (milliseconds: number): string => new Date(this.clock.now() - milliseconds).toISOString();
    await this.pool.query('DELETE FROM access.sessions WHERE started_at <= $1 OR last_seen_at <= $2', [
      before(this.limits.whole),
      before(this.limits.idle),
    ]);
  }
}
