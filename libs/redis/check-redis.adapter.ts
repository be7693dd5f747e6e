import { Redis } from 'ioredis';
import { Problem } from '#libs/problem/problem.js';
import { describeRedis, type RedisAddress } from './redis-address.js';
import { connectRedis, reasonOf, type RedisClient } from './redis-connection.adapter.js';

/** What BullMQ asks for. */
const OLDEST = '6.2';
/** Of servers that are started together, one may be ready later. */
const PATIENCE_MS = 10_000;
const REFUSED = /^(WRONGPASS|NOAUTH|NOPERM|ERR (AUTH|invalid password|Client sent AUTH))/;

/**
 * Looks at Redis before it is used, in a Cluster at every master: it answers, is new enough, and may not throw data
 * away. Without persistence `log` gets a line of warning.
 * @throws Problem `redis-unreachable`, `redis-login-refused`, `redis-too-old`, `redis-evicts`, `redis-ca-unreadable`,
 * `redis-database-missing`
 */
export async function checkRedis(
  address: RedisAddress,
  log: (line: string) => void,
  patienceMs = PATIENCE_MS,
): Promise<void> {
  const name = describeRedis(address);
  const client = connectRedis(address, { log: () => undefined, waits: false });
  try {
    await ready(client, name, patienceMs);
    const servers = client instanceof Redis ? [client] : client.nodes('master');
    if (client instanceof Redis) await requireDatabase(client, address);
    let kept = true;
    for (const server of servers) kept = (await checkServer(server, name)) && kept;
    if (!kept) {
      log(
        `${name} keeps nothing on disk: after its restart jobs wait for their next schedule; set appendonly yes`,
      );
    }
  } catch (error) {
    throw problemOf(error, name);
  } finally {
    client.disconnect();
  }
}

/** Resolves when commands are answered; rejects at once if the login is refused, and otherwise after the limit. */
function ready(client: RedisClient, address: string, limitMs: number): Promise<void> {
  return new Promise((resolve, reject) => {
    let reason = 'no answer';
    const late = setTimeout(() => reject(new Problem('redis-unreachable', { address, reason })), limitMs);
    const refused = (error: unknown): void => {
      reason = reasonOf(error);
      if (!REFUSED.test(reason)) return;
      clearTimeout(late);
      reject(new Problem('redis-login-refused', { address }));
    };
    client.on('error', refused);
    client.on('node error', refused);
    client.once('connect', () => (reason = 'connected, but not ready'));
    client.once('ready', () => {
      clearTimeout(late);
      resolve();
    });
  });
}

/** The client itself goes on with database 0 when its own is refused. */
async function requireDatabase(server: Redis, address: RedisAddress): Promise<void> {
  try {
    await server.select(address.db);
  } catch (error) {
    if (!/^ERR .*(index|SELECT)/i.test(reasonOf(error))) throw error;
    throw new Problem('redis-database-missing', { address: describeRedis(address), db: address.db });
  }
}

/** @returns whether it keeps what it holds on disk */
async function checkServer(server: Redis, address: string): Promise<boolean> {
  const info = fieldsOf(await server.info());
  const found = info.get('redis_version') ?? '';
  if (isOlder(found, OLDEST)) throw new Problem('redis-too-old', { address, found, needed: OLDEST });
  const policy = info.get('maxmemory_policy') ?? (await setting(server, 'maxmemory-policy'));
  if (policy !== undefined && policy !== 'noeviction') throw new Problem('redis-evicts', { address, policy });
  return info.get('aof_enabled') === '1' || ((await setting(server, 'save')) ?? '') !== '';
}

/** Undefined where it may not be asked: with managed servers that is common. */
async function setting(server: Redis, name: string): Promise<string | undefined> {
  const answer: unknown = await server.config('GET', name).catch(() => undefined);
  const value: unknown = Array.isArray(answer)
    ? answer[1]
    : (answer as Record<string, unknown> | undefined)?.[name];
  return typeof value === 'string' ? value : undefined;
}

function fieldsOf(info: string): Map<string, string> {
  const lines = info.split(/\r?\n/).filter((line) => line.includes(':'));
  return new Map(
    lines.map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1).trim()]),
  );
}

function isOlder(version: string, than: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const [leastMajor = 0, leastMinor = 0] = than.split('.').map(Number);
  return major < leastMajor || (major === leastMajor && minor < leastMinor);
}

function problemOf(error: unknown, address: string): unknown {
  if (error instanceof Problem) return error;
  const reason = reasonOf(error);
  return REFUSED.test(reason)
    ? new Problem('redis-login-refused', { address })
    : new Problem('redis-unreachable', { address, reason });
}
