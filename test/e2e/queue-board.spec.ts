import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openJobEngine, QUEUES } from '#apps/worker/jobs.js';
import { ROLES } from '#libs/access/principal.js';
import type { JobEngine } from '#libs/jobs/job-engine.adapter.js';
import { QueueBoard } from '#libs/queue-board/queue-board.adapter.js';
import { parseRedisUrl } from '#libs/redis/redis-address.js';
import { account } from '../support/accounts.js';
import { openSession } from '../support/access-desk.js';
import { call, refused } from '../support/http.js';
import { describeWithRedis, startRedis } from '../support/redis.js';
import { startService, type TestService } from '../support/service.js';

const BOARD = '/admin/queues';
type Headers = Record<string, string | undefined>;

let service: TestService;
let engine: JobEngine;
beforeAll(async () => {
  service = await startService();
  for (const role of ROLES) await account(service, `own-${role}`, [{ role, units: 'all' }]);
  engine = await openJobEngine(service.platform, () => undefined);
  const later = { delay: 3_600_000, jobId: 'H54.12-240311-0001@1' };
  await engine.queue('reminders').add('look', { code: 'H54.12-240311-0001', at: '2024-03-12' }, later);
}, 60_000);
afterAll(async () => {
  await engine.close();
  await service.close();
});

/** In a browser that has signed in, or nowhere. */
const as = async (role?: string): Promise<{ headers: Headers }> => ({
  headers: {
    authorization: undefined,
    ...(role === undefined ? {} : await openSession(service, `own-${role}`)),
  },
});

interface Listed {
  readonly queues: readonly { name: string; counts: Record<string, number>; readOnlyMode: boolean }[];
}

describe('the board of queues', () => {
  it.each(['', '/queue/reminders', '/job-schedulers', '/api/queues', '/api/queues/reminders/1'])(
    'is for administrators alone: %s',
    async (path) => {
      await refused(service, [401, 'not-signed-in'], 'GET', BOARD + path, await as());
      for (const role of ROLES.filter((each) => each !== 'administrator')) {
        await refused(service, [403, 'forbidden'], 'GET', BOARD + path, await as(role));
      }
    },
  );

  it('leads a browser that has not signed in to where it can, and its scripts and other programs not', async () => {
    const opening = (path: string, accept: string) =>
      fetch(service.url + path, { headers: { accept }, redirect: 'manual' });
    const html = 'text/html,application/xhtml+xml,*/*;q=0.8';
    const led = await opening(`${BOARD}/queue/reminders?page=2`, html);
    expect([led.status, led.headers.get('location')]).toEqual([
      303,
      `/sign-in?returnTo=${encodeURIComponent(`${BOARD}/queue/reminders?page=2`)}`,
    ]);
    expect((await opening(`${BOARD}/api/queues`, 'application/json')).status).toBe(401);
    expect((await opening('/api/dossiers', html)).status).toBe(401);
  });

  it('shows them every queue, and how many jobs are in it, by state', async () => {
    const { status, body } = await call<Listed>(
      service,
      'GET',
      `${BOARD}/api/queues`,
      await as('administrator'),
    );
    expect(status).toBe(200);
    expect(body.queues.map(({ name }) => name)).toEqual(QUEUES);
    expect(body.queues.find(({ name }) => name === 'reminders')?.counts).toMatchObject({
      delayed: 1,
      failed: 0,
    });
  });

  it('shows them a job, and says of one that there is not that there is none', async () => {
    const jobs = `${BOARD}/api/queues/reminders`;
    const id = encodeURIComponent('H54.12-240311-0001@1');
    const found = await call(service, 'GET', `${jobs}/${id}`, await as('administrator'));
    expect(found.body).toMatchObject({ job: { name: 'look', data: { code: 'H54.12-240311-0001' } } });
    await refused(service, [404, 'not-found'], 'GET', `${jobs}/none`, await as('administrator'));
    const foreign = `${BOARD}/api/queues/nothing/metrics`;
    await refused(service, [404, 'not-found'], 'GET', foreign, await as('administrator'));
  });

  it.each([
    ['PUT', '/api/queues/pause'],
    ['PUT', '/api/queues/reminders/obliterate'],
    ['PUT', '/api/queues/reminders/H54.12-240311-0001@1/promote'],
    ['POST', '/api/queues/reminders/add'],
  ] as const)('changes nothing: there is no %s %s', async (method, path) => {
    const sent = { body: {}, ...(await as('administrator')) };
    await refused(service, [404, 'not-found'], method, BOARD + path, sent);
    expect(await engine.queue('reminders').getJobCounts('delayed')).toEqual({ delayed: 1 });
  });

  it('is a page that may load files of its own only, and has nothing of a queue in it', async () => {
    const answer = await fetch(service.url + BOARD, {
      headers: await openSession(service, 'own-administrator'),
    });
    expect(answer.headers.get('content-security-policy')).toContain("script-src 'self';style-src 'self'");
    const page = await answer.text();
    expect(page).toContain('<base href="/admin/queues/"');
    expect(page).not.toMatch(/https?:|<%|H54/);
    for (const [, file = ''] of page.matchAll(/(?:src|href)="(static\/[^"]+)"/g)) {
      expect([file, (await fetch(`${service.url}${BOARD}/${file}`)).status]).toEqual([file, 200]);
    }
  });
});

describeWithRedis('the board of queues in Redis', () => {
  it('shows the same, and says so when Redis is away', async () => {
    const redis = await startRedis();
    const { pool } = service.platform;
    const inRedis = await openJobEngine({ pool, redis: parseRedisUrl(redis.url) }, () => undefined);
    try {
      const { data, opts } = { data: { code: 'H54.12-240311-0001' }, opts: { delay: 3_600_000 } };
      await inRedis.queue('deliveries').add('deliver', data, opts);
      const board = new QueueBoard(inRedis, QUEUES, `${BOARD}/`);
      const { queues } = (await board.answer('/api/queues', {}, {})) as Listed;
      expect(queues.map(({ name, counts }) => [name, counts['delayed']])).toEqual(
        QUEUES.map((name) => [name, name === 'deliveries' ? 1 : 0]),
      );
      expect(await board.answer('/api/redis/stats', {}, {})).toMatchObject({ backend: 'redis' });
      await redis.kill();
      const asked = board.answer('/api/queues', {}, {});
      await expect(asked).rejects.toMatchObject({ type: 'queues-unavailable' });
    } finally {
      await inRedis.close();
      await redis.stop();
    }
  }, 30_000);
});
