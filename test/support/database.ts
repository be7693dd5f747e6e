import { randomBytes } from 'node:crypto';
import type pg from 'pg';
import { openEmbeddedPostgres } from '#libs/read-db/embedded-postgres.adapter.js';
import { createPool } from '#libs/read-db/pool.adapter.js';

export interface TestDatabase {
  readonly pool: pg.Pool;
  readonly url: string;
  /** Ends the pool and removes the database, whoever is still connected to it. */
  drop(): Promise<void>;
}

let cluster: Promise<string> | undefined;

/** A new, empty database in the cluster that all specs of a run share. Call `drop` in afterAll. */
export async function createTestDatabase(): Promise<TestDatabase> {
  const clusterUrl = await (cluster ??= openCluster());
  const name = `test_${randomBytes(8).toString('hex')}`;
  await withAdmin(clusterUrl, (admin) => admin.query(`CREATE DATABASE ${name}`));
  const url = databaseIn(clusterUrl, name);
  const pool = createPool(url);
  return {
    pool,
    url,
    drop: async () => {
      if (!pool.ended) await pool.end();
      await withAdmin(clusterUrl, (admin) => admin.query(`DROP DATABASE ${name} WITH (FORCE)`));
    },
  };
}

function databaseIn(clusterUrl: string, name: string): string {
  const url = new URL(clusterUrl);
  url.pathname = `/${name}`;
  return url.href;
}

/**
 * It runs on until the global teardown, so that the specs after this one find it. A server of the user's in its place
 * must let us make databases.
 */
async function openCluster(): Promise<string> {
  const given = process.env['MOTCUA_TEST_DATABASE'];
  if (given) return given;
  const dataFolder = process.env['MOTCUA_TEST_DATA'];
  if (dataFolder === undefined) throw new Error('MOTCUA_TEST_DATA is set by the global setup of Jest.');
  const { url, close } = await openEmbeddedPostgres({ dataFolder, durable: false, stopOnClose: false });
  await close();
  return url;
}

async function withAdmin(url: string, work: (admin: pg.Pool) => Promise<unknown>): Promise<void> {
  const admin = createPool(url);
  try {
    await work(admin);
  } finally {
    await admin.end();
  }
}
