import { readFileSync } from 'node:fs';
import type { ConnectionOptions } from 'node:tls';
import { Cluster, Redis, type RedisOptions } from 'ioredis';
import { Problem } from '#libs/problem/problem.js';
import { describeRedis, type RedisAddress, type RedisTls } from './redis-address.js';

/** A client of ioredis; BullMQ takes both. */
export type RedisClient = Redis | Cluster;

export interface ConnectOptions {
  readonly log: (line: string) => void;
  /**
   * Whether a command waits for a lost connection to come back, however long that takes: what BullMQ's workers need.
   * Otherwise it fails at once.
   */
  readonly waits: boolean;
  /** Further options of each connection. BullMQ refuses `keyPrefix`. */
  readonly options?: Pick<RedisOptions, 'commandTimeout' | 'connectionName' | 'socketTimeout'>;
}

const FIRST_RETRY_MS = 50;
const LONGEST_RETRY_MS = 2_000;
const CONNECT_MS = 5_000;
const KEEP_ALIVE_MS = 10_000;
const DISCONNECT_MS = 500;

/**
 * A client that connects at once, and again for as long as it is not told to `disconnect`. What goes wrong is told to
 * `log`, once for each time that it is away, and never ends the process.
 * @throws Problem `redis-ca-unreadable`
 */
export function connectRedis(address: RedisAddress, { log, waits, options }: ConnectOptions): RedisClient {
  const common = { ...optionsOf(address), ...options, maxRetriesPerRequest: waits ? null : 0 };
  const client =
    address.kind === 'cluster'
      ? new Cluster([...address.nodes], {
          redisOptions: common,
          enableOfflineQueue: waits,
          clusterRetryStrategy: retryAfter,
          // A certificate is for the name of a node and not for what the name leads to.
          ...(address.tls ? { dnsLookup: (name, found) => found(null, name) } : {}),
        })
      : new Redis({ ...common, ...placeOf(address), enableOfflineQueue: waits, retryStrategy: retryAfter });
  tellOf(client, describeRedis(address), log);
  return client;
}

/** What went wrong, in one line: the reply or the code, never the command that holds a password. */
export function reasonOf(error: unknown): string {
  const { message, code, lastNodeError } = error as {
    message?: string;
    code?: string;
    lastNodeError?: unknown;
  };
  if (lastNodeError) return reasonOf(lastNodeError);
  return (message ?? '').split('\n', 1)[0]?.slice(0, 200) || code || 'no answer';
}

function optionsOf({ username, password, db, tls }: RedisAddress): RedisOptions {
  return {
    ...(username === undefined ? {} : { username }),
    ...(password === undefined ? {} : { password }),
    ...(tls ? { tls: tlsOf(tls) } : {}),
    db,
    connectTimeout: CONNECT_MS,
    keepAlive: KEEP_ALIVE_MS,
    disconnectTimeout: DISCONNECT_MS,
    // After a failover the old master only reads: find the new one, and say it again there.
    reconnectOnError: (error) => (error.message.startsWith('READONLY') ? 2 : false),
  };
}

function placeOf(address: RedisAddress): RedisOptions {
  const { kind, nodes, master, sentinelUsername, sentinelPassword, tls } = address;
  if (kind === 'single') return { host: nodes[0].host, port: nodes[0].port };
  return {
    sentinels: nodes.map(({ host, port }) => ({ host, port })),
    name: master,
    ...(sentinelUsername === undefined ? {} : { sentinelUsername }),
    ...(sentinelPassword === undefined ? {} : { sentinelPassword }),
    ...(tls ? { enableTLSForSentinelMode: true, sentinelTLS: tlsOf(tls) } : {}),
    sentinelRetryStrategy: retryAfter,
  };
}

function tlsOf({ caFile, serverName }: RedisTls): ConnectionOptions {
  return {
    ...(caFile === undefined ? {} : { ca: read(caFile) }),
    ...(serverName === undefined ? {} : { servername: serverName }),
  };
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new Problem('redis-ca-unreadable', {
      file,
      reason: (error as NodeJS.ErrnoException).code ?? 'error',
    });
  }
}

function retryAfter(times: number): number {
  return Math.min(FIRST_RETRY_MS * 2 ** Math.min(times - 1, 10), LONGEST_RETRY_MS);
}

/** Says it once when the connection is lost, and once when it is there again. */
function tellOf(client: RedisClient, name: string, log: (line: string) => void): void {
  let away = false;
  const lost = (why: string): void => {
    if (!away) log(`${name}: ${why}; trying again`);
    away = true;
  };
  client.on('error', (error: unknown) => lost(reasonOf(error)));
  // Not every loss comes with an error.
  client.on('reconnecting', () => lost('connection lost'));
  client.on('ready', () => {
    if (away) log(`${name}: connected again`);
    away = false;
  });
}
