import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { Problem } from '#libs/problem/problem.js';
import { startCluster, stopCluster } from './cluster.adapter.js';
import { asProblem, codeOf, openDataFolder, type DataFolder } from './data-folder.adapter.js';
import { postgresBinaries } from './postgres-binaries.adapter.js';
import { isServerOf, readPostmaster, removeStalePidFile } from './postmaster.adapter.js';
import { createRunner } from './run-as.adapter.js';

export interface EmbeddedPostgresOptions {
  readonly dataFolder: string;
  readonly log?: (line: string) => void;
  /** False trades safety against a power cut for speed; for tests. Default true. */
  readonly durable?: boolean;
  /** Whether the last one who closes stops the server; default true. */
  readonly stopOnClose?: boolean;
  /** Where to start it if that port is free; otherwise on any other. */
  readonly port?: number;
}

export interface EmbeddedPostgres {
  /** Of the database `motcua`, password included. */
  readonly url: string;
  /** Whether the server ran already, be it another process's or left by one that was killed. */
  readonly reused: boolean;
  /** Whether no server runs in the data folder any more. */
  gone(): Promise<boolean>;
  /** Stops the server unless another process or any other client is connected; end your own connections first. */
  close(): Promise<void>;
}

/** Whoever uses the server holds this advisory lock shared; who stops it, exclusively. It is "motc" as a number. */
const IN_USE = 0x6d6f7463;
/** Connections that hold the lock are not counted beside it: two who leave together would wait for each other. */
const HOLDER = 'motcua-holder';
const STARTS = 4;
const ROUNDS = 600;
const ROUND_MS = 100;

/**
 * Opens the PostgreSQL server of a data folder, which it makes, starts, waits for or reuses as needed; any number of
 * processes may do so at the same moment. The server is a daemon of its own: no signal of the terminal reaches it,
 * and it survives the process.
 *
 * Problems: those of `openDataFolder`, `createRunner` and `startCluster`, `embedded-postgres-missing`, and
 * `database-not-answering` when a server that runs does not let us in within a minute.
 */
export async function openEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const folder = await openDataFolder(options.dataFolder);
  try {
    return await open(folder, options);
  } catch (error) {
    throw asProblem(error, folder.path);
  }
}

async function open(folder: DataFolder, options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const log = options.log ?? (() => undefined);
  const binaries = await postgresBinaries();
  const runner = await createRunner(folder.path, folder.cluster, binaries.initdb);
  let started = false;
  let failures = 0;
  let doubted: string | undefined;
  for (let round = 0; round < ROUNDS; round++) {
    const postmaster = await readPostmaster(folder.cluster);
    if (postmaster === undefined) {
      try {
        started = await startCluster(folder, binaries, runner, options, log);
      } catch (error) {
        // Once may be another process, which stopped the server while it started.
        const again = error instanceof Problem && error.type === 'database-start-failed';
        if (!again || ++failures === STARTS) throw error;
      }
      if (started) continue;
    } else {
      const holder = postmaster.port === undefined ? undefined : await enter(folder, postmaster.port);
      if (holder !== undefined && postmaster.port !== undefined) {
        await createDatabase(holder);
        const stop = () => stopCluster(folder, binaries, runner);
        const close = () => leave(holder, options.stopOnClose === false ? undefined : stop);
        const gone = () => isGone(folder);
        return { url: urlOf(folder, postmaster.port, 'motcua'), reused: !started, gone, close };
      }
      if (await isServerOf(postmaster.pid, folder.cluster)) {
        if (round === 10) log('waiting for the database, which is starting, recovering or stopping');
      } else if (doubted === postmaster.text) {
        log('removing the pid file of a database server that is gone');
        await removeStalePidFile(folder.cluster, postmaster);
        continue;
      } else doubted = postmaster.text;
    }
    await delay(ROUND_MS);
  }
  throw new Problem('database-not-answering', { folder: folder.path, log: folder.log });
}

async function isGone(folder: DataFolder): Promise<boolean> {
  const postmaster = await readPostmaster(folder.cluster);
  return postmaster === undefined || !(await isServerOf(postmaster.pid, folder.cluster));
}

function urlOf(folder: DataFolder, port: number, database: string): string {
  return `postgresql://motcua:${folder.password}@127.0.0.1:${port}/${database}`;
}

/** A connection that marks the server as in use; undefined when it does not answer or is about to be stopped. */
async function enter(folder: DataFolder, port: number): Promise<pg.Client | undefined> {
  const holder = new pg.Client({
    connectionString: urlOf(folder, port, 'postgres'),
    application_name: HOLDER,
    connectionTimeoutMillis: 5_000,
  });
  holder.on('error', () => undefined);
  try {
    await holder.connect();
    if (await ask(holder, `SELECT pg_try_advisory_lock_shared(${IN_USE}) AS answer`)) return holder;
  } catch {
    // Not there, not ready, or another program's by now: the caller looks at its process.
  }
  await holder.end().catch(() => undefined);
  return undefined;
}

async function leave(holder: pg.Client, stop: (() => Promise<void>) | undefined): Promise<void> {
  try {
    // A server that breaks off the connection is being stopped, or restarts by itself and is found by the next open.
    if (stop !== undefined && (await isLast(holder).catch(() => false))) await stop();
  } finally {
    await holder.end().catch(() => undefined);
  }
}

/** Asks for half a second, since connections just ended are still counted. Keeps newcomers out when it says yes. */
async function isLast(holder: pg.Client): Promise<boolean> {
  await holder.query(`SELECT pg_advisory_unlock_shared(${IN_USE})`);
  for (let round = 0; round < 10; round++) {
    if (await ask(holder, `SELECT pg_try_advisory_lock(${IN_USE}) AS answer`)) {
      const alone = `SELECT count(*) = 0 AS answer FROM pg_stat_activity
                     WHERE backend_type = 'client backend' AND application_name <> '${HOLDER}'`;
      if (await ask(holder, alone)) return true;
      await holder.query(`SELECT pg_advisory_unlock(${IN_USE})`);
    }
    await delay(ROUND_MS / 2);
  }
  return false;
}

async function ask(client: pg.Client, question: string): Promise<boolean> {
  const { rows } = await client.query<{ answer: boolean }>(question);
  return rows[0]?.answer === true;
}

async function createDatabase(holder: pg.Client): Promise<void> {
  if (await ask(holder, `SELECT true AS answer FROM pg_database WHERE datname = 'motcua'`)) return;
  try {
    await holder.query('CREATE DATABASE motcua');
  } catch (error) {
    const madeByAnother = ['42P04', '23505'].includes(codeOf(error) ?? '');
    if (!madeByAnother) throw error;
  }
}
