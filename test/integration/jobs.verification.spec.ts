import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { MIGRATIONS, platformOn, type Platform } from '#apps/platform/open-platform.js';
import { type JobOptions, type Jobs, MAINTENANCE, startJobs, VERIFY_LOG } from '#apps/worker/jobs.js';
import { migrate } from '#libs/read-db/migrate.adapter.js';
import { parseRedisUrl, type RedisAddress } from '#libs/redis/redis-address.js';
import { connectRedis } from '#libs/redis/redis-connection.adapter.js';
import { verifyAndNote } from '#libs/verification/verify-and-note.js';
import { Verifications } from '#libs/verification/verifications.adapter.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { newEvent } from '../support/dossier-events.js';
import { eventually } from '../support/eventually.js';
import { describeWithRedis, startRedis, type TestRedis } from '../support/redis.js';
import { TestClock } from '../support/service.js';
import { testVault } from '../support/vault.js';
import { tamper } from '../support/tamper.js';

const NIGHTLY = { pattern: '30 2 * * *', zone: 'Asia/Ho_Chi_Minh' };
const STARTED = '2024-03-11T19:30:00.000Z';

let database: TestDatabase;
let platform: Platform;
let verifications: Verifications;
const clock = new TestClock(STARTED);
const running: Jobs[] = [];
const lines: string[] = [];

beforeEach(async () => {
  database = await createTestDatabase();
  await migrate(database.pool, MIGRATIONS);
  platform = platformOn(database.pool, clock, await testVault(database.pool), () => database.drop());
  verifications = new Verifications(database.pool);
  for (const code of ['a', 'b', 'c']) await append(code);
});
afterEach(async () => {
  await Promise.all(running.splice(0).map((jobs) => jobs.close()));
  await platform.close();
  lines.splice(0);
});

const append = (code: string): Promise<unknown> =>
  platform.log.append(`dossier-${code}`, 'no_stream', [newEvent('DossierHandedOver', { toUnit: 'QLĐT' })]);

/** The kinds that a verification at this moment finds, and where. */
async function findings(): Promise<string[]> {
  const parts = { log: platform.rawLog, verifications, clock };
  await verifyAndNote(parts, new AbortController().signal);
  const [last] = await verifications.latest(1);
  expect(last?.findingsCount).toBe(last?.findings.length);
  return last!.findings.map(({ kind, position }) => `${kind} ${position}`);
}

describe('a verification of the log', () => {
  it('notes when it was, of which engine, and how much was seen', async () => {
    expect(await findings()).toEqual([]);
    expect(await verifications.latest(50)).toEqual([
      {
        ...{ id: 1n, engine: 'postgresql', startedAt: STARTED, endedAt: STARTED },
        ...{ events: 3n, streams: 3n, position: 3n, findingsCount: 0, findings: [] },
      },
    ]);
  });

  it('finds nothing when it runs twice, or after more was appended', async () => {
    expect([await findings(), await findings()]).toEqual([[], []]);
    await append('d');
    expect(await findings()).toEqual([]);
  });

  it('names a change made in the database behind the back of the log, without what stands there', async () => {
    await findings();
    await tamper(
      database.pool,
      `UPDATE event_log.events SET body = replace(body::text, 'QLĐT', 'TNMT')::json WHERE position = 2`,
    );
    expect(await findings()).toEqual(['changed 2']);
    const [{ findings: noted } = { findings: [] }] = await verifications.latest(1);
    expect(noted).toEqual([
      {
        ...{ kind: 'changed', position: 2, stream: 'dossier-b', revision: 0 },
        ...{ id: expect.any(String), type: 'DossierHandedOver' },
      },
    ]);
  });

  it('finds that the end was cut off, which the log alone does not show', async () => {
    await findings();
    await tamper(database.pool, 'DELETE FROM event_log.events WHERE position = 3');
    expect(await findings()).toEqual(['cut_off 3']);
  });

  it('finds it also when something else was appended at that place', async () => {
    await findings();
    await tamper(database.pool, 'DELETE FROM event_log.events WHERE position = 3');
    await append('x');
    await append('y');
    expect(await findings()).toEqual(['cut_off 3']);
  });

  it('finds that everything is gone', async () => {
    await findings();
    await tamper(database.pool, 'TRUNCATE event_log.events');
    expect(await findings()).toEqual(['cut_off 3']);
  });

  it('compares with the same engine only', async () => {
    const id = await verifications.begin('eventstoredb', STARTED);
    const end = { events: 9n, position: 4_711n, hash: 'f'.repeat(64) };
    await verifications.end(id, { endedAt: STARTED, end, streams: 9, findingsCount: 0, findings: [] });
    expect(await findings()).toEqual([]);
  });

  it('that was broken off stays without an end, and nothing is compared with it', async () => {
    const parts = { log: platform.rawLog, verifications, clock };
    await expect(verifyAndNote(parts, AbortSignal.abort(new Error('stopped')))).rejects.toThrow('stopped');
    expect(await verifications.latest(1)).toMatchObject([{ endedAt: null, events: null }]);
    expect(await verifications.lastEnded()).toBeUndefined();
    expect(await findings()).toEqual([]);
  });

  it('keeps the first 50 findings and the number of all', async () => {
    for (let n = 0; n < 60; n += 1) await append(`more-${n}`);
    await tamper(database.pool, `UPDATE event_log.events SET recorded_at = recorded_at - interval '1 day'`);
    const parts = { log: platform.rawLog, verifications, clock };
    await verifyAndNote(parts, new AbortController().signal);
    const [last] = await verifications.latest(1);
    expect([last?.findingsCount, last?.findings.length]).toEqual([63, 50]);
  });
});

function nightly(place: () => { redis: RedisAddress | undefined; empty: () => Promise<void> }): void {
  const start = async (more: Partial<JobOptions> = {}): Promise<Jobs> => {
    const notice = (line: string): void => void lines.push(line);
    const on = { ...platform, redis: place().redis };
    const jobs = await startJobs({ platform: on, verifyAt: NIGHTLY, notice, ...more });
    running.push(jobs);
    return jobs;
  };

  it('verifies once in a night, however many workers there are, and says what it found', async () => {
    const [jobs] = await Promise.all([start(), start(), start()]);
    const queue = jobs.engine.queue(MAINTENANCE);
    expect(await queue.getJobSchedulers()).toMatchObject([
      { key: VERIFY_LOG, pattern: NIGHTLY.pattern, tz: NIGHTLY.zone },
    ]);
    await tamper(database.pool, `UPDATE event_log.events SET hash = '' WHERE position = 1`);
    const [due] = await queue.getDelayed();
    await due?.promote();
    await eventually(async () => expect(await verifications.lastEnded()).toMatchObject({ findingsCount: 1 }));
    await eventually(async () =>
      expect(await verifications.lastEnded('trace')).toMatchObject({ events: 0n, findingsCount: 0 }),
    );
    const engines = (await verifications.latest(50)).map(({ engine }) => engine);
    expect(engines).toEqual(['read-trace', 'postgresql']);
    await eventually(() =>
      expect(lines).toEqual([expect.stringContaining('the log of 3 events has 1 finding(s)')]),
    );
    expect(await queue.getDelayedCount()).toBe(1);
  });

  it('is planned again soon after the queue was emptied', async () => {
    const jobs = await start({ ensureEveryMs: 50 });
    await place().empty();
    const queue = jobs.engine.queue(MAINTENANCE);
    await eventually(async () => expect(await queue.getJobSchedulersCount()).toBe(1));
    const [due] = await queue.getDelayed();
    await due?.promote();
    await eventually(async () => expect(await verifications.lastEnded()).toMatchObject({ events: 3n }));
  });

  it('is planned no more when it is switched off', async () => {
    await start();
    const jobs = await start({ verifyAt: undefined });
    expect(await jobs.engine.queue(MAINTENANCE).getJobSchedulersCount()).toBe(0);
    expect(await jobs.engine.queue(MAINTENANCE).getDelayedCount()).toBe(0);
  });

  it.each([
    ['61 2 * * *', 'Asia/Ho_Chi_Minh'],
    ['30 2 * * *', 'Mars/Olympus'],
  ])('refuses the schedule %s in %s', async (pattern, zone) => {
    const refused = start({ verifyAt: { pattern, zone } });
    await expect(refused).rejects.toMatchObject({ type: 'schedule-wrong', details: { pattern, zone } });
  });
}

describe('the nightly verification, planned in PostgreSQL', () => {
  nightly(() => ({
    redis: undefined,
    empty: async () => {
      await eventually(() => database.pool.query('DROP SCHEMA bullmq CASCADE'));
    },
  }));
});

describeWithRedis('the nightly verification, planned in Redis', () => {
  let redis: TestRedis;
  const empty = async (): Promise<void> => {
    const client = connectRedis(parseRedisUrl(redis.url), { log: () => undefined, waits: true });
    await client.flushall();
    client.disconnect();
  };
  beforeAll(async () => {
    redis = await startRedis({ appendOnly: true });
  });
  afterEach(empty);
  afterAll(() => redis.stop());
  nightly(() => ({ redis: parseRedisUrl(redis.url), empty }));
});
