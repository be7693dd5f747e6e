import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import readXlsxFile from 'read-excel-file/node';
import type { DossierEventData, DossierEventType } from '#libs/dossier/dossier.events.js';
import { streamName } from '#libs/event-log/event-log.js';
import type { ReportII06a } from '#libs/reports/ii-06a/report.js';
import { accepted, TERMS } from '#libs/reports/testing/recorded.js';
import type { JsonObject } from '#libs/event-log/json.js';
import { newEvent } from '../../support/dossier-events.js';
import { startService, type TestService } from '../../support/service.js';
import { bearer } from '../../support/tokens.js';

const SIGNED_IN = { headers: bearer('clerk-1') };
const HALF_YEAR = 'from=2024-01-01T00:00:00%2B07:00&to=2024-07-01T00:00:00%2B07:00';
const DAY = 86_400_000;
const code = (n: number): string => `H54.12-240101-${String(n).padStart(4, '0')}`;
const at = (day: number): string => new Date(Date.UTC(2024, 0, 1, 3) + day * DAY).toISOString();

let service: TestService;

async function get<T>(path: string): Promise<{ status: number; body: T; headers: Headers }> {
  const answer = await fetch(`${service.url}/api/reports/${path}`, SIGNED_IN);
  return { status: answer.status, body: (await answer.json()) as T, headers: answer.headers };
}

/** The article's half-year: 13 carried over, 110 online and 7 in person received, 119 not late, 11 pending. */
async function appendHalfYear(): Promise<void> {
  for (let n = 0; n < 130; n += 1) {
    const acceptedOn = n < 13 ? -3 : 5 + n;
    const endedOn = n < 119 ? acceptedOn + 5 : 185;
    const event = <T extends DossierEventType>(type: T, data: DossierEventData[T], day: number) =>
      newEvent(type, data as unknown as JsonObject, { occurredAt: at(day) });
    await service.platform.log.append(streamName('dossier', code(n)), 'no_stream', [
      event(
        'DossierAccepted',
        accepted(code(n), {
          channel: n >= 13 && n < 20 ? 'in_person' : 'online',
          dueAt: at(n < 119 ? acceptedOn + 7 : 200),
          terms: { ...TERMS, field: n % 2 ? 'Đầu tư' : 'Xây dựng' },
        }),
        acceptedOn,
      ),
      event('DossierResolved', { outcome: 'granted' }, endedOn),
    ]);
  }
}

beforeAll(async () => {
  service = await startService('2024-12-01T00:00:00.000Z');
  await appendHalfYear();
  await service.settled();
}, 60_000);
afterAll(() => service.close());

describe("the article's half-year over HTTP", () => {
  it('is 130 = 13 + 117, 110 online, 7 in person, 119 not late, none late, 11 pending', async () => {
    const { status, body } = await get<ReportII06a>(`ii-06a?${HALF_YEAR}`);
    expect(status).toBe(200);
    expect(Object.keys(body)).toEqual(['form', 'from', 'to', 'position', 'rows', 'total', 'rates', 'lag']);
    expect(body).toMatchObject({
      form: 'II.06a',
      from: '2023-12-31T17:00:00.000Z',
      lag: { events: 0, seconds: 0 },
    });
    expect(body.position).toBe(Number(await service.platform.log.head()));
    expect(body.total).toMatchObject({
      '3': 130,
      '4': 110,
      '5': 7,
      '6': 13,
      '7': 119,
      '10': 0,
      '11': 11,
      '13': 0,
    });
    expect(body.rates).toMatchObject({ claimed: 1, resolved: 119, onTimeClaimed: 119, recordedAtImport: 0 });
    expect(body.rows.map((row) => [row.field, row.procedure])).toEqual([
      ['Đầu tư', TERMS.procedure.id],
      ['Xây dựng', TERMS.procedure.id],
    ]);
  });

  it('is the same by name of the period, and July opens with the 11', async () => {
    const half = await get<ReportII06a>('ii-06a?period=2024-H1&by=field&final=true');
    expect(half.body.total['11']).toBe(11);
    expect(half.body.rows.every((row) => row.procedure === null)).toBe(true);
    const july = await get<ReportII06a>('ii-06a?period=2024-07');
    expect(july.body.total).toMatchObject({ '6': 11, '4': 0, '7': 11, '11': 0 });
  });

  it('counts no dossier of another unit', async () => {
    const { body } = await get<ReportII06a>('ii-06a?period=2024-H1&unit=H54.99');
    expect(body).toMatchObject({ rows: [], total: { '3': 0 }, rates: { claimed: null, recorded: null } });
  });

  it('opens every figure to the dossiers behind it, page by page', async () => {
    interface Page {
      items: { code: string; acceptedAt: string }[];
      next: string | null;
    }
    const codes: string[] = [];
    let cursor = '';
    for (;;) {
      const { body } = await get<Page>(`ii-06a/dossiers?column=11&${HALF_YEAR}&limit=4${cursor}`);
      codes.push(...body.items.map((item) => item.code));
      if (body.next === null) break;
      cursor = `&cursor=${encodeURIComponent(body.next)}`;
    }
    expect(codes).toEqual(Array.from({ length: 11 }, (_, i) => code(119 + i)));
  });

  it('comes as CSV and as a workbook', async () => {
    const csv = await fetch(`${service.url}/api/reports/ii-06a?${HALF_YEAR}&format=csv`, SIGNED_IN);
    expect(csv.headers.get('content-type')).toBe('text/csv; charset=utf-8');
    expect(csv.headers.get('content-disposition')).toContain('.csv"');
    const bytes = Buffer.from(await csv.arrayBuffer());
    expect(bytes.subarray(0, 3)).toEqual(Buffer.from([0xef, 0xbb, 0xbf]));
    expect(bytes.toString()).toContain('Tổng cộng / Total,,130,110,7,13,119,');
    const xlsx = await fetch(`${service.url}/api/reports/ii-06a?${HALF_YEAR}&format=xlsx`, SIGNED_IN);
    const [sheet] = await readXlsxFile(Buffer.from(await xlsx.arrayBuffer()));
    const total = sheet?.data.find((row) => row[1] === 'Tổng cộng / Total');
    expect(total?.slice(2, 7)).toEqual([130, 110, 7, 13, 119]);
  });

  it('lists what needs explanation', async () => {
    const { body } = await get<{ items: { code: string; reasons: string[] }[]; next: string | null }>(
      'needs-explanation?limit=2',
    );
    expect(body.items[0]).toEqual({
      code: code(0),
      reasons: ['accepted_late_recorded', 'end_recorded_after_due'],
    });
    expect(body.next).toBe(code(1));
  });
});

describe('what cannot be reported', () => {
  it.each([
    ['ii-06a', 400, 'period-missing'],
    ['ii-06a?period=2024-Q5', 400, 'unknown-period'],
    ['ii-06a?from=2024-01-01T00:00:00&to=2024-02-01', 400, 'unknown-instant'],
    ['ii-06a?from=0000-01-01&to=2024-02-01', 400, 'unknown-instant'],
    ['ii-06a?from=2024-02-01&to=2024-01-01', 400, 'period-inverted'],
    ['ii-06a?period=2024&zone=Mars/Base', 400, 'unknown-zone'],
    ['ii-06a?period=2024&by=colour', 400, 'invalid-request'],
    ['ii-06a?period=2024&by=field&by=procedure', 400, 'invalid-request'],
    ['ii-06a/dossiers?period=2024&column=2', 400, 'invalid-request'],
    ['ii-06a/dossiers?period=2024&column=3&field=%00', 400, 'invalid-request'],
  ])('%s is answered %i %s', async (path, status, type) => {
    const answer = await get<{ type: string }>(path);
    expect(answer.status).toBe(status);
    expect(answer.body.type).toContain(type);
    expect(answer.headers.get('content-type')).toContain('application/problem+json');
  });
});
