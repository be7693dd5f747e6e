import type pg from 'pg';
import { Problem } from '#libs/problem/problem.js';
import { codeOf, messageOf } from './data-folder.adapter.js';
import { openEmbeddedPostgres } from './embedded-postgres.adapter.js';
import { keepEmbedded } from './keep-embedded.adapter.js';
import { createPool } from './pool.adapter.js';

const OLDEST_MAJOR = 14;

export interface DatabaseOptions {
  /** A PostgreSQL of the user's; without it the embedded one of the data folder. */
  readonly databaseUrl?: string | undefined;
  readonly dataFolder: string;
  readonly log?: (line: string) => void;
}

export interface Database {
  /** Gives values as `databaseTypes` says. */
  readonly pool: pg.Pool;
  readonly url: string;
  /** Ends the pool; an embedded server stops when no other process uses it. */
  close(): Promise<void>;
}

/**
 * The database of the product, checked to answer and to be new enough.
 * Problems for a database of the user's: `database-url-wrong`, `database-unreachable`, `database-login-refused`,
 * `database-not-found`, `database-too-old`; for the embedded one see `openEmbeddedPostgres`.
 */
export async function openDatabase(options: DatabaseOptions): Promise<Database> {
  const { databaseUrl, dataFolder, log } = options;
  if (databaseUrl !== undefined && databaseUrl !== '') {
    const address = addressOf(databaseUrl);
    const pool = createPool(databaseUrl, log);
    try {
      await checkVersion(pool, address);
    } catch (error) {
      await pool.end();
      throw connectProblem(error, address);
    }
    return { pool, url: databaseUrl, close: () => pool.end() };
  }
  const embeddedOptions = log === undefined ? { dataFolder } : { dataFolder, log };
  const embedded = await openEmbeddedPostgres(embeddedOptions);
  const pool = createPool(embedded.url, log);
  const leave = keepEmbedded(embedded, embeddedOptions, (url) => (pool.options.connectionString = url));
  const close = async (): Promise<void> => {
    await pool.end();
    await leave();
  };
  return { pool, url: embedded.url, close };
}

async function checkVersion(pool: pg.Pool, address: string): Promise<void> {
  const { rows } = await pool.query<{ number: number; text: string }>(
    `SELECT current_setting('server_version_num')::int AS number, current_setting('server_version') AS text`,
  );
  const version = rows[0];
  if (version !== undefined && version.number < OLDEST_MAJOR * 10_000) {
    throw new Problem('database-too-old', { address, found: version.text, needed: OLDEST_MAJOR });
  }
}

/** Host, port and database, never the password. */
function addressOf(databaseUrl: string): string {
  try {
    const url = new URL(databaseUrl);
    if (/^postgres(ql)?:$/.test(url.protocol)) return `${url.host}${url.pathname}`;
  } catch {
    // Told below, as any other text that is not such an address.
  }
  throw new Problem('database-url-wrong', { example: 'postgresql://user:password@host:5432/database' });
}

function connectProblem(error: unknown, address: string): unknown {
  if (error instanceof Problem) return error;
  const code = codeOf(error);
  if (code === '28P01' || code === '28000') return new Problem('database-login-refused', { address });
  if (code === '3D000') return new Problem('database-not-found', { address });
  // Of several addresses tried, the error as a whole has no words of its own.
  return new Problem('database-unreachable', { address, reason: messageOf(error) || (code ?? 'no answer') });
}
