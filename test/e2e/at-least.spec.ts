import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { WorklistPage } from '#libs/dossier/worklist/filter.js';
import { open } from '../support/desk.js';
import { call, type ProblemBody, refused } from '../support/http.js';
import { startService, type TestService } from '../support/service.js';

const AT = '2024-03-11T02:00:00.000Z';
const LIMIT_MS = 600;
const PERIOD = 'period=2024-Q1';
const READS = [
  '/api/dossiers?limit=1',
  `/api/reports/ii-06a?${PERIOD}`,
  `/api/reports/ii-06a?${PERIOD}&format=csv`,
  `/api/reports/ii-06a?${PERIOD}&format=xlsx`,
  `/api/reports/ii-06a/dossiers?${PERIOD}&column=3`,
  '/api/reports/needs-explanation?limit=1',
  '/api/outlook?days=1',
  '/api/outlook/dossiers?kind=late',
  '/api/outlook/forecast-quality?procedure=x',
  '/api/undelivered?limit=1',
];

async function timed<T>(work: () => Promise<T>): Promise<[T, number]> {
  const begun = performance.now();
  return [await work(), performance.now() - begun];
}

describe('a read that asks for its own write', () => {
  let writing: TestService;
  let reading: TestService;
  beforeAll(async () => {
    writing = await startService(AT);
    reading = await startService(AT, { beside: writing, projecting: false });
  }, 60_000);
  afterAll(async () => {
    await reading.close();
    await writing.close();
  });

  it('holds it, through the instance that wrote and through any other', async () => {
    for (let n = 0; n < 20; n += 1) {
      const [at, other] = n % 2 === 0 ? [writing, reading] : [reading, writing];
      const { code, position } = (await open(at)).body;
      for (const service of [at, other]) {
        const path = `/api/dossiers?q=${code}&atLeast=${position}`;
        const { body } = await call<WorklistPage>(service, 'GET', path);
        expect(body.items.map((item) => item.code)).toEqual([code]);
        expect(Number(body.position)).toBeGreaterThanOrEqual(position);
      }
    }
  });

  it('is every read from a read model, in each of its forms', async () => {
    const { position } = (await open(reading)).body;
    for (const path of READS) {
      const answer = await call<{ position?: number }>(reading, 'GET', `${path}&atLeast=${position}`);
      expect([path, answer.status]).toEqual([path, 200]);
      if (answer.body.position !== undefined) {
        expect(answer.body.position).toBeGreaterThanOrEqual(position);
      }
    }
  });

  it('is answered at once by what is there already', async () => {
    const { position } = (await open(writing)).body;
    await writing.settled();
    const [, took] = await timed(() => call(reading, 'GET', `/api/dossiers?atLeast=${position}`));
    expect(took).toBeLessThan(LIMIT_MS);
    expect((await call(reading, 'GET', '/api/dossiers?atLeast=0')).status).toBe(200);
  });

  it('is refused with a position that the log has not reached', async () => {
    const beyond = Number(await writing.platform.log.head()) + 1_000;
    const problems = await Promise.all(
      READS.map((path) => refused(reading, [422, 'position-unknown'], 'GET', `${path}&atLeast=${beyond}`)),
    );
    for (const problem of problems) expect(problem.errors?.[0]?.pointer).toBe('query:atLeast');
  });

  it('is refused with what is no position', async () => {
    for (const wrong of ['-1', '1.5', 'x', '', '9999999999999999', '0x10', '1&atLeast=2']) {
      const path = `/api/dossiers?atLeast=${wrong}`;
      const problem = await refused(reading, [400, 'invalid-request'], 'GET', path);
      expect(problem.errors?.[0]?.pointer).toBe('query:atLeast');
    }
  });
});

describe('a read model that is behind', () => {
  let writing: TestService;
  let reading: TestService;
  beforeAll(async () => {
    writing = await startService(AT);
    await writing.settled();
    // From here on nobody keeps the read models.
    await writing.stopProjecting();
    reading = await startService(AT, { beside: writing, projecting: false, readWaitMs: LIMIT_MS });
  }, 60_000);
  afterAll(async () => {
    await reading.close();
    await writing.close();
  });

  it('is told after the limit, with where it is and when to come again', async () => {
    const before = Number(await writing.platform.log.head());
    const { position } = (await open(writing)).body;
    const ask = (path: string) =>
      timed(() => call<ProblemBody>(reading, 'GET', `${path}&atLeast=${position}`));
    for (const [answer, took] of await Promise.all(READS.map(ask))) {
      expect(took).toBeGreaterThan(LIMIT_MS - 50);
      expect(took).toBeLessThan(LIMIT_MS * 4);
      expect([answer.status, answer.body.type]).toEqual([503, '/api/problems/read-model-behind']);
      expect(answer.body).toMatchObject({ atLeast: position, position: before, state: 'live' });
      expect(answer.headers.get('retry-after')).toBe('1');
    }
    expect((await call(reading, 'GET', '/api/dossiers')).status).toBe(200);
  });

  it('is told at once where it has stopped', async () => {
    const { position } = (await open(writing)).body;
    const { pool } = writing.platform;
    await pool.query(`UPDATE projection.checkpoints SET status = 'stopped' WHERE name = 'worklist'`);
    const [problem, took] = await timed(() =>
      refused(writing, [503, 'read-model-behind'], 'GET', `/api/dossiers?atLeast=${position}`),
    );
    expect(problem['state']).toBe('stopped');
    // Its own limit is 5 s.
    expect(took).toBeLessThan(2_000);
  });
});
