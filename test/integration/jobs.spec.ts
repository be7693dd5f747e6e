import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { systemClock } from '#libs/event-log/clock.js';
import { JobEngine, type Processor } from '#libs/jobs/job-engine.adapter.js';
import { ensureSchedule } from '#libs/jobs/schedule.adapter.js';
import { createPool } from '#libs/read-db/pool.adapter.js';
import { parseRedisUrl } from '#libs/redis/redis-address.js';
import { connectRedis, type RedisClient } from '#libs/redis/redis-connection.adapter.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { eventually } from '../support/eventually.js';
import { describeWithRedis, startRedis, type TestRedis } from '../support/redis.js';

/** Where the jobs of one suite lie. */
interface Place {
  open(notice?: (line: string) => void): Promise<JobEngine>;
  /** Takes away all that is in it, as an operator by mistake. */
  empty(): Promise<void>;
  lose(queue: string, job: string): Promise<void>;
  /** Breaks every connection and takes no new one, until what it gives is called. */
  away(): Promise<() => Promise<void>>;
  end(): Promise<void>;
}

async function inPostgres(): Promise<Place> {
  const database: TestDatabase = await createTestDatabase();
  return {
    open: (notice = () => undefined) => JobEngine.open({ databaseUrl: database.url }, notice),
    empty: async () => {
      // A worker that asks meanwhile may win the deadlock.
      await eventually(() => database.pool.query('DROP SCHEMA bullmq CASCADE'));
    },
    lose: async (queue, job) => {
      await database.pool.query('DELETE FROM bullmq.job WHERE queue = $1 AND id = $2', [queue, job]);
    },
    away: async () => {
      const name = new URL(database.url).pathname.slice(1);
      const admin = createPool(database.url.replace(/[^/]+$/, 'postgres'));
      await admin.query(`ALTER DATABASE ${name} WITH ALLOW_CONNECTIONS false`);
      await admin.query('SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1', [name]);
      return async () => {
        await admin.query(`ALTER DATABASE ${name} WITH ALLOW_CONNECTIONS true`);
        await admin.end();
      };
    },
    end: () => database.drop(),
  };
}

async function inRedis(): Promise<Place> {
  const server = await startRedis({ appendOnly: true });
  return {
    open: (notice = () => undefined) =>
      JobEngine.open({ redis: connect(server, notice), prefix: 'test' }, notice),
    empty: async () => {
      const client = connect(server);
      await client.flushall();
      client.disconnect();
    },
    lose: async (queue, job) => {
      const client = connect(server);
      await client.zrem(`{test}:${queue}:delayed`, job);
      await client.del(`{test}:${queue}:${job}`);
      client.disconnect();
    },
    away: async () => {
      await server.kill();
      return () => server.restart();
    },
    end: () => server.stop(),
  };
}

const connect = (server: TestRedis, log: (line: string) => void = () => undefined): RedisClient =>
  connectRedis(parseRedisUrl(server.url), { log, waits: true });

function jobEngine(place: () => Promise<Place>): void {
  let at: Place;
  const engines: JobEngine[] = [];
  const lines: string[] = [];
  let number = 0;
  let name = '';
  const open = async (): Promise<JobEngine> => {
    const engine = await at.open((line) => lines.push(line));
    engines.push(engine);
    return engine;
  };

  beforeAll(async () => {
    at = await place();
  });
  afterAll(() => at.end());
  beforeEach(() => {
    name = `queue-${(number += 1)}`;
  });
  afterEach(async () => {
    await Promise.all(engines.splice(0).map((engine) => engine.close()));
    lines.splice(0);
  });

  it('gives a job to one of the workers, once, and forgets nothing of it', async () => {
    const [a, b] = [await open(), await open()];
    const seen: number[] = [];
    const note: Processor<{ n: number }> = async (job) => seen.push(job.data.n);
    a.worker(name, note, { concurrency: 5 });
    b.worker(name, note, { concurrency: 5 });
    const jobs = Array.from({ length: 50 }, (_, n) => ({ name: 'count', data: { n } }));
    await a.queue<{ n: number }>(name).addBulk(jobs);
    await eventually(async () => expect((await a.counts())[name]?.completed).toBe(50));
    expect(seen.sort((x, y) => x - y)).toEqual(jobs.map(({ data }) => data.n));
  });

  it('takes a second job of the same id for the first', async () => {
    const engine = await open();
    const queue = engine.queue(name);
    for (let n = 0; n < 3; n += 1) await queue.add('remind', {}, { jobId: 'dossier-1-due' });
    expect((await engine.counts())[name]).toMatchObject({ waiting: 1 });
  });

  it('tries again what failed, later and later, then keeps it as failed and says so', async () => {
    const engine = await open();
    const tries: number[] = [];
    engine.worker(name, async () => {
      tries.push(performance.now());
      throw new Error('the mail server is away');
    });
    await engine.queue(name).add('send', {}, { attempts: 3, backoff: { type: 'exponential', delay: 40 } });
    await eventually(async () =>
      expect((await engine.counts())[name]).toMatchObject({ failed: 1, delayed: 0 }),
    );
    expect(tries).toHaveLength(3);
    expect(tries[2]! - tries[1]!).toBeGreaterThan(70);
    const [failed] = await engine.queue(name).getFailed();
    expect(failed).toMatchObject({ name: 'send', attemptsMade: 3, failedReason: 'the mail server is away' });
    await eventually(() =>
      expect(lines).toEqual([`jobs: ${name} send ${failed?.id} failed after 3: the mail server is away`]),
    );
  });

  it('retries by itself what says nothing of retries', async () => {
    const job = await (await open()).queue(name).add('send', {});
    expect(job.opts).toMatchObject({ attempts: 5, backoff: { type: 'exponential', jitter: 0.5 } });
  });

  it('does a delayed job when its time has come and not before, also one that was brought forward', async () => {
    const engine = await open();
    const queue = engine.queue(name);
    const done: string[] = [];
    engine.worker(name, async (job) => done.push(job.name));
    const late = await queue.add('late', {}, { delay: 3_600_000 });
    const begun = performance.now();
    await queue.add('soon', {}, { delay: 300 });
    await eventually(() => expect(done).toEqual(['soon']));
    expect(performance.now() - begun).toBeGreaterThan(290);
    await late.changeDelay(100);
    await eventually(() => expect(done).toEqual(['soon', 'late']));
  });

  it('lets a running job end before it closes', async () => {
    const engine = await open();
    const running = gate();
    const ended = gate();
    let done = false;
    engine.worker(name, async () => {
      running.open();
      await ended.passed;
      done = true;
    });
    await engine.queue(name).add('work', {});
    await running.passed;
    const closing = engine.close().then(() => done);
    ended.open();
    expect(await closing).toBe(true);
    const other = await open();
    other.queue(name);
    expect((await other.counts())[name]).toMatchObject({ completed: 1, active: 0 });
  });

  it('waits no longer than it may, and gives the job back', async () => {
    const [slow, other] = [await open(), await open()];
    const running = gate();
    let aborted = false;
    const timing = { lockDuration: 400, stalledInterval: 200 };
    slow.worker(
      name,
      (_job, signal) =>
        new Promise((_, reject) => {
          running.open();
          signal.addEventListener('abort', () => {
            aborted = true;
            reject(new Error('stopped'));
          });
        }),
      timing,
    );
    await slow.queue(name).add('long', {}, { attempts: 1 });
    await running.passed;
    await slow.close(50);
    expect(aborted).toBe(true);
    other.worker(name, async () => 'done', timing);
    await eventually(async () => expect((await other.counts())[name]).toMatchObject({ completed: 1 }));
  });

  it('takes up again what a dead worker was at', async () => {
    const [dying, other] = [await open(), await open()];
    const running = gate();
    const timing = { lockDuration: 400, stalledInterval: 200 };
    const deaf = (): Promise<never> => new Promise(() => running.open());
    dying.worker(name, deaf, timing);
    await dying.queue(name).add('long', {}, { attempts: 1 });
    await running.passed;
    await dying.close(0);
    other.worker(name, async () => 'done', timing);
    await eventually(async () => expect((await other.counts())[name]).toMatchObject({ completed: 1 }));
    expect(lines).toEqual([expect.stringContaining('was left by a worker and is taken up again')]);
  });

  it('waits for an engine that is away, and goes on with the jobs it holds', async () => {
    const engine = await open();
    const done: string[] = [];
    engine.worker(name, async (job) => done.push(job.name));
    const queue = engine.queue(name);
    await queue.add('first', {});
    await eventually(() => expect(done).toEqual(['first']));
    await queue.add('held', {}, { delay: 1_500 });
    const back = await at.away();
    await expect(engine.counts()).rejects.toThrow();
    await eventually(() => expect(lines).not.toEqual([]));
    await back();
    await eventually(() => expect(done).toEqual(['first', 'held']));
    await queue.add('after', {});
    await eventually(() => expect(done).toEqual(['first', 'held', 'after']));
    expect(lines.length).toBeLessThan(6);
  });

  it('closes soon while the engine is away', async () => {
    const engine = await open();
    engine.worker(name, async () => undefined);
    await engine.queue(name).getJobCounts();
    const back = await at.away();
    const begun = performance.now();
    await engine.close();
    expect(performance.now() - begun).toBeLessThan(5_000);
    await back();
  });

  describe('a schedule', () => {
    const nightly = { id: 'nightly', pattern: '30 2 * * *', zone: 'Asia/Ho_Chi_Minh' };

    it('is there once, whoever makes sure of it, and comes at that hour of that zone', async () => {
      const [a, b] = [await open(), await open()];
      const many = Array.from({ length: 10 }, (_, n) => (n % 2 ? a : b));
      await Promise.all(many.map((engine) => ensureSchedule(engine.queue(name), nightly)));
      expect(await a.queue(name).getJobSchedulersCount()).toBe(1);
      expect((await a.counts())[name]).toMatchObject({ delayed: 1 });
      const found = await b.queue(name).getJobScheduler('nightly');
      expect(new Date(found?.next ?? 0).toISOString()).toMatch(/T19:30:00.000Z$/);
      expect(await ensureSchedule(b.queue(name), nightly)).toBe(false);
    });

    it('is set anew when its pattern is another', async () => {
      const queue = (await open()).queue(name);
      await ensureSchedule(queue, nightly);
      expect(await ensureSchedule(queue, { ...nightly, pattern: '0 3 * * *' })).toBe(true);
      expect(await queue.getJobSchedulersCount()).toBe(1);
      expect(await queue.getDelayedCount()).toBe(1);
    });

    it('is set anew when only its coming run was lost', async () => {
      const queue = (await open()).queue(name);
      await ensureSchedule(queue, nightly);
      const next = (await queue.getJobScheduler('nightly'))?.next;
      await at.lose(name, `repeat:nightly:${next}`);
      expect(await queue.getDelayedCount()).toBe(0);
      expect(await ensureSchedule(queue, nightly)).toBe(true);
      expect((await queue.getJobScheduler('nightly'))?.next).toBe(next);
      expect(await queue.getDelayedCount()).toBe(1);
    });

    it('keeps a run that is due while no worker is there', async () => {
      const engine = await open();
      const everySecond = { id: 'often', pattern: '* * * * * *', zone: 'UTC' };
      await ensureSchedule(engine.queue(name), everySecond);
      const [due] = await engine.queue(name).getDelayed();
      await eventually(() => expect(systemClock.now()).toBeGreaterThan(due!.timestamp + due!.delay));
      expect(await ensureSchedule(engine.queue(name), everySecond)).toBe(false);
      const done: (string | undefined)[] = [];
      engine.worker(name, async (job) => done.push(job.id));
      await eventually(() => expect(done[0]).toBe(due?.id));
      await engine.queue(name).removeJobScheduler('often');
    });
  });

  it('goes on after everything in it was taken away', async () => {
    const engine = await open();
    const done: string[] = [];
    engine.worker(name, async (job) => done.push(job.name));
    await ensureSchedule(engine.queue(name), { id: 'nightly', pattern: '30 2 * * *', zone: 'UTC' });
    await engine.queue(name).add('before', {});
    await eventually(() => expect(done).toEqual(['before']));
    await at.empty();
    await engine.ensure();
    expect(
      await ensureSchedule(engine.queue(name), { id: 'nightly', pattern: '30 2 * * *', zone: 'UTC' }),
    ).toBe(true);
    await engine.queue(name).add('after', {});
    await eventually(() => expect(done).toEqual(['before', 'after']));
  });
}

describeWithRedis('jobs in Redis', () => jobEngine(inRedis));

describe('jobs in PostgreSQL', () => {
  jobEngine(inPostgres);

  it('are opened by many processes at once in an empty database', async () => {
    const at = await inPostgres();
    const engines = await Promise.all(Array.from({ length: 5 }, () => at.open()));
    await Promise.all(engines.map((engine) => engine.close()));
    await at.end();
  });
});

function gate(): { passed: Promise<void>; open: () => void } {
  let open = (): void => undefined;
  const passed = new Promise<void>((resolve) => (open = resolve));
  return { passed, open };
}
