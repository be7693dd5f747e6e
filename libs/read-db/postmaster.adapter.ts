import { readFile, rename, rm } from 'node:fs/promises';
import { platform } from 'node:os';
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { join } from 'node:path';
import { codeOf, textOf } from './data-folder.adapter.js';

const exec = promisify(execFile);

/** What the running server of a cluster wrote about itself into postmaster.pid. */
export interface Postmaster {
  readonly pid: number;
  /** Undefined while it has not come so far. */
  readonly port: number | undefined;
  /** The whole file, to see later whether it is still the same server's. */
  readonly text: string;
}

/** Undefined when the cluster has no such file; a pid of NaN when the file is empty or not readable as one. */
export async function readPostmaster(cluster: string): Promise<Postmaster | undefined> {
  const text = await textOf(join(cluster, 'postmaster.pid'));
  if (text === undefined) return undefined;
  const lines = text.split(/\r?\n/);
  const port = Number(lines[3] ?? '');
  return { pid: Number.parseInt(lines[0] ?? '', 10), port: port > 0 ? port : undefined, text };
}

/** Whether a process with this id exists, whoever owns it. */
export function isAlive(pid: number): boolean {
  if (!(pid > 0)) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return codeOf(error) === 'EPERM';
  }
}

/** Whether the process is the PostgreSQL server of this cluster; true where the system does not tell. */
export async function isServerOf(pid: number, cluster: string): Promise<boolean> {
  if (!isAlive(pid)) return false;
  try {
    if (platform() === 'win32') {
      return (await exec('tasklist', ['/fi', `PID eq ${pid}`, '/fo', 'csv', '/nh'])).stdout.includes(
        'postgres',
      );
    }
    const command =
      platform() === 'linux'
        ? (await readFile(`/proc/${pid}/cmdline`, 'utf8')).replaceAll('\0', ' ')
        : (await exec('ps', ['-ww', '-p', String(pid), '-o', 'command='])).stdout;
    return command.includes(`-D ${cluster} `);
  } catch {
    return isAlive(pid);
  }
}

/**
 * Removes the pid file a dead server left, which PostgreSQL itself does not dare when its pid belongs to another
 * program by now. Moves it aside first: when another process has started the server meanwhile, its file goes back.
 */
export async function removeStalePidFile(cluster: string, seen: Postmaster): Promise<void> {
  const file = join(cluster, 'postmaster.pid');
  const aside = `${file}.stale.${process.pid}`;
  try {
    await rename(file, aside);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return;
    throw error;
  }
  if ((await textOf(aside)) === seen.text) await rm(aside);
  else await rename(aside, file);
}
