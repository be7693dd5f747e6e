import { randomBytes } from 'node:crypto';
import type { Pool } from 'pg';
import { Problem } from '#libs/problem/problem.js';
import { KEY_BYTES, NONCE_BYTES } from './box.js';
import { DIGEST_SECRET, type MasterKey, type MasterKeys, wrapKey } from './master-keys.js';

/** The one row of personal_data.secrets. */
export interface Secret {
  /** The digest secret, wrapped. */
  readonly key: Buffer;
  /** Id of the master key that wraps it, and new keys. */
  readonly master: string;
  /** Ids of further ones that some keys may still be under. */
  readonly others: readonly string[];
}

type Queryable = Pick<Pool, 'query'>;

const READ = `SELECT key, master, others FROM personal_data.secrets WHERE name = 'digest'`;

export async function readSecret(pool: Queryable): Promise<Secret | undefined> {
  return (await pool.query<Secret>(READ)).rows[0];
}

/** For a transaction that changes it; every vault has made one. */
export async function lockSecret(client: Queryable): Promise<Secret> {
  return required((await client.query<Secret>(`${READ} FOR UPDATE`)).rows[0]);
}

/** One process makes it, all take that one. */
export async function makeSecret(pool: Queryable, { first }: MasterKeys): Promise<Secret> {
  const secret = randomBytes(KEY_BYTES);
  await pool.query(
    `INSERT INTO personal_data.secrets (name, key, master) VALUES ('digest', $1, $2) ON CONFLICT DO NOTHING`,
    [wrapAnew(first, DIGEST_SECRET, secret), first.id],
  );
  secret.fill(0);
  return required(await readSecret(pool));
}

/** Wraps with a nonce of its own. */
export function wrapAnew(master: MasterKey, subject: string, clear: Buffer): Buffer {
  return wrapKey(master, randomBytes(NONCE_BYTES), subject, clear);
}

/** Advisory lock of whoever changes many keys: "keys" as a number of our own. */
const KEYS_LOCK = 7_266_404;

/**
 * Runs work on the key store as the only one of its kind, beside services.
 * @throws Problem `keys-busy`
 */
export async function aloneWithKeys<T>(pool: Pool, work: () => Promise<T>): Promise<T> {
  const client = await pool.connect();
  // Losing it loses the lock; the work itself then fails at its next query.
  const ignore = (): void => undefined;
  client.on('error', ignore);
  try {
    const { rows } = await client.query<{ locked: boolean }>('SELECT pg_try_advisory_lock($1) AS locked', [
      KEYS_LOCK,
    ]);
    if (!rows[0]?.locked) throw new Problem('keys-busy');
    return await work();
  } finally {
    // The end of the connection lets go of it too, but the next one may ask before the server has seen that.
    await client.query('SELECT pg_advisory_unlock_all()').catch(ignore);
    client.off('error', ignore);
    client.release(true);
  }
}

function required(secret: Secret | undefined): Secret {
  if (!secret) throw new Error('personal_data.secrets has lost its row');
  return secret;
}
