import type { Pool } from 'pg';
import { withClient } from '#libs/projection/transaction.js';
import type { Delivery } from './reminder.events.js';
import type { Parcel, Waiting } from './deliver.js';
import { type StoredWatched, waitingFor } from './watched.projection.js';

const MOST = 1_000;

/** What waits for an addressee, as far as the read model knows. */
export class PostgresWaiting implements Waiting {
  constructor(private readonly pool: Pool) {}

  async hasMoreThan(count: number, addressee: Delivery): Promise<boolean> {
    const { rowCount } = await this.pool.query(
      `SELECT FROM reminders.watched, unnest(waiting) AS one
       WHERE waiting @> ARRAY[$1] AND one = $1 LIMIT $2`,
      [waitingFor(addressee), count + 1],
    );
    return (rowCount ?? 0) > count;
  }

  async of(addressee: Delivery): Promise<Parcel[]> {
    const { rows } = await this.pool.query<{ code: string; pending: StoredWatched['pending'] }>(
      `SELECT code, watched->'pending' AS pending FROM reminders.watched
       WHERE waiting @> ARRAY[$1] ORDER BY code LIMIT ${MOST}`,
      [waitingFor(addressee)],
    );
    return rows.flatMap(({ code, pending }) =>
      pending
        .filter(({ channel, to }) => channel === addressee.channel && to === addressee.to)
        .map((one) => ({ code, ...one })),
    );
  }

  alone(addressee: Delivery, work: () => Promise<void>): Promise<boolean> {
    const lock = [`reminders ${waitingFor(addressee)}`];
    return withClient(this.pool, async (client) => {
      const { rows } = await client.query<{ mine: boolean }>(
        'SELECT pg_try_advisory_lock(hashtextextended($1, 0)) AS mine',
        lock,
      );
      if (!rows[0]?.mine) return false;
      try {
        await work();
      } finally {
        await client.query('SELECT pg_advisory_unlock(hashtextextended($1, 0))', lock);
      }
      return true;
    });
  }
}
