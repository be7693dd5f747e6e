import { afterAll, afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type pg from 'pg';
import type { WorklistPage } from '#libs/dossier/worklist/filter.js';
import type { JsonObject } from '#libs/event-log/json.js';
import { streamName } from '#libs/event-log/event-log.js';
import { createPool } from '#libs/read-db/pool.adapter.js';
import { accepted, TERMS } from '#libs/reports/testing/recorded.js';
import { open } from '../support/desk.js';
import { newEvent } from '../support/dossier-events.js';
import { call, type ProblemBody } from '../support/http.js';
import { startService, type TestService } from '../support/service.js';

interface Ready {
  readonly status: string;
  readonly dependencies: readonly {
    name: string;
    engine?: string;
    status: string;
    milliseconds: number;
  }[];
  readonly projections: readonly {
    name: string;
    status: string;
    position: number;
    head: number;
    error?: string;
    poisonedEvent?: { id: string; type: string; position: number };
  }[];
}

let service: TestService;
beforeEach(async () => (service = await startService()), 60_000);
afterEach(() => service.close());

const live = () => call<{ status: string }>(service, 'GET', '/health/live');
const ready = () => call<Ready>(service, 'GET', '/health/ready');
const dependencies = ({ body }: { body: Ready }) =>
  body.dependencies.map(({ name, engine, status }) => [name, engine, status]);
const all = (status: string) => [
  ['event-log', 'postgresql', status],
  ['database', 'postgresql', status],
];
const shape = ({ body }: { body: Ready }) => body.projections.map(({ name, status }) => [name, status]);

describe('a service that is well', () => {
  it('is live and ready, its projections at the end of the log', async () => {
    await open(service);
    await service.settled();
    expect(await live()).toMatchObject({ status: 200, body: { status: 'ok' } });
    const answer = await ready();
    expect(answer).toMatchObject({ status: 200, body: { status: 'ok' } });
    expect(dependencies(answer)).toEqual(all('ok'));
    for (const { milliseconds } of answer.body.dependencies) expect(milliseconds).toBeLessThan(2_000);
    expect(shape(answer)).toEqual([
      ['worklist', 'live'],
      ['report', 'live'],
      ['erasures', 'live'],
      ['reminders', 'live'],
      ['inbox', 'live'],
      ['durations', 'live'],
    ]);
    const head = Number(await service.platform.log.head());
    expect(answer.body.projections.map(({ position }) => position)).toEqual(
      Array.from({ length: 6 }, () => head),
    );
  });
});

describe('an event that one projection cannot fold', () => {
  it('stops that one, which says so and names it; dossiers are logged and listed as before', async () => {
    await service.settled();
    const code = 'H54.12-240311-0900';
    const poison = newEvent(
      'DossierAccepted',
      accepted(code, { terms: { ...TERMS, zone: 'Mars/Olympus' } }) as unknown as JsonObject,
      { occurredAt: '2024-03-11T01:00:00.000Z' },
    );
    const { position } = await service.platform.log.append(streamName('dossier', code), 'no_stream', [
      poison,
    ]);
    const { body } = await open(service, { applicant: { name: 'Sau Sự Cố' } });
    await service.settled();

    const answer = await ready();
    expect(answer).toMatchObject({ status: 200, body: { status: 'degraded' } });
    expect(dependencies(answer)).toEqual(all('ok'));
    expect(shape(answer)).toEqual([
      ['worklist', 'live'],
      ['report', 'stopped'],
      ['erasures', 'live'],
      ['reminders', 'live'],
      ['inbox', 'live'],
      ['durations', 'live'],
    ]);
    const [worklist, report] = answer.body.projections;
    expect(worklist?.position).toBe(worklist?.head);
    expect(report).toMatchObject({
      position: Number(position) - 1,
      poisonedEvent: { id: poison.id, type: 'DossierAccepted', position: Number(position) },
    });
    expect(report?.error).toBeTruthy();
    expect(answer.text).not.toContain('Sau Sự Cố');
    const list = await call<WorklistPage>(service, 'GET', '/api/dossiers?q=su%20co');
    expect(list.body.items.map((item) => item.code)).toEqual([body.code]);
    const final = await call<ProblemBody>(service, 'GET', '/api/reports/ii-06a?period=2024&final=true');
    expect([final.status, final.body.type]).toEqual([409, '/api/problems/report-behind']);
  });
});

describe('a database that is gone', () => {
  let admin: pg.Pool;
  afterAll(() => admin.end());

  it('makes everything but live unavailable within seconds, and all is well when it is back', async () => {
    admin = createPool(service.databaseUrl.replace(/[^/]+$/, 'postgres'));
    const name = new URL(service.databaseUrl).pathname.slice(1);
    const headers = { 'idempotency-key': 'before-and-after' };
    await service.settled();
    await admin.query(`ALTER DATABASE ${name} WITH ALLOW_CONNECTIONS false`);
    await admin.query('SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1', [name]);

    const begun = performance.now();
    const gone = await ready();
    expect(performance.now() - begun).toBeLessThan(5_000);
    expect(gone.status).toBe(503);
    expect(gone.body).toMatchObject({ status: 'unavailable', projections: [] });
    expect(dependencies(gone)).toEqual(all('unavailable'));
    expect((await live()).status).toBe(200);
    const refused = [
      await open(service, {}, { headers }),
      await call<ProblemBody>(service, 'GET', '/api/dossiers'),
      await call<ProblemBody>(service, 'GET', '/api/dossiers/H54.12-240311-0001'),
      await call<ProblemBody>(service, 'GET', '/api/reports/ii-06a?period=2024'),
      await call<ProblemBody>(service, 'POST', '/api/units/H54.98/versions', {
        body: {
          ...{ name: { vi: 'a', en: 'b' }, calendar: 'vn', policy: 'vn-default', sequenceDigits: 4 },
          ...{ validFrom: '2024-01-01', source: 's' },
        },
      }),
    ];
    expect(refused.map(({ status }) => status)).toEqual([503, 503, 503, 503, 503]);

    await admin.query(`ALTER DATABASE ${name} WITH ALLOW_CONNECTIONS true`);
    expect((await ready()).status).toBe(200);
    const { status, body } = await open(service, {}, { headers });
    expect([status, body.code]).toEqual([201, 'H54.12-240311-0001']);
    await service.settled();
    const list = await call<WorklistPage>(service, 'GET', `/api/dossiers?q=${body.code}`);
    expect(list.body.items).toHaveLength(1);
    expect((await ready()).body.status).toBe('ok');
  });
});
