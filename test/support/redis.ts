import { describe, it } from '@jest/globals';
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { eventually } from './eventually.js';

const PATIENCE_MS = 15_000;

export interface RedisOptions {
  /** Keeps what it holds over a `kill` (every write goes to the disk). Default: false. */
  readonly appendOnly?: boolean;
  /** Default: any free one. */
  readonly port?: number;
  /** Arguments in front of all others. */
  readonly before?: readonly string[];
  /** Further arguments of redis-server, e.g. `['--requirepass', 'secret']`. */
  readonly args?: readonly string[];
}

export interface TestRedis {
  readonly url: string;
  readonly port: number;
  /** Ends it as SIGTERM does, and removes its folder. */
  stop(): Promise<void>;
  /** Ends it as a power cut does (SIGKILL); its folder stays. */
  kill(): Promise<void>;
  /** Starts it again after `kill`, on the same port and folder. */
  restart(): Promise<void>;
}

/** A Sentinel that watches one master by the name of `mymaster`. */
export async function startSentinel(master: TestRedis): Promise<TestRedis> {
  const folder = await mkdtemp(join(tmpdir(), 'motcua-sentinel-'));
  const file = join(folder, 'sentinel.conf');
  await writeFile(file, `sentinel monitor mymaster 127.0.0.1 ${master.port} 1\n`);
  return startRedis({ before: [file, '--sentinel'] });
}

/** A Cluster of one node. */
export async function startCluster(options: RedisOptions = {}): Promise<TestRedis> {
  const cluster = ['--cluster-enabled', 'yes', '--cluster-announce-ip', '127.0.0.1'];
  const node = await startRedis({ ...options, args: [...cluster, ...(options.args ?? [])] });
  const client = new Redis(node.url);
  await client.call('CLUSTER', 'ADDSLOTSRANGE', '0', '16383');
  await eventually(async () => {
    if (!String(await client.call('CLUSTER', 'INFO')).includes('cluster_state:ok'))
      throw new Error('not ready');
  });
  client.disconnect();
  return node;
}

/** A redis-server of PATH in a folder of its own. It does not survive the process of the tests. */
export async function startRedis(options: RedisOptions = {}): Promise<TestRedis> {
  const folder = await mkdtemp(join(tmpdir(), 'motcua-redis-'));
  const port = options.port ?? (await freePort());
  const args = [
    ...(options.before ?? []),
    ...['--bind', '127.0.0.1', '--port', String(port), '--dir', folder, '--save', ''],
    ...['--appendonly', options.appendOnly ? 'yes' : 'no', '--appendfsync', 'always'],
    ...(options.args ?? []),
  ];
  let server = await started(args);
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    if (server.exitCode !== null || server.signalCode !== null) return;
    const over = once(server, 'exit');
    server.kill(signal);
    await over;
  };
  return {
    url: `redis://127.0.0.1:${port}`,
    port,
    kill: () => end('SIGKILL'),
    restart: async () => {
      server = await started(args);
    },
    stop: async () => {
      await end('SIGTERM');
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/**
 * A suite that needs redis-server. Where the program is missing it is left out with a line that says so; with
 * CI=true its absence fails. A file of nothing else stands in tools/left-out.js.
 */
export function describeWithRedis(name: string, suite: () => void): void {
  if (spawnSync('redis-server', ['--version']).status === 0) describe(name, suite);
  else if (process.env['CI'] === 'true') {
    describe(name, () => {
      it('has a redis-server', () => Promise.reject(new Error('redis-server is not on PATH')));
    });
  } else {
    process.stderr.write(`redis-server is not on PATH: "${name}" is left out\n`);
  }
}

/** A port that nothing listens on. */
export async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve));
  const { port } = probe.address() as AddressInfo;
  await new Promise((resolve) => probe.close(resolve));
  return port;
}

async function started(args: readonly string[]): Promise<ChildProcess> {
  const child = spawn('redis-server', args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const atExit = (): void => void child.kill('SIGKILL');
  process.once('exit', atExit);
  child.once('exit', () => process.off('exit', atExit));
  let said = '';
  await new Promise<void>((resolve, reject) => {
    const late = setTimeout(() => reject(new Error(`redis-server is not ready: ${said}`)), PATIENCE_MS);
    child.once('error', reject);
    child.once('exit', () => reject(new Error(`redis-server ended: ${said}`)));
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      said = (said + text).slice(-4_000);
      if (!/Ready to accept connections|Running mode=sentinel/.test(said)) return;
      clearTimeout(late);
      resolve();
    });
  });
  return child;
}
