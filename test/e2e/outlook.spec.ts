import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { WorklistPage } from '#libs/dossier/worklist/filter.js';
import type { Outlook } from '#libs/outlook/outlook.js';
import type { ForecastQuality } from '#libs/outlook/quality.query.js';
import { Held, open, OPENING, register } from '../support/desk.js';
import { call, refused } from '../support/http.js';
import { startService, type TestService } from '../support/service.js';
import { bearer, issueToken } from '../support/tokens.js';

// Friday 1 March 2024, 9:00 at the desk; limits of 3 working days. Office hours 7:00–11:30 and 13:30–17:00.
const FRIDAY = '2024-03-01T02:00:00.000Z';
const MONDAY = '2024-03-11T02:00:00.000Z';
const TUESDAY = '2024-03-12T02:00:00.000Z';
const THURSDAY = '2024-03-14T04:00:00.000Z';
let service: TestService;
let due: string;
let waiting: string;

const outlook = async (query = ''): Promise<Outlook> => {
  const answer = await call<Outlook>(service, 'GET', `/api/outlook?${query}`);
  expect([answer.status, answer.text]).toEqual([200, answer.text]);
  return answer.body;
};
const codesIn = async (list = ''): Promise<string[]> =>
  (await call<WorklistPage>(service, 'GET', list)).body.items.map(({ code }) => code);

/** Ten that took a working day each, one that has just come in, one that waits for the applicant. */
beforeAll(async () => {
  service = await startService(FRIDAY);
  const done: Held[] = [];
  for (let n = 0; n < 10; n++) done.push(new Held(service, (await open(service)).body));
  service.clock.set('2024-03-04T02:00:00.000Z');
  for (const held of done) await held.takeAll(['hand-over', { toUnit: OPENING.unit }], 'resolve');
  service.clock.set(MONDAY);
  due = (await open(service, { official: 'official-7' })).body.code;
  const still = await new Held(service, (await open(service)).body).takeAll('request-supplement');
  waiting = still.code;
  await service.settled();
}, 60_000);
afterAll(() => service.close());

describe('the outlook', () => {
  it('tells what falls due, by day, unit and official, with a forecast and what that rests on', async () => {
    service.clock.set(TUESDAY);
    const { due: groups, late } = await outlook('days=2');
    expect(late).toEqual([]);
    expect(groups).toMatchObject([
      {
        ...{ date: '2024-03-14', unit: 'H54.12', official: 'official-7', count: 1 },
        chances: { likely: 0, possible: 0, unlikely: 1, unknown: 0 },
        dossiers: [{ code: due, dueAt: '2024-03-14T02:00:00.000Z', willBeLate: 'unlikely' }],
      },
    ]);
    const day = 8 * 3600;
    expect(groups[0]?.dossiers[0]?.forecast).toEqual({ cases: 10, median: day, p90: day, left: 3 * day });
    expect(await codesIn(groups[0]?.list)).toEqual([due]);
    expect((await outlook('days=1')).due).toEqual([]);
  });

  it('tells what stands still and since when', async () => {
    service.clock.set(TUESDAY);
    const { still } = await outlook();
    expect(still).toMatchObject([
      {
        ...{ state: 'supplement_requested', unit: 'H54.12', official: null, count: 1 },
        dossiers: [{ code: waiting, since: MONDAY, clock: 'paused' }],
      },
    ]);
    expect(await codesIn(still[0]?.list)).toEqual([waiting]);
  });

  it('tells what is late, and for how much working time', async () => {
    service.clock.set(THURSDAY);
    const { due: groups, late } = await outlook('limit=1');
    expect(groups).toEqual([]);
    expect(late).toMatchObject([
      {
        unit: 'H54.12',
        official: 'official-7',
        count: 1,
        dossiers: [{ code: due, lateWorkingSeconds: 7200 }],
      },
    ]);
    expect(await codesIn(late[0]?.list)).toEqual([due]);
  });

  it('counts what is not accepted yet by when the answer is due, and makes no forecast for it', async () => {
    service.clock.set(MONDAY);
    const { position } = (await register(service)).body;
    const { due: groups } = await outlook(`days=30&limit=0&atLeast=${position}`);
    const registered = groups.find(({ official }) => official === null);
    expect(registered).toMatchObject({ count: 1, chances: { unknown: 1 }, dossiers: [] });
  });

  it('holds only the units of a supervisor, and is for nobody below', async () => {
    const grant = (role: 'supervisor' | 'clerk', unit: string) => ({ grants: [{ role, units: [unit] }] });
    await issueToken(service.accounts, 'elsewhere', grant('supervisor', 'QLDT'), service.clock);
    await issueToken(service.accounts, 'clerk-9', grant('clerk', OPENING.unit), service.clock);
    service.clock.set(THURSDAY);
    const { body } = await call<Outlook>(service, 'GET', '/api/outlook', { headers: bearer('elsewhere') });
    expect([body.due, body.late, body.still]).toEqual([[], [], []]);
    for (const [path, account] of [
      [`/api/outlook?unit=${OPENING.unit}`, 'elsewhere'],
      ['/api/outlook', 'clerk-9'],
    ] as const) {
      await refused(service, [403, 'forbidden'], 'GET', path, { headers: bearer(account) });
    }
  });

  it('says how good the forecasts were, where there were any', async () => {
    const path = `/api/outlook/forecast-quality?procedure=${OPENING.procedure}`;
    const { body } = await call<ForecastQuality>(service, 'GET', path);
    expect(body).toMatchObject({
      fewestCases: 10,
      procedures: [{ procedure: OPENING.procedure, unsaid_on_time: 10, unsaid_late: 0, likely_late: 0 }],
    });
  });
});
