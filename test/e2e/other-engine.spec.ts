import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { openContext } from '#apps/cli/context.js';
import { reportCommand } from '#apps/cli/report/report.command.js';
import type { WorklistPage } from '#libs/dossier/worklist/filter.js';
import type { ReportII06a } from '#libs/reports/ii-06a/report.js';
import { open } from '../support/desk.js';
import { type EventStoreStandIn, startEventStore } from '../support/eventstoredb/stand-in.js';
import { call, refused } from '../support/http.js';
import { TEST_MASTER_KEY } from '../support/vault.js';
import { startService, type TestService } from '../support/service.js';

const AT = '2024-03-11T02:00:00.000Z';
const READS = [
  '/api/dossiers',
  '/api/reports/ii-06a?period=2024',
  '/api/reports/ii-06a?from=2024-01-01T00:00:00Z&to=2025-01-01T00:00:00Z',
  '/api/reports/ii-06a/dossiers?period=2024&column=3',
  '/api/reports/needs-explanation',
  '/api/outlook',
  '/api/outlook/dossiers?kind=late',
  '/api/outlook/forecast-quality',
  '/api/undelivered',
];

interface Ready {
  readonly status: string;
  readonly projections: readonly { status: string; position: number; lagEvents: number }[];
}

const received = async (service: TestService): Promise<unknown> =>
  (await call<ReportII06a>(service, 'GET', '/api/reports/ii-06a?period=2024')).body.total['3'];
const listed = async (service: TestService): Promise<number> =>
  (await call<WorklistPage>(service, 'GET', '/api/dossiers')).body.items.length;

/** What `report --json` gives, as a program with these settings would. */
async function reported(settings: Record<string, string>): Promise<ReportII06a> {
  const before = { ...process.env };
  const written: string[] = [];
  const spy = jest.spyOn(process.stdout, 'write').mockImplementation((text) => {
    written.push(String(text));
    return true;
  });
  Object.assign(process.env, { MOTCUA_MASTER_KEY: TEST_MASTER_KEY, ...settings });
  try {
    const args = ['--form', 'II.06a', '--period', '2024', '--json'];
    await reportCommand(openContext).exitOverride().parseAsync(args, { from: 'user' });
  } finally {
    spy.mockRestore();
    process.env = before;
  }
  return JSON.parse(written.join('')) as ReportII06a;
}

describe('an installation whose read models are not there yet', () => {
  it('says so to every read of them', async () => {
    const service = await startService(AT, { projecting: false });
    try {
      for (const path of [...READS, '/api/persons/due-for-erasure', '/api/persons/erasure-proposals']) {
        const type = path.includes('/reports/') ? 'report-not-ready' : 'read-model-behind';
        await refused(service, [503, type], 'GET', path);
      }
    } finally {
      await service.close();
    }
  });
});

describe('the log of another engine on the same database', () => {
  let server: EventStoreStandIn;
  let before: TestService;
  let after: TestService;

  beforeAll(async () => {
    server = await startEventStore();
    before = await startService(AT, { eventStoreUrl: '' });
    for (let n = 0; n < 3; n += 1) await open(before);
    await before.settled();
    after = await startService(AT, { beside: before, eventStoreUrl: server.url, projecting: false });
    await open(after);
  }, 60_000);
  afterAll(async () => {
    await after.close();
    await before.close();
    await server.stop();
  });

  it('is not answered for from tables that were made from the log before', async () => {
    expect([await listed(before), await received(before)]).toEqual([3, 3]);
    for (const path of READS) await refused(after, [503, 'read-model-behind'], 'GET', path);
    expect([await listed(before), await received(before)]).toEqual([3, 3]);
  });

  it('is told of by health: read models are being made, from its beginning, and the service is degraded', async () => {
    const readAll = jest.spyOn(after.platform.log, 'readAll');
    const { status, body } = await call<Ready>(after, 'GET', '/health/ready');
    expect([status, body.status]).toEqual([200, 'degraded']);
    expect(body.projections).toMatchObject([
      { name: 'worklist', status: 'rebuilding', tablesOf: 'postgresql', position: 0, lagEvents: 1 },
      { name: 'report', status: 'rebuilding', tablesOf: 'postgresql', position: 0, lagEvents: 1 },
      { name: 'erasures', status: 'rebuilding', tablesOf: 'postgresql', position: 0 },
      { name: 'reminders', status: 'rebuilding', tablesOf: 'postgresql', position: 0 },
      { name: 'inbox', status: 'rebuilding', tablesOf: 'postgresql', position: 0 },
      { name: 'durations', status: 'rebuilding', tablesOf: 'postgresql', position: 0 },
    ]);
    expect(readAll.mock.calls.map(([options]) => options?.from)).toEqual([0n, 0n, 0n, 0n, 0n, 0n]);
    readAll.mockRestore();
  });

  it('is waited for by the command line, which makes the read models where nobody else does', async () => {
    await before.stopProjecting();
    const settings = { DATABASE_URL: before.databaseUrl, EVENTSTORE_URL: server.url };
    expect(await reported(settings)).toMatchObject({ total: { '3': 1 }, lag: { events: 0 } });
    expect([await listed(after), await received(after)]).toEqual([1, 1]);
    expect((await call<Ready>(after, 'GET', '/health/ready')).body.status).toBe('ok');
    for (const path of READS) await refused(before, [503, 'read-model-behind'], 'GET', path);
  });

  it('may be the first one again', async () => {
    const settings = { DATABASE_URL: before.databaseUrl, EVENTSTORE_URL: '' };
    expect(await reported(settings)).toMatchObject({ total: { '3': 3 }, lag: { events: 0 } });
    expect([await listed(before), await received(before)]).toEqual([3, 3]);
    for (const path of READS) await refused(after, [503, 'read-model-behind'], 'GET', path);
  });
});
