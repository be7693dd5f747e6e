import { readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

/**
 * Stops and removes the database cluster of this run, what it copied data folders from, and those of runs that were
 * killed. Jest loads this file
 * outside its module system: it imports nothing of the product.
 */
export default async function globalTeardown(): Promise<void> {
  for (const name of await readdir(tmpdir())) {
    const runner = Number(/^motcua-test-(\d+)(?:-templates)?$/.exec(name)?.[1]);
    if (runner > 0 && (runner === process.pid || !signal(runner, 0)))
      await removeCluster(join(tmpdir(), name));
  }
}

async function removeCluster(folder: string): Promise<void> {
  const pidFile = join(folder, 'postgres', 'postmaster.pid');
  const server = Number.parseInt(await readFile(pidFile, 'utf8').catch(() => ''), 10);
  if (server > 0 && signal(server, 'SIGQUIT')) {
    for (let round = 0; round < 100 && signal(server, 0); round++) await delay(50);
  }
  await rm(folder, { recursive: true, force: true, maxRetries: 5 });
}

/** False when there is no such process, or it is not ours. */
function signal(pid: number, name: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(pid, name);
  } catch {
    return false;
  }
}
