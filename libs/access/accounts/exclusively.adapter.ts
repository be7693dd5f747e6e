import type { Pool } from 'pg';
import { withClient } from '#libs/projection/transaction.js';
import type { Exclusively } from './account-store.js';

/** "acct" as a number. */
const LOCK = 0x61636374;

/**
 * One change of accounts at a time, in all processes: whether an administrator is left cannot be seen from one stream.
 * The lock is PostgreSQL's; if it is lost, the streams are still guarded by their revisions.
 */
export function exclusivelyIn(pool: Pool): Exclusively {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    // In this process first, so that those who wait hold no connection.
    const done = last.then(() =>
      withClient(pool, async (client) => {
        await client.query('SELECT pg_advisory_lock($1)', [LOCK]);
        try {
          return await work();
        } finally {
          await client.query('SELECT pg_advisory_unlock($1)', [LOCK]).catch(() => undefined);
        }
      }),
    );
    last = done.catch(() => undefined);
    return done;
  };
}
