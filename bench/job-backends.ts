import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir } from 'node:fs/promises';
import { JobEngine } from '#libs/jobs/job-engine.adapter.js';
import { parseRedisUrl } from '#libs/redis/redis-address.js';
import { connectRedis } from '#libs/redis/redis-connection.adapter.js';

export type Backend = 'redis' | 'postgresql';
export const BACKENDS: readonly Backend[] = ['redis', 'postgresql'];
const quiet = (): void => undefined;

/** A Redis with an append-only file, of its own. */
export async function startRedis(folder: string, port: number): Promise<ChildProcess> {
  await mkdir(folder);
  const args = ['--bind', '127.0.0.1', '--port', String(port), '--dir', folder, '--save', ''];
  const server = spawn('redis-server', [...args, '--appendonly', 'yes'], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  await once(server, 'spawn');
  return server;
}

/** @param on the port of a Redis, or the database */
export function openEngine(on: number | string): Promise<JobEngine> {
  if (typeof on === 'string') return JobEngine.open({ databaseUrl: on }, quiet);
  const client = connectRedis(parseRedisUrl(`redis://127.0.0.1:${on}`), { log: quiet, waits: true });
  return JobEngine.open({ redis: client, prefix: 'bench' }, quiet);
}
