import type { RedisAddress } from '#libs/redis/redis-address.js';
import { connectRedis, type RedisClient } from '#libs/redis/redis-connection.adapter.js';
import { GatheredUpdates } from '../gathered-updates.js';
import type { LiveUpdates } from '../live-updates.js';

const ANSWER_MS = 2_000;
/** A subscriber hears nothing for long: it asks now and then, or it would not notice a dead connection. */
const PING_MS = 10_000;

/**
 * Between the processes on one Redis, by PUBLISH and SUBSCRIBE. Connects when there is something to publish or
 * somebody to tell, and again when Redis comes back.
 */
export function redisLiveUpdates(address: RedisAddress, log: (line: string) => void): LiveUpdates {
  // Databases share their channels.
  const channel = `${address.prefix}:${address.db}:live`;
  let publisher: RedisClient | undefined;
  let subscriber: RedisClient | undefined;
  let pings: NodeJS.Timeout | undefined;
  return new GatheredUpdates({
    send: (message) => {
      publisher ??= connectRedis(address, { log, waits: false, options: { commandTimeout: ANSWER_MS } });
      return publisher.publish(channel, message);
    },
    listen: (heard) => {
      const client = connectRedis(address, { log, waits: true, options: { socketTimeout: ANSWER_MS } });
      client.on('message', (_channel: string, message: string) => heard(message));
      client.subscribe(channel).catch(() => undefined);
      pings = setInterval(() => void client.ping().catch(() => undefined), PING_MS).unref();
      subscriber = client;
    },
    close: async () => {
      clearInterval(pings);
      publisher?.disconnect();
      subscriber?.disconnect();
    },
  });
}
