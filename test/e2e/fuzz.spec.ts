import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { heldIn, OPENING, REGISTRATION, BODIES } from '../support/desk.js';
import { call, contractOf, type ProblemBody } from '../support/http.js';
import { startService, type TestService } from '../support/service.js';
import { expectLogVerified } from '../support/whole-log.js';

const RUNS = { numRuns: 30, endOnFailure: true };
let service: TestService;
beforeAll(async () => (service = await startService()), 60_000);
afterAll(() => service.close());

const json = fc.jsonValue({ maxDepth: 3 });
const text = fc.oneof(fc.string({ unit: 'binary' }), fc.string({ unit: 'grapheme' }));
/** Values that are nearly right, so that some get past the first check. */
const nearly = fc.oneof(
  json,
  text,
  fc.constantFrom('2024-03-11T01:00:00Z', 'H54.12', '1.009661', 'default', 'online', 'VND', 'c1', 0, 1, true),
  fc.constantFrom<unknown>({ name: 'A' }, [{ name: 'A', originals: 1, copies: 0 }], { vi: 'A', en: 'B' }),
);

/** A good body in which some members are left out, replaced or added. */
const bent = (good: object): fc.Arbitrary<object> =>
  fc
    .record({
      dropped: fc.subarray(['x', ...Object.keys(good)], { maxLength: 1 }),
      replaced: fc.dictionary(fc.constantFrom('x', 'occurredAt', ...Object.keys(good)), nearly, {
        maxKeys: 2,
      }),
    })
    .map(({ dropped, replaced }) => {
      const kept = Object.entries({ ...good, ...replaced }).filter(([name]) => !dropped.includes(name));
      return Object.fromEntries(kept);
    });

const header = fc.oneof(
  { weight: 3, arbitrary: fc.constant(undefined) },
  { weight: 1, arbitrary: fc.stringMatching(/^[\x20-\x7e\x80-\xff]{0,40}$/).map((value) => value.trim()) },
);
const given = (headers: Record<string, string | undefined>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(headers).filter((each): each is [string, string] => each[1] !== undefined),
  );

const PUBLISHED = { validFrom: '2024-01-01', source: 's' };
const LIMIT = { value: 8, unit: 'working_hour' };
const TOKEN = { label: 'scanner', expiresAt: '2024-06-30T17:00:00+07:00' };
const GOOD: Readonly<Record<string, object>> = {
  '/api/session': { account: 'clerk-1', password: 'x' },
  '/api/password': { password: 'x', newPassword: 'con mèo trèo cây cau' },
  '/api/password/set-up': { token: 'setup_x', newPassword: 'con mèo trèo cây cau' },
  '/api/delegations': { to: 'clerk-2', role: 'clerk', units: 'all', until: '2024-06-30T17:00:00+07:00' },
  '/api/tokens': TOKEN,
  '/api/account/calendar-feed': {},
  '/api/second-factor/begin': { password: 'x' },
  '/api/second-factor/confirm': { code: '123456' },
  '/api/second-factor/remove': { code: '123456' },
  '/api/accounts': { account: 'clerk-2', kind: 'person', grants: [{ role: 'clerk', units: ['A'] }] },
  '/api/accounts/{account}/close': {},
  '/api/accounts/{account}/reopen': {},
  '/api/accounts/{account}/set-up-tokens': {},
  '/api/accounts/{account}/tokens': TOKEN,
  '/api/inbox/read': { code: 'H54.12-240311-0001', reminder: 'result/due', before: true },
  '/api/undelivered/{key}/retry': {},
  '/api/look-up': { code: 'H54.12-240311-0001', secret: 'ABCD-EFGH-JKMN' },
  '/api/persons/{subject}/erasure': { basis: 'request', form: 'YC-1', reason: 'r' },
  '/api/persons/{subject}/erasure/approve': { proposal: 'e0' },
  '/api/persons/{subject}/erasure/refuse': { proposal: 'e0', reason: 'r' },
  '/api/dossiers': OPENING,
  '/api/dossiers/register': REGISTRATION,
  '/api/calendars/{id}/versions': {
    ...PUBLISHED,
    name: 'x',
    definition: { zone: 'Asia/Ho_Chi_Minh', startRule: 'next_day', week: { mon: [['07:00', '11:30']] } },
  },
  '/api/policies/{id}/versions': {
    ...PUBLISHED,
    rules: {
      ...{
        futureToleranceSeconds: 300,
        maxSupplementRequests: 1,
        maxExtensions: 1,
        onlineAnswerLimit: LIMIT,
      },
      ...{ supplementStopsClock: true, paymentStopsClock: true, beforeTimeBy: 'date' },
    },
  },
  '/api/reminder-policies/{id}/versions': {
    ...PUBLISHED,
    units: 'all',
    rules: [{ about: 'result', when: { before: LIMIT }, to: 'official', procedures: ['1.009661'] }],
  },
  '/api/units/{code}/versions': {
    ...PUBLISHED,
    ...{ name: { vi: 'a', en: 'b' }, calendar: 'vn', policy: 'vn-default', sequenceDigits: 4 },
  },
  '/api/procedures/{code}/versions': {
    ...PUBLISHED,
    ...{ name: { vi: 'a' }, field: 'b', level: 'c', limits: [{ case: 'default', limit: LIMIT }] },
  },
};
const goodBody = (route: string): object =>
  GOOD[route] ?? BODIES[route.split('/').at(-1) as keyof typeof BODIES];

describe('whatever is sent', () => {
  it('to any route that takes a body is answered as documented, and never with a failure of ours', async () => {
    const { document } = await contractOf(service);
    const routes = Object.keys(document.paths).filter((path) => document.paths[path]?.post);
    expect(routes).toHaveLength(49);
    const held = await heldIn(service, 'processing');
    const seen = new Set<number>();
    for (const route of routes) {
      const good = goodBody(route);
      expect(good).toBeDefined();
      const path = route
        .replace('{code}', route.includes('dossiers') ? held.code : 'F.1')
        .replace('{id}', 'f')
        .replace('{account}', 'clerk-2');
      await fc.assert(
        fc.asyncProperty(
          fc.oneof({ weight: 3, arbitrary: bent(good) }, { weight: 1, arbitrary: json }),
          fc.record({
            'if-match': header,
            'idempotency-key': header,
            authorization: header,
            'accept-language': header,
          }),
          fc.nat(6),
          async (body, headers, revision) => {
            const sent = { body, headers: { 'if-match': `"${revision}"`, ...given(headers) } };
            seen.add((await call<ProblemBody>(service, 'POST', path, sent)).status);
          },
        ),
        RUNS,
      );
    }
    // It was not refused at the door each time.
    expect([...seen]).toEqual(expect.arrayContaining([200, 201, 400, 401]));
  }, 120_000);

  it('as a query is answered as documented', async () => {
    const { document } = await contractOf(service);
    await service.settled();
    for (const [path, { get }] of Object.entries(document.paths)) {
      // The stream of updates has no end.
      if (!path.startsWith('/api') || path.includes('{') || path === '/api/updates' || !get) continue;
      const names = (get.parameters ?? []).map((parameter) => ('name' in parameter ? parameter.name : ''));
      await fc.assert(
        fc.asyncProperty(
          fc.array(fc.tuple(fc.constantFrom('x', ...names), nearly), { maxLength: 3 }),
          async (pairs) => {
            const query = pairs
              .map(([name, value]) => `${name}=${encodeURIComponent(wellFormed(value))}`)
              .join('&');
            await call<ProblemBody>(service, 'GET', `${path}?${query}`);
          },
        ),
        RUNS,
      );
    }
  }, 60_000);

  it('as an address is answered as documented', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(text, { minLength: 1, maxLength: 3 }), async (parts) => {
        const path = parts.map((part) => encodeURIComponent(wellFormed(part))).join('/');
        await call<ProblemBody>(service, 'GET', `/api/dossiers/${path}x`);
      }),
      { ...RUNS, numRuns: 60 },
    );
  });

  it('the log is whole after it, and every dossier in it can be read', async () => {
    await expectLogVerified(service);
    await service.settled();
    const states = await fetch(`${service.url}/health/ready`);
    expect(((await states.json()) as { status: string }).status).toBe('ok');
  });
});

function wellFormed(value: unknown): string {
  return (typeof value === 'string' ? value : JSON.stringify(value)).toWellFormed();
}
