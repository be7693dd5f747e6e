import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { ReadsPage } from '#libs/read-trace/reads.query.js';
import { TraceEntries } from '#libs/read-trace/trace-entries.adapter.js';
import { open } from '../support/desk.js';
import { call, refused } from '../support/http.js';
import { startService, type TestService } from '../support/service.js';
import { bearer } from '../support/tokens.js';

let service: TestService;
let code: string;
beforeAll(async () => (service = await startService()), 60_000);
afterAll(() => service.close());
beforeEach(async () => {
  code = (await open(service, { applicant: { name: 'Phạm Thị Xem', idNumber: '001066006666' } })).body.code;
  await service.settled();
});

const traced = async (query: string): Promise<ReadsPage['items']> =>
  (await call<ReadsPage>(service, 'GET', `/api/reads${query}`)).body.items;
const of = (dossier: string) => traced(`?dossier=${dossier}`);

describe('a read of personal data leaves a trace', () => {
  it('when a dossier’s page is shown, with the reason that was given', async () => {
    const headers = {
      ...{ ...bearer('official-7'), 'x-correlation-id': 'look-1' },
      'x-reason': encodeURIComponent('Đơn khiếu nại của bà Xem'),
    };
    await call(service, 'GET', `/api/dossiers/${code}`, { headers });
    expect(await of(code)).toEqual([
      {
        ...{ number: expect.any(Number), at: '2024-03-11T02:00:00.000Z', account: 'official-7' },
        ...{ by: expect.any(String), onBehalfOf: null, how: 'page', route: 'GET /api/dossiers/:code' },
        ...{
          dossiers: [code],
          reason: 'Đơn khiếu nại của bà Xem',
          reasonErased: false,
          reasonDamaged: false,
        },
        ...{ correlationId: 'look-1', hash: expect.stringMatching(/^[0-9a-f]{64}$/) },
      },
    ]);
  });

  it('when a receipt is printed', async () => {
    await call(service, 'GET', `/api/dossiers/${code}/receipt`);
    expect(await of(code)).toMatchObject([{ how: 'receipt', route: 'GET /api/dossiers/:code/receipt' }]);
  });

  it('once for a list, with all whose names it showed, and never what was searched for', async () => {
    const other = (await open(service)).body.code;
    await service.settled();
    await call(service, 'GET', '/api/dossiers');
    expect(await of(other)).toMatchObject([{ how: 'list', dossiers: expect.arrayContaining([code, other]) }]);
    await call(service, 'GET', '/api/dossiers?q=pham');
    const [search] = await of(code);
    expect([search?.how, search?.dossiers]).toEqual(['search', expect.not.arrayContaining([other])]);
    const bodies: string[] = [];
    for await (const { body } of new TraceEntries(service.platform.pool).entries()) bodies.push(body);
    expect(bodies.join('\n')).not.toMatch(/pham|Phạm|001066006666/i);
  });

  it('of none where nobody’s name is shown', async () => {
    const entries = new TraceEntries(service.platform.pool);
    const before = await entries.last();
    await call(service, 'GET', '/api/dossiers?q=nobodyhasthisname');
    await call(service, 'GET', '/api/reports/ii-06a?from=2024-01-01T00:00:00Z&to=2024-07-01T00:00:00Z');
    await refused(service, [404, 'dossier-unknown'], 'GET', '/api/dossiers/none');
    expect(await entries.last()).toBe(before);
  });

  it('or is refused', async () => {
    const { pool } = service.platform;
    await pool.query('ALTER TABLE read_trace.reads RENAME TO away');
    try {
      for (const path of [`/api/dossiers/${code}`, `/api/dossiers/${code}/receipt`, '/api/dossiers']) {
        const { detail } = await refused(service, [503, 'read-not-traced'], 'GET', path);
        expect(detail).not.toContain('Phạm');
      }
    } finally {
      await pool.query('ALTER TABLE read_trace.away RENAME TO reads');
    }
  });
});

describe('the list of reads', () => {
  it('goes page by page', async () => {
    await call(service, 'GET', `/api/dossiers/${code}`);
    await call(service, 'GET', `/api/dossiers/${code}`);
    const first = (await call<ReadsPage>(service, 'GET', `/api/reads?dossier=${code}&limit=1`)).body;
    expect([first.items.length, first.next]).toEqual([1, expect.any(String)]);
    const path = `/api/reads?dossier=${code}&limit=1&cursor=${first.next ?? ''}`;
    const second = (await call<ReadsPage>(service, 'GET', path)).body;
    expect([second.items.length, second.next]).toEqual([1, null]);
    expect(second.items[0]?.number).toBeLessThan(Number(first.items[0]?.number));
  });

  it.each(['cursor=x', 'from=yesterday', 'limit=0', 'dossier=%00'])('refuses %s', async (query) => {
    await refused(service, [400, 'invalid-request'], 'GET', `/api/reads?${query}`);
  });
});
