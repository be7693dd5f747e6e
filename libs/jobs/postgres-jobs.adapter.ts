import { setTimeout as sleep } from 'node:timers/promises';
import { PostgresConnection, PostgresQueueBackend, runMigrations } from 'bullmq';
import pg from 'pg';
import { codeOf } from '#libs/read-db/data-folder.adapter.js';
import type { JobBackend } from './job-backend.js';

const SCHEMA = 'bullmq';
/** Each worker keeps one connection to be woken by; the rest are for short queries. */
const CONNECTIONS = 20;
/** After a failed question for work. BullMQ would ask again at once. */
const ASK_AGAIN_MS = 500;
/** At most, since a clock that is set forward makes waiting jobs due and wakes no one. */
const LOOK_AGAIN_SECONDS = 10;
/** No such schema, table, function or type: somebody has dropped them. */
const LOST = new Set(['3F000', '42P01', '42883', '42704']);

/** Jobs in the schema `bullmq` of a PostgreSQL, over connections of its own. */
export async function postgresJobs(
  databaseUrl: string,
  onError: (error: unknown) => void,
): Promise<JobBackend> {
  const pool = jobPool(databaseUrl);
  pool.on('error', onError);
  let mending: Promise<void> | undefined;
  /** Once for all who ask meanwhile; a lock in the database does the same between processes. */
  const ensure = (): Promise<void> =>
    (mending ??= ensureTables(pool).finally(() => {
      mending = undefined;
    }));
  const onFailedFetch = async (error: unknown): Promise<void> => {
    if (LOST.has(codeOf(error) ?? '')) await ensure().catch(onError);
    await sleep(ASK_AGAIN_MS);
  };
  try {
    await ensure();
  } catch (error) {
    await pool.end();
    throw error;
  }
  return {
    kind: 'postgresql',
    factory: (name, options, { withBlockingConnection } = {}) =>
      new Backend(pool, name, options, withBlockingConnection ? name : undefined, onFailedFetch, onError),
    ensure,
    close: () => pool.end(),
  };
}

function jobPool(databaseUrl: string): pg.Pool {
  const options = {
    connectionString: databaseUrl,
    application_name: 'motcua jobs',
    max: CONNECTIONS,
    connectionTimeoutMillis: 10_000,
    keepAlive: true,
    // The pool waits for it before it gives the connection to anyone.
    onConnect: (client: pg.ClientBase): Promise<unknown> => client.query(`SET search_path TO ${SCHEMA}`),
  };
  // Every queue and worker listens for its errors.
  return new pg.Pool(options).setMaxListeners(0);
}

async function ensureTables(pool: pg.Pool): Promise<void> {
  const client = await pool.connect();
  try {
    await runMigrations(client, SCHEMA);
  } finally {
    client.release();
  }
}

/** BullMQ's own looks at the tables once and remembers a failure for ever; here they are made before. */
class Connection extends PostgresConnection {
  override waitUntilReady(): Promise<void> {
    return Promise.resolve();
  }
}

class Backend extends PostgresQueueBackend {
  constructor(
    pool: pg.Pool,
    name: string,
    options: object,
    listenName: string | undefined,
    private readonly onFailedFetch: (error: unknown) => Promise<void>,
    private readonly onError: (error: unknown) => void,
  ) {
    super(new Connection(pool), name, { ...options, connection: pool }, true, listenName);
  }

  override get maximumBlockTimeout(): number {
    return LOOK_AGAIN_SECONDS;
  }

  /** It is asked for again after its interval. BullMQ would wait five seconds, also while it is being closed. */
  override async moveStalledJobsToWait(): Promise<string[]> {
    try {
      return await super.moveStalledJobsToWait();
    } catch (error) {
      this.onError(error);
      return [];
    }
  }

  override async moveToActive(
    ...given: Parameters<PostgresQueueBackend['moveToActive']>
  ): ReturnType<PostgresQueueBackend['moveToActive']> {
    try {
      return await super.moveToActive(...given);
    } catch (error) {
      await this.onFailedFetch(error);
      throw error;
    }
  }
}
