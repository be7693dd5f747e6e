import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Group, Kind, Outlook, OutlookDossier, OutlookPage } from '#libs/outlook/outlook.js';
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

const outlook = async (query = '', headers = {}): Promise<Outlook> => {
  const answer = await call<Outlook>(service, 'GET', `/api/outlook?${query}`, { headers });
  expect([answer.status, answer.text]).toEqual([200, answer.text]);
  return answer.body;
};
const groupsOf = async (kind: Kind, query = ''): Promise<Group[]> =>
  (await outlook(query)).groups.filter((group) => group.kind === kind);
const listed = async (path = '', headers = {}): Promise<readonly OutlookDossier[]> =>
  (await call<OutlookPage>(service, 'GET', path, { headers })).body.items;

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
  it('tells what falls due, by day, unit and official', async () => {
    service.clock.set(TUESDAY);
    const groups = await groupsOf('due', 'days=2');
    const dueAt = '2024-03-14T02:00:00.000Z';
    expect(groups).toMatchObject([
      { part: '2024-03-14', unit: 'H54.12', official: 'official-7', count: 1, first: dueAt },
    ]);
    expect(await listed(groups[0]?.list)).toMatchObject([{ code: due, dueAt, late: null }]);
    expect(await groupsOf('due', 'days=1')).toEqual([]);
    expect(await groupsOf('late')).toEqual([]);
  });

  it('forecasts what will be late, and tells what that rests on', async () => {
    service.clock.set(TUESDAY);
    const groups = await groupsOf('forecast');
    expect(groups).toMatchObject([{ part: 'unlikely', official: 'official-7', count: 1 }]);
    const day = 8 * 3600;
    expect(await listed(groups[0]?.list)).toMatchObject([
      {
        ...{ code: due, since: MONDAY, spent: day, willBeLate: 'unlikely' },
        forecast: { cases: 10, median: day, p90: day, left: 3 * day },
      },
    ]);
  });

  it('tells what stands still and since when, and makes no forecast for it', async () => {
    service.clock.set(TUESDAY);
    const groups = await groupsOf('still');
    const still = { unit: 'H54.12', official: null, count: 1, first: MONDAY };
    expect(groups).toMatchObject([{ part: 'supplement_requested', ...still }]);
    const paused = { code: waiting, since: MONDAY, clock: 'paused' };
    expect(await listed(groups[0]?.list)).toMatchObject([
      { ...paused, spent: null, late: null, willBeLate: null, forecast: null },
    ]);
  });

  it('tells what is late, since when and for how much working time', async () => {
    service.clock.set(THURSDAY);
    const { groups } = await outlook();
    expect(groups.map(({ kind }) => kind)).toEqual(['late', 'still']);
    const dueAt = '2024-03-14T02:00:00.000Z';
    expect(groups[0]).toMatchObject({ unit: 'H54.12', official: 'official-7', count: 1, first: dueAt });
    expect(await listed(groups[0]?.list)).toMatchObject([{ code: due, late: 7200, willBeLate: null }]);
  });

  it('counts what is not accepted yet by when the answer is due, and leads to it page by page', async () => {
    service.clock.set(MONDAY);
    const codes = [(await register(service)).body.code];
    const { code, position } = (await register(service)).body;
    const groups = await groupsOf('due', `days=30&atLeast=${position}`);
    const registered = groups.find(({ official }) => official === null);
    expect(registered).toMatchObject({ count: 2 });
    const path = `${registered?.list}&limit=1`;
    const first = (await call<OutlookPage>(service, 'GET', path)).body;
    const then = (await call<OutlookPage>(service, 'GET', `${path}&cursor=${first.next}`)).body;
    const found = [...first.items, ...then.items];
    expect(found.map((each) => each.code)).toEqual([...codes, code].sort());
    expect([found.map(({ willBeLate }) => willBeLate), then.next]).toEqual([[null, null], null]);
  });

  it('shows who took a dossier in where it lies now, and leads him to it', async () => {
    service.clock.set(TUESDAY);
    const grant = { grants: [{ role: 'supervisor' as const, units: [OPENING.unit] }] };
    await issueToken(service.accounts, 'of-the-desk', grant, service.clock);
    const away = await new Held(service, (await open(service)).body).takeAll('hand-over');
    const query = `atLeast=${away.last.position}`;
    const { groups } = await outlook(query, bearer('of-the-desk'));
    const group = groups.find(({ unit, kind }) => unit === 'QLDT' && kind === 'due');
    expect(group).toMatchObject({ count: 1 });
    expect(await listed(group?.list, bearer('of-the-desk'))).toMatchObject([{ code: away.code }]);
  });

  it('holds only the units of a supervisor, and is for nobody below', async () => {
    const grant = (role: 'supervisor' | 'clerk', unit: string) => ({ grants: [{ role, units: [unit] }] });
    await issueToken(service.accounts, 'elsewhere', grant('supervisor', 'XDDD'), service.clock);
    await issueToken(service.accounts, 'clerk-9', grant('clerk', OPENING.unit), service.clock);
    service.clock.set(THURSDAY);
    expect((await outlook('', bearer('elsewhere'))).groups).toEqual([]);
    const late = '/api/outlook/dossiers?kind=late';
    expect(await listed(late, bearer('elsewhere'))).toEqual([]);
    for (const [path, account] of [
      [`/api/outlook?unit=${OPENING.unit}`, 'elsewhere'],
      ['/api/outlook', 'clerk-9'],
      [late, 'clerk-9'],
    ] as const) {
      await refused(service, [403, 'forbidden'], 'GET', path, { headers: bearer(account) });
    }
  });

  it('is refused for what cannot be: a unit that there is not, or a part that no group has', async () => {
    await refused(service, [422, 'unit-unknown'], 'GET', '/api/outlook?unit=H54.99');
    for (const part of ['kind=due&part=2024-02-30', 'kind=still&part=lunch', 'kind=late&part=2024-03-12']) {
      await refused(service, [400, 'invalid-request'], 'GET', `/api/outlook/dossiers?${part}`);
    }
    // Was never published, but has a dossier.
    expect((await outlook('unit=QLDT')).groups).not.toEqual([]);
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
