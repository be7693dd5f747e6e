import type { Pool } from 'pg';
import { Problem } from '#libs/problem/problem.js';

/** Advisory lock of whoever copies into a database: a number of our own. */
const COPYING = 7_266_405;

/**
 * Programs of motcua name their connections, and keep some open: those of others show in the database.
 * @param found what to throw then
 */
export async function requireNoOthers(
  places: readonly { readonly where: string; readonly pool: Pool }[],
  found = (where: string): Problem => new Problem('service-still-running', { where }),
): Promise<void> {
  const own = places.map(({ pool }) => pool.options.application_name ?? '');
  for (const { where, pool } of places) {
    const { rows } = await pool.query<{ others: boolean }>(
      `SELECT EXISTS (SELECT FROM pg_stat_activity
        WHERE datname = current_database() AND application_name LIKE 'motcua %'
          AND application_name <> ALL($1)) AS others`,
      [own],
    );
    if (rows[0]?.others) throw found(where);
  }
}

/**
 * Runs work that writes to this database's log as the only one of its kind.
 * @throws Problem `copy-already-running`
 */
export async function asOnlyCopy<T>(pool: Pool, where: string, work: () => Promise<T>): Promise<T> {
  const client = await pool.connect();
  // Losing it loses the lock; the work itself then fails at its next query.
  const ignore = (): void => undefined;
  client.on('error', ignore);
  try {
    const { rows } = await client.query<{ locked: boolean }>('SELECT pg_try_advisory_lock($1) AS locked', [
      COPYING,
    ]);
    if (!rows[0]?.locked) throw new Problem('copy-already-running', { where });
    return await work();
  } finally {
    client.off('error', ignore);
    // Closed, not given back: its end lets go of the lock.
    client.release(true);
  }
}

/** Which database of which server a pool leads to, by whatever name: the same for two pools if it is one. */
export async function identityOf(pool: Pool): Promise<string> {
  const { rows } = await pool.query<{ identity: string }>(
    `SELECT extract(epoch FROM pg_postmaster_start_time())::text || ' ' || oid::text AS identity
       FROM pg_database WHERE datname = current_database()`,
  );
  return rows[0]?.identity ?? '';
}
