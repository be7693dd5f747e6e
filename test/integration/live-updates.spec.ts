import { afterEach, describe, expect, it } from '@jest/globals';
import { postgresLiveUpdates } from '#libs/live/adapters/postgres-live-updates.adapter.js';
import { redisLiveUpdates } from '#libs/live/adapters/redis-live-updates.adapter.js';
import type { LiveUpdates, ProjectionMoved } from '#libs/live/live-updates.js';
import { createPool } from '#libs/read-db/pool.adapter.js';
import { parseRedisUrl } from '#libs/redis/redis-address.js';
import { createTestDatabase } from '../support/database.js';
import { eventually } from '../support/eventually.js';
import {
  describeWithRedis,
  startCluster,
  startRedis,
  startSentinel,
  type TestRedis,
} from '../support/redis.js';

const opened: { close(): Promise<unknown> }[] = [];
afterEach(async () => {
  for (const each of opened.splice(0).reverse()) await each.close();
});

/** Publishes on one until the other hears it, and then a few more, of which the last must arrive. */
async function expectTold(from: LiveUpdates, to: LiveUpdates): Promise<void> {
  const heard: ProjectionMoved[] = [];
  to.subscribe((moved) => heard.push(moved));
  let position = 0n;
  // The subscription begins in the background: what is published before it is lost.
  await eventually(async () => {
    from.publish({ projection: 'worklist', position: (position += 1n) });
    await eventually(() => expect(heard.length).toBeGreaterThan(0), 300);
  });
  for (let n = 0; n < 5; n += 1) from.publish({ projection: 'report', position: (position += 1n) });
  await eventually(() => expect(heard).toContainEqual({ projection: 'report', position }));
}

describe('live updates over PostgreSQL', () => {
  it('reach another process on the same database, and none on another', async () => {
    const here = await createTestDatabase();
    const elsewhere = await createTestDatabase();
    const other = createPool(here.url);
    const [from, to, apart] = [here.pool, other, elsewhere.pool].map(postgresLiveUpdates) as [
      ...[LiveUpdates, LiveUpdates, LiveUpdates],
    ];
    opened.push(
      { close: here.drop },
      { close: elsewhere.drop },
      { close: () => other.end() },
      from,
      to,
      apart,
    );
    const wrong: ProjectionMoved[] = [];
    apart.subscribe((moved) => wrong.push(moved));
    await expectTold(from, to);
    expect(wrong).toEqual([]);
  });
});

describeWithRedis('live updates over Redis', () => {
  const over = (url: string): LiveUpdates => {
    const live = redisLiveUpdates(parseRedisUrl(url), () => undefined);
    opened.push(live);
    return live;
  };
  const running = (server: TestRedis): TestRedis => {
    opened.push({ close: () => server.stop() });
    return server;
  };

  it('reach another process, and none of another database or installation', async () => {
    const { url } = running(await startRedis());
    const wrong: ProjectionMoved[] = [];
    for (const apart of [`${url}/1`, `${url}?prefix=other`])
      over(apart).subscribe((moved) => wrong.push(moved));
    await expectTold(over(url), over(url));
    expect(wrong).toEqual([]);
  });

  it('reach another process in a Cluster', async () => {
    const { port } = running(await startCluster());
    const url = `redis+cluster://127.0.0.1:${port}`;
    await expectTold(over(url), over(url));
  });

  it('reach another process by Sentinels', async () => {
    const sentinel = running(await startSentinel(running(await startRedis())));
    const url = `redis+sentinel://127.0.0.1:${sentinel.port}/mymaster`;
    await expectTold(over(url), over(url));
  });
});
