import { connectRedis } from '#libs/redis/redis-connection.adapter.js';
import type { RedisAddress } from '#libs/redis/redis-address.js';
import type { Dependency } from './vitals.js';

const PATIENCE_MS = 2_000;

/** For health: whether Redis answers, on a connection of its own. Without it jobs and live updates wait. */
export function watchRedis(address: RedisAddress): { dependency: Dependency; close: () => void } {
  const client = connectRedis(address, {
    log: () => undefined,
    waits: false,
    options: { commandTimeout: PATIENCE_MS },
  });
  return {
    dependency: { name: 'redis', engine: 'redis', vital: false, ask: () => client.ping() },
    close: () => client.disconnect(),
  };
}
