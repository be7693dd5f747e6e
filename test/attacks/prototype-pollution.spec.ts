import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { open, OPENING } from '../support/desk.js';
import { call, refused } from '../support/http.js';
import { startService, type TestService } from '../support/service.js';
import { expectNothingWritten } from '../support/whole-log.js';

let service: TestService;
beforeAll(async () => {
  service = await startService();
  await service.settled();
}, 60_000);
afterAll(() => service?.close());
/** Nothing has reached what all objects have in common. */
afterEach(() => {
  expect(Object.getOwnPropertyNames(Object.prototype).sort()).toEqual(MEMBERS);
  expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
});
const MEMBERS = Object.getOwnPropertyNames(Object.prototype).sort();

const POLLUTION = [
  `{"__proto__":{"polluted":true}}`,
  `{"\\u005f_proto__":{"polluted":true}}`,
  `{"constructor":{"prototype":{"polluted":true}}}`,
  `{"constructor":{"\\u0070rototype":{"polluted":true}}}`,
];

describe('a body that aims at what all objects have in common', () => {
  const whole = JSON.stringify(OPENING);
  const inside = (text: string, pollution: string): string => text.replace(/\}$/, `,${pollution.slice(1)}`);

  it.each(POLLUTION)('is refused: %s', async (pollution) => {
    const applicant = JSON.stringify(OPENING.applicant);
    const bodies = [
      pollution,
      inside(whole, pollution),
      whole.replace(applicant, inside(applicant, pollution)),
      whole.replace(applicant, pollution),
      inside(whole, `{"papers":[${pollution}]}`),
      inside(whole, `{"a":{"b":[[${pollution}]]}}`),
    ];
    await expectNothingWritten(service, async () => {
      for (const raw of bodies) {
        const headers = { 'content-type': 'application/json' };
        await refused(service, [400, 'body-not-json'], 'POST', '/api/dossiers', { raw, headers });
      }
    });
  });

  it.each(['toString', 'valueOf', 'hasOwnProperty', '__defineGetter__', 'constructor', 'prototype'])(
    'by the name of a member that all objects have is refused as one that nobody knows: %s',
    async (name) => {
      const body = { ...OPENING, [name]: 'x', applicant: { ...OPENING.applicant, [name]: 'x' } };
      const problem = await refused(service, [400, 'invalid-request'], 'POST', '/api/dossiers', { body });
      const pointers = problem.errors?.map(({ pointer }) => pointer);
      expect(pointers).toEqual(expect.arrayContaining([`/${name}`, `/applicant/${name}`]));
    },
  );
});

describe('a query that aims at it', () => {
  it.each([
    '__proto__[polluted]=1',
    '__proto__=1',
    'constructor[prototype][polluted]=1',
    'constructor.prototype.polluted=1',
    '__proto__.polluted=1',
    'limit[__proto__]=1',
    '%5f_proto__=1',
  ])('is refused: %s', async (query) => {
    for (const path of ['/api/dossiers', '/api/reports/ii-06a'])
      await refused(service, [400, 'invalid-request'], 'GET', `${path}?${query}`);
  });
});

describe('names that all objects have', () => {
  it('are none of ours, wherever something is looked up by a name', async () => {
    for (const name of ['__proto__', 'constructor', 'toString', 'hasOwnProperty']) {
      for (const list of ['problems', 'dossiers', 'units', 'calendars', 'policies', 'procedures']) {
        const { status } = await call(service, 'GET', `/api/${list}/${name}`);
        expect([list, name, status]).toEqual([list, name, 404]);
      }
    }
  });

  it('are as good as any other as headers and as texts', async () => {
    const headers = { __proto__: null, constructor: 'x', 'x-correlation-id': '__proto__' } as never;
    const { status } = await open(service, { applicant: { name: '__proto__' } }, { headers });
    expect(status).toBe(201);
  });
});
