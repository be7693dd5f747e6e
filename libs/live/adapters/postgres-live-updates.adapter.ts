import type { Pool } from 'pg';
import { Listener } from '#libs/read-db/listener.adapter.js';
import { GatheredUpdates } from '../gathered-updates.js';
import type { LiveUpdates } from '../live-updates.js';

const CHANNEL = 'motcua_live';

/** Between the processes on one PostgreSQL database, by NOTIFY and LISTEN. Connects when somebody subscribes. */
export function postgresLiveUpdates(pool: Pool): LiveUpdates {
  let listener: Listener | undefined;
  return new GatheredUpdates({
    send: (message) => pool.query('SELECT pg_notify($1, $2)', [CHANNEL, message]),
    listen: (heard) => {
      listener = new Listener(pool, CHANNEL, { notice: heard });
      listener.start();
    },
    close: async () => listener?.close(),
  });
}
