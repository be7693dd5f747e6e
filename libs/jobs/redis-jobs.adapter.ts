import { createRedisBackend } from 'bullmq';
import type { RedisClient } from '#libs/redis/redis-connection.adapter.js';
import type { JobBackend } from './job-backend.js';

/**
 * Jobs in Redis, over a connection that becomes the backend's own; it must wait for a server that is away (`waits`),
 * and tells of that by itself. Each worker opens one more, to be woken by.
 *
 * @param prefix begins every key, as a hash tag: BullMQ's scripts need all keys of a queue in one slot of a Cluster
 */
export function redisJobs(client: RedisClient, prefix: string): JobBackend {
  // Every queue and worker listens for its errors.
  client.setMaxListeners(0);
  return {
    kind: 'redis',
    factory: (name, options, further) => {
      const all = { ...options, connection: client, ...{ prefix: `{${prefix}}` } };
      const backend = createRedisBackend(name, all, further);
      const reconnect = backend.reconnectBlocking.bind(backend);
      // A worker that was closed while Redis was away would connect again later, and for ever.
      backend.reconnectBlocking = async () => {
        if (!backend.closing) await reconnect();
      };
      return backend;
    },
    ensure: () => Promise.resolve(),
    close: () => {
      client.disconnect();
      return Promise.resolve();
    },
  };
}
