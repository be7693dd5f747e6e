import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openEmbeddedPostgres } from '#libs/read-db/embedded-postgres.adapter.js';
import { copyOfEmpty } from '../data-template.js';
import { EventStoreProcess } from '../event-store-process.js';
import { startingService, startingWorker, temporaryFolder } from '../program.js';
import { issueTokensTo } from '../tokens.js';
import { freePort, startRedis, type TestRedis } from '../redis.js';
import { killServer } from './kill-server.js';
import type { Engines } from './record.js';
import { Supervised } from './supervised.js';
import { TcpProxy } from './tcp-proxy.js';
import { CLERKS } from './work.js';

/** An engine on a line that can be cut. After a kill it is started again, with what it had on disk. */
export interface Engine {
  readonly line: TcpProxy;
  kill(random: () => number): Promise<void>;
  restart(): Promise<void>;
  stop(): Promise<void>;
}

export type EngineName = 'postgresql' | 'redis' | 'eventstoredb';

export interface ClusterOptions {
  readonly log: 'postgresql' | 'eventstoredb';
  readonly redis: boolean;
}

const SHIFTED_CLOCK = join(import.meta.dirname, 'shifted-clock.cjs');

/** Two api and two workers on engines of their own, as docker/compose.cluster.yml puts them together. */
export class Cluster {
  private constructor(
    readonly env: NodeJS.ProcessEnv,
    readonly engines: Readonly<Partial<Record<EngineName, Engine>>>,
    readonly apis: readonly Supervised[],
    readonly workers: readonly Supervised[],
    private readonly folder: Awaited<ReturnType<typeof temporaryFolder>>,
  ) {}

  static async start({ log, redis }: ClusterOptions): Promise<Cluster> {
    const folder = await temporaryFolder();
    await copyOfEmpty(folder.path);
    const engines: Cluster['engines'] = {
      postgresql: await startPostgres(folder.path),
      ...(redis ? { redis: await startRedisEngine() } : {}),
      ...(log === 'eventstoredb' ? { eventstoredb: await startEventStore(folder.path) } : {}),
    };
    const { url } = await openEmbeddedPostgres({ dataFolder: folder.path, stopOnClose: false });
    const at = (name: EngineName): number => engines[name]!.line.port;
    const env: NodeJS.ProcessEnv = {
      DATABASE_URL: url.replace(/:\d+\//, `:${at('postgresql')}/`),
      ...(redis ? { REDIS_URL: `redis://127.0.0.1:${at('redis')}` } : {}),
      ...(log === 'eventstoredb'
        ? { EVENTSTORE_URL: `esdb://127.0.0.1:${at('eventstoredb')}?tls=false` }
        : {}),
    };
    const ports = await Promise.all(Array.from({ length: 4 }, freePort));
    const supervised = async (kind: 'api' | 'worker', n: number): Promise<Supervised> => {
      const name = `${kind}-${n}`;
      const clock = clockOf(folder.path, name);
      await setClock(clock, 0);
      const own = {
        ...env,
        PORT: String(ports.pop()),
        MOTCUA_PROJECTIONS: kind === 'api' ? 'elsewhere' : 'here',
        NODE_OPTIONS: `--require ${SHIFTED_CLOCK}`,
        MOTCUA_TEST_CLOCK: clock,
      };
      return new Supervised(name, () => (kind === 'api' ? startingService(own) : startingWorker(own)));
    };
    const two = (kind: 'api' | 'worker'): Promise<Supervised[]> =>
      Promise.all([supervised(kind, 1), supervised(kind, 2)]);
    const cluster = new Cluster(env, engines, await two('api'), await two('worker'), folder);
    await cluster.up();
    for (const api of cluster.apis) await issueTokensTo((await api.up()).url, env, CLERKS);
    return cluster;
  }

  get programs(): readonly Supervised[] {
    return [...this.apis, ...this.workers];
  }

  /** What reads the log as the programs do. */
  get places(): Engines {
    return {
      dataFolder: this.folder.path,
      databaseUrl: this.env.DATABASE_URL,
      eventStoreUrl: this.env.EVENTSTORE_URL,
    };
  }

  async up(): Promise<void> {
    await Promise.all(this.programs.map((program) => program.up()));
  }

  /** Puts the clock of a program forward, or back. */
  async shiftClock(program: Supervised, milliseconds: number): Promise<void> {
    await setClock(clockOf(this.folder.path, program.name), milliseconds);
    program.signal('SIGUSR2');
  }

  async stop(): Promise<void> {
    await Promise.all(this.programs.map((program) => program.stop()));
    for (const engine of Object.values<Engine>(this.engines)) {
      await engine.line.close();
      await engine.stop();
    }
    await this.folder.remove();
  }
}

const clockOf = (folder: string, name: string): string => join(folder, `clock-${name}`);
const setClock = (file: string, milliseconds: number): Promise<void> => writeFile(file, String(milliseconds));

async function startPostgres(dataFolder: string): Promise<Engine> {
  const start = async (): Promise<number> => {
    const { url, close } = await openEmbeddedPostgres({ dataFolder, stopOnClose: false });
    await close();
    return Number(new URL(url).port);
  };
  const line = await TcpProxy.to(await start());
  return {
    line,
    kill: (random) => killServer(dataFolder, random() < 0.5),
    restart: async () => void (line.target = await start()),
    stop: () => killServer(dataFolder, true),
  };
}

async function startRedisEngine(): Promise<Engine> {
  const redis: TestRedis = await startRedis({ appendOnly: true, args: ['--maxmemory-policy', 'noeviction'] });
  const line = await TcpProxy.to(redis.port);
  return { line, kill: () => redis.kill(), restart: () => redis.restart(), stop: () => redis.stop() };
}

async function startEventStore(dataFolder: string): Promise<Engine> {
  await mkdir(join(dataFolder, 'events'));
  const store = await EventStoreProcess.start(join(dataFolder, 'events', 'journal'));
  const line = await TcpProxy.to(Number(/:(\d+)/.exec(store.url.replace(/^\w+:/, ''))![1]));
  return { line, kill: () => store.kill(), restart: () => store.restart(), stop: () => store.stop() };
}
