import pg from 'pg';
import { Problem } from '#libs/problem/problem.js';
import { codeOf, messageOf } from './data-folder.adapter.js';
import { openEmbeddedPostgres } from './embedded-postgres.adapter.js';
import { keepEmbedded } from './keep-embedded.adapter.js';
import { createPool } from './pool.adapter.js';

const OLDEST_MAJOR = 14;
const CONNECT_MS = 10_000;

export interface DatabaseOptions {
  /** A PostgreSQL of the user's; without it the embedded one of the data folder. */
  readonly databaseUrl?: string | undefined;
  /** Where the person has written that address, for problems with it. */
  readonly databaseSetting?: string | undefined;
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
  const { databaseUrl, databaseSetting: setting = 'DATABASE_URL', dataFolder, log } = options;
  if (databaseUrl !== undefined && databaseUrl !== '') {
    const address = addressOf(databaseUrl, setting);
    await checkVersion(databaseUrl, address).catch((error: unknown) => {
      throw connectProblem(error, address, setting);
    });
    const pool = createPool(databaseUrl, log);
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

/** By a connection of its own: a pool leaves one open whose login broke off on our side, and that keeps the process. */
async function checkVersion(databaseUrl: string, address: string): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl, connectionTimeoutMillis: CONNECT_MS });
  client.on('error', () => undefined);
  try {
    await client.connect();
    const { rows } = await client.query<{ number: number; text: string }>(
      `SELECT current_setting('server_version_num')::int AS number, current_setting('server_version') AS text`,
    );
    const version = rows[0];
    if (version !== undefined && version.number < OLDEST_MAJOR * 10_000) {
      throw new Problem('database-too-old', { address, found: version.text, needed: OLDEST_MAJOR });
    }
  } finally {
    // Of one that never came to be the end is not told.
    client.end().catch(() => undefined);
  }
}

/** Host, port and database, never the password. */
function addressOf(databaseUrl: string, setting: string): string {
  try {
    const url = new URL(databaseUrl);
    if (/^postgres(ql)?:$/.test(url.protocol)) return `${url.host}${url.pathname}`;
  } catch {
    // Told below, as any other text that is not such an address.
  }
  throw new Problem('database-url-wrong', {
    setting,
    example: 'postgresql://user:password@host:5432/database',
  });
}

function connectProblem(error: unknown, address: string, setting: string): unknown {
  if (error instanceof Problem) return error;
  const code = codeOf(error);
  // The client has no code for a password that the server asks for and the address does not hold.
  const unsaid = /client password must be/.test(messageOf(error));
  if (unsaid || code === '28P01' || code === '28000') {
    return new Problem('database-login-refused', { address, setting });
  }
  if (code === '3D000') return new Problem('database-not-found', { address, setting });
  // Of several addresses tried, the error as a whole has no words of its own.
  const reason = messageOf(error) || (code ?? 'no answer');
  return new Problem('database-unreachable', { address, setting, reason });
}
