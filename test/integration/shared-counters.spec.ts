import { createHmac } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { MIGRATIONS } from '#apps/platform/open-platform.js';
import type { Counters } from '#libs/access/limits/counters.js';
import { sharedCounters } from '#libs/access/limits/shared-counters.adapter.js';
import { migrate } from '#libs/read-db/migrate.adapter.js';
import { createPool } from '#libs/read-db/pool.adapter.js';
import { parseRedisUrl } from '#libs/redis/redis-address.js';
import { connectRedis } from '#libs/redis/redis-connection.adapter.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { eventually } from '../support/eventually.js';
import { describeWithRedis, startCluster, startRedis, type TestRedis } from '../support/redis.js';

const LIMIT = { name: 'test', points: 3, seconds: 60 };
const digest = (text: string): Buffer => createHmac('sha256', 'test').update(text).digest();

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
  await migrate(database.pool, MIGRATIONS);
});
afterAll(() => database.drop());

const open: Counters[] = [];
afterEach(() => {
  for (const counters of open.splice(0)) counters.close();
});

/** As one more instance would. */
function instance(redisUrl?: string, pool = database.pool): Counters {
  const redis = redisUrl === undefined ? undefined : parseRedisUrl(redisUrl);
  const counters = sharedCounters({ pool, redis, digest, log: () => undefined });
  open.push(counters);
  return counters;
}

/** Instances that share a store count together. */
function together(url: () => string | undefined, stored: () => Promise<readonly string[]>): void {
  it('counts over all instances, each key and limit for itself', async () => {
    const [first, second] = [instance(url()).counter(LIMIT), instance(url()).counter(LIMIT)];
    const other = instance(url()).counter({ ...LIMIT, name: 'other' });
    // A client of Redis is ready a moment after it was made.
    await eventually(async () => {
      await first.clear('a');
      await second.clear('a');
      await other.add('warm');
      await first.add('a');
      expect((await second.add('a')).used).toBe(2);
    });
    const third = await first.add('a');
    expect(third.used).toBe(3);
    expect(third.msLeft).toBeGreaterThan(55_000);
    expect(third.msLeft).toBeLessThanOrEqual(60_000);
    expect((await second.add('b')).used).toBe(1);
    expect((await other.add('a')).used).toBe(1);
    expect((await second.add('a', -1)).used).toBe(2);
    await first.clear('a');
    expect((await second.add('a')).used).toBe(1);
  });

  it('loses no count when many come at once', async () => {
    const [first, second] = [instance(url()).counter(LIMIT), instance(url()).counter(LIMIT)];
    await eventually(async () => {
      await first.clear('warm');
      await first.add('warm');
      expect((await second.add('warm')).used).toBe(2);
    });
    await Promise.all(Array.from({ length: 40 }, (_, at) => (at % 2 ? first : second).add('many')));
    expect((await first.add('many')).used).toBe(41);
  });

  it('begins anew when the time is over', async () => {
    const counter = instance(url()).counter({ name: 'short', points: 3, seconds: 1 });
    await eventually(async () => {
      await counter.add('a');
      expect((await counter.add('a')).used).toBeGreaterThan(1);
    });
    await eventually(async () => expect((await counter.add('a')).used).toBe(1));
  });

  it('shows neither accounts nor addresses to who reads the store', async () => {
    const counter = instance(url()).counter({ name: 'clear', points: 3, seconds: 60 });
    await eventually(async () => {
      await counter.add('nguyen.van.a\n203.0.113.7');
      const keys = (await stored()).filter((key) => key.includes('clear'));
      expect(keys).toEqual([expect.stringMatching(/clear:[\w-]{22}$/)]);
    });
    expect((await stored()).join()).not.toMatch(/nguyen|203\.0/);
  });
}

describe('counters in PostgreSQL', () => {
  together(
    () => undefined,
    async () =>
      (await database.pool.query<{ key: string }>('SELECT key FROM access.limits')).rows.map(
        ({ key }) => key,
      ),
  );

  it('count in the process alone while the database is away', async () => {
    const pool = createPool('postgresql://nobody@127.0.0.1:1/none');
    const counter = instance(undefined, pool).counter(LIMIT);
    await counter.add('a');
    expect(await counter.add('a')).toMatchObject({ used: 2 });
    await pool.end();
  });
});

describeWithRedis('counters in Redis', () => {
  let redis: TestRedis;
  beforeAll(async () => {
    redis = await startRedis();
  });
  afterAll(() => redis.stop());

  together(
    () => redis.url,
    async () => {
      const client = connectRedis(parseRedisUrl(redis.url), { log: () => undefined, waits: true });
      try {
        return (await client.call('KEYS', '*')) as string[];
      } finally {
        client.disconnect();
      }
    },
  );

  it('count in the process alone while Redis is away, and together when it is back', async () => {
    const own = await startRedis();
    const counter = instance(own.url).counter(LIMIT);
    const second = instance(own.url).counter(LIMIT);
    await own.kill();
    await eventually(async () => {
      await counter.clear('a');
      await counter.add('a');
      expect((await counter.add('a')).used).toBe(2);
    });
    await own.restart();
    await eventually(async () => {
      await counter.clear('b');
      await counter.add('b');
      expect((await second.add('b')).used).toBe(2);
    });
    await own.stop();
  });

  it('count in a Cluster, too', async () => {
    const cluster = await startCluster();
    const counter = instance(cluster.url.replace('redis:', 'redis+cluster:')).counter(LIMIT);
    const second = instance(cluster.url.replace('redis:', 'redis+cluster:')).counter(LIMIT);
    await eventually(async () => {
      await counter.clear('a');
      await counter.add('a');
      expect((await second.add('a')).used).toBe(2);
    });
    await cluster.stop();
  });
});
