import { open, rename, stat } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Problem } from '#libs/problem/problem.js';
import { createCluster, failure, outputOf } from './create-cluster.adapter.js';
import { textOf, type DataFolder } from './data-folder.adapter.js';
import type { PostgresBinaries } from './postgres-binaries.adapter.js';
import { isAlive, readPostmaster } from './postmaster.adapter.js';
import type { Runner } from './run-as.adapter.js';

/** Errors in the log carry no statement and no detail: these hold names and numbers of citizens. */
const SETTINGS = [
  'listen_addresses=127.0.0.1',
  'unix_socket_directories=',
  'max_connections=100',
  'shared_buffers=128MB',
  'timezone=UTC',
  'log_timezone=UTC',
  'log_error_verbosity=terse',
  'log_min_error_statement=panic',
];
const FAST_AND_UNSAFE = ['fsync=off', 'synchronous_commit=off', 'full_page_writes=off'];
const LOG_BYTES = 10_000_000;

/**
 * Starts the server of the folder, on a free port of the loopback address (`port` if it is free), after making the cluster where there is
 * none. False when it could not be started for a reason that passes: another process was quicker, the port was taken
 * in between, or the last processes of a killed server are still ending.
 *
 * Problems: `database-cluster-newer`, `database-start-failed` (its last words, and where the log is), `disk-full`.
 */
export async function startCluster(
  folder: DataFolder,
  binaries: PostgresBinaries,
  runner: Runner,
  { durable = true, port }: { readonly durable?: boolean; readonly port?: number },
  log: (line: string) => void,
): Promise<boolean> {
  const found = await textOf(join(folder.cluster, 'PG_VERSION'));
  if (found === undefined) {
    log('making the database');
    await createCluster(folder, binaries, runner, durable);
  } else {
    const ours = /\d+/.exec(await runner.run(binaries.postgres, ['--version']))?.[0];
    if (found.trim() !== ours) {
      const type = Number(found) > Number(ours) ? 'database-cluster-newer' : 'database-cluster-older';
      throw new Problem(type, { folder: folder.cluster, found: found.trim(), known: ours ?? '' });
    }
    // A copy or a backup that root put back is root's.
    if ((await stat(folder.cluster)).uid === 0) await runner.own(folder.cluster);
  }
  const logStart = await prepareLog(folder.log, runner);
  const settings = durable ? SETTINGS : [...SETTINGS, ...FAST_AND_UNSAFE];
  const server = ['-p', String(await freePort(port)), ...settings.flatMap((setting) => ['-c', setting])].join(
    ' ',
  );
  try {
    await runner.run(binaries.pg_ctl, [
      'start',
      '-D',
      folder.cluster,
      '-l',
      folder.log,
      '-w',
      '-t',
      '60',
      '-o',
      server,
    ]);
    return true;
  } catch (error) {
    const words = `${(await textOf(folder.log))?.slice(logStart) ?? ''}\n${outputOf(error)}`;
    if (/already exists|Address already in use|pre-existing shared memory|starting up/.test(words))
      return false;
    throw failure(folder, words);
  }
}

/**
 * Stops the server, breaking off what is connected, and waits for its end, a minute at most. Does not leave the
 * waiting to pg_ctl, which takes a server that another process starts the moment after for the one to wait for.
 */
export async function stopCluster(
  folder: DataFolder,
  binaries: PostgresBinaries,
  runner: Runner,
): Promise<void> {
  const server = await readPostmaster(folder.cluster);
  if (server === undefined) return;
  try {
    await runner.run(binaries.pg_ctl, ['stop', '-D', folder.cluster, '-m', 'fast', '-W']);
  } catch (error) {
    if (isAlive(server.pid)) throw error;
  }
  for (let round = 0; round < 1200 && isAlive(server.pid); round++) {
    if ((await readPostmaster(folder.cluster))?.pid !== server.pid) return;
    await delay(50);
  }
}

/** Makes the log writable for the server, sets a long one aside as `.1`, and tells where the next words will stand. */
async function prepareLog(file: string, runner: Runner): Promise<number> {
  const size = await stat(file)
    .then((found) => found.size)
    .catch(() => 0);
  if (size > LOG_BYTES) await rename(file, `${file}.1`);
  await (await open(file, 'a', 0o600)).close();
  await runner.own(file);
  return (await textOf(file))?.length ?? 0;
}

/** A port no one listens on at this moment: the wanted one if it is such. */
function freePort(wanted = 0): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', (error) => (wanted === 0 ? reject(error) : resolve(freePort())));
    probe.listen(wanted, '127.0.0.1', () => {
      const { port } = probe.address() as AddressInfo;
      probe.close(() => resolve(port));
    });
  });
}
