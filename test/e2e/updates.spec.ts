import { get, type IncomingMessage } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ProjectionMoved } from '#libs/live/live-updates.js';
import { Updates } from '#libs/live/updates.query.js';
import { postgresLiveUpdates } from '#libs/live/adapters/postgres-live-updates.adapter.js';
import { open } from '../support/desk.js';
import { createTestDatabase } from '../support/database.js';
import { eventually } from '../support/eventually.js';
import { call } from '../support/http.js';
import { describeWithRedis, freePort, startRedis, type TestRedis } from '../support/redis.js';
import { type ServiceOptions, startService, type TestService } from '../support/service.js';
import { bearer } from '../support/tokens.js';

const AT = '2024-03-11T02:00:00.000Z';

/** A client that follows the stream until it is told to leave, or the service ends it. */
class Follower {
  readonly events: { projection: string; position: number }[] = [];
  readonly ended: Promise<void>;
  private text = '';

  private constructor(readonly answer: IncomingMessage) {
    answer.setEncoding('utf8').on('data', (chunk: string) => this.read(chunk));
    this.ended = new Promise((resolve) => answer.once('close', resolve));
    answer.on('error', () => undefined);
  }

  static async of({ url }: TestService): Promise<Follower> {
    const answer = await new Promise<IncomingMessage>((resolve, reject) => {
      get(
        `${url}/api/updates`,
        { agent: false, headers: { accept: 'text/event-stream', ...bearer('clerk-1') } },
        resolve,
      ).once('error', reject);
    });
    return new Follower(answer);
  }

  leave(): void {
    this.answer.destroy();
  }

  /** Resolves when it was told that the worklist has reached the position. */
  hears(position: number, patienceMs?: number): Promise<void> {
    return eventually(() => {
      expect(this.newest('worklist')).toBeGreaterThanOrEqual(position);
    }, patienceMs);
  }

  newest(name: string): number {
    return this.events.findLast(({ projection }) => projection === name)?.position ?? 0;
  }

  private read(chunk: string): void {
    const blocks = (this.text + chunk).split('\n\n');
    this.text = blocks.pop() ?? '';
    for (const block of blocks) {
      if (block.startsWith('data: ')) this.events.push(JSON.parse(block.slice(6)) as never);
      else expect(block).toMatch(/^(:|retry: \d+)$/);
    }
  }
}

type Pair = readonly [TestService, TestService];

/** Two instances on one database, of which the first keeps the read models. */
async function twoInstances(options: ServiceOptions = {}): Promise<Pair> {
  const first = await startService(AT, options);
  return [first, await startService(AT, { ...options, beside: first, projecting: false })];
}

async function closeBoth([first, second]: Pair): Promise<void> {
  await second.close();
  await first.close();
}

const written = async (service: TestService): Promise<number> => (await open(service)).body.position;

function followsMoves(instances: () => Pair): void {
  it('are told to clients of every instance, and never go back', async () => {
    const [first, second] = instances();
    const followers = [await Follower.of(first), await Follower.of(second)];
    for (let n = 0; n < 5; n += 1) {
      const position = await written(n % 2 === 0 ? first : second);
      for (const follower of followers) await follower.hears(position);
    }
    for (const { events, answer } of followers) {
      expect(answer.headers).toMatchObject({
        'content-type': 'text/event-stream; charset=utf-8',
        'cache-control': 'no-store',
      });
      expect(answer.headers['x-correlation-id']).toBeDefined();
      for (const name of ['worklist', 'report']) {
        const own = events.filter(({ projection }) => projection === name).map(({ position }) => position);
        expect(own.length).toBeGreaterThan(0);
        expect(own).toEqual([...new Set(own)].sort((a, b) => a - b));
      }
      expect(Object.keys(events[0] ?? {}).sort()).toEqual(['position', 'projection']);
    }
    followers.forEach((follower) => follower.leave());
  });
}

describe('moves of read models over PostgreSQL', () => {
  let pair: Pair;
  beforeAll(async () => (pair = await twoInstances()), 60_000);
  afterAll(() => closeBoth(pair));

  followsMoves(() => pair);

  it('begin with where each read model is', async () => {
    const [first, second] = pair;
    const position = await written(first);
    await first.settled();
    const follower = await Follower.of(second);
    await follower.hears(position);
    await eventually(() => expect(follower.newest('report')).toBeGreaterThanOrEqual(position));
    follower.leave();
  });

  it('go on after the connections of an instance were cut', async () => {
    const [first, second] = pair;
    const follower = await Follower.of(second);
    await follower.hears(await written(first));
    await first.platform.pool.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()`,
    );
    await eventually(async () => follower.hears(await written(first), 5_000));
    follower.leave();
  });

  it('end when the service stops, without a wait', async () => {
    const service = await startService(AT);
    const followers = await Promise.all([1, 2, 3].map(() => Follower.of(service)));
    await Promise.all(followers.map((follower) => follower.hears(1)));
    const begun = performance.now();
    await service.close();
    await Promise.all(followers.map(({ ended }) => ended));
    expect(performance.now() - begun).toBeLessThan(5_000);
    expect(followers.every(({ answer }) => answer.complete)).toBe(true);
  });

  it('are not streamed to those who ask for the head only', async () => {
    const [first] = pair;
    const answer = await fetch(`${first.url}/api/updates`, { method: 'HEAD', headers: bearer('clerk-1') });
    expect([answer.status, await answer.text()]).toEqual([200, '']);
  });
});

describe('the streams of a process', () => {
  it('are so many at most, and make room when a client leaves', async () => {
    const { pool, drop } = await createTestDatabase();
    const live = postgresLiveUpdates(pool);
    const stopping = new AbortController();
    const updates = new Updates({ pool, engine: 'postgresql', live, stopping: stopping.signal, most: 2 });
    const [first] = [await updates.open(), await updates.open()];
    await expect(updates.open()).rejects.toMatchObject({ type: 'updates-full', details: { most: 2 } });
    const left = new Promise((resolve) => first.once('close', resolve));
    first.destroy();
    await left;
    const third = await updates.open();
    third.resume();
    const over = new Promise((resolve) => third.once('end', resolve));
    stopping.abort();
    await over;
    await live.close();
    await drop();
  });
});

describeWithRedis('moves of read models over Redis', () => {
  describe('that runs', () => {
    let redis: TestRedis;
    let pair: Pair;
    beforeAll(async () => {
      redis = await startRedis();
      pair = await twoInstances({ redisUrl: redis.url });
    }, 60_000);
    afterAll(async () => {
      await closeBoth(pair);
      await redis.stop();
    });

    followsMoves(() => pair);

    it('go on while it is away and when it is back, and reads wait for their write all the while', async () => {
      const [first, second] = pair;
      const follower = await Follower.of(second);
      await follower.hears(await written(first));
      const readBack = async (): Promise<number> => {
        const position = await written(first);
        const answer = await call(second, 'GET', `/api/dossiers?atLeast=${position}`);
        expect(answer.status).toBe(200);
        return position;
      };
      await readBack();
      await redis.kill();
      // Nobody is told, but everyone looks again.
      await follower.hears(await readBack());
      await redis.restart();
      await readBack();
      const heard: ProjectionMoved[] = [];
      second.platform.live.subscribe((moved) => heard.push(moved));
      await eventually(async () => {
        const position = await written(first);
        await eventually(() => expect(heard.some((moved) => moved.position >= position)).toBe(true), 1_000);
      });
      await follower.hears(await written(first));
      follower.leave();
    }, 60_000);
  });

  it('reach clients also where Redis never answered', async () => {
    const pair = await twoInstances({ redisUrl: `redis://127.0.0.1:${await freePort()}` });
    const [first, second] = pair;
    const follower = await Follower.of(second);
    const position = await written(first);
    expect((await call(second, 'GET', `/api/dossiers?atLeast=${position}`)).status).toBe(200);
    await follower.hears(position);
    follower.leave();
    await closeBoth(pair);
  });
});
