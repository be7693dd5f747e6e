import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { readPostmaster } from '#libs/read-db/postmaster.adapter.js';

/** The embedded database server of a data folder and all its processes, as a power cut would end them. */
export async function killServer(data: string, childrenFirst: boolean): Promise<void> {
  const server = await readPostmaster(join(data, 'postgres'));
  if (!server) return;
  const listed = await promisify(execFile)('pgrep', ['-P', String(server.pid)]).catch(() => ({ stdout: '' }));
  const children = listed.stdout.split('\n').filter(Boolean).map(Number);
  const pids = childrenFirst ? [...children, server.pid] : [server.pid, ...children];
  for (const pid of pids) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It ended by itself when the others did.
    }
  }
}
