import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { WorklistPage } from '#libs/dossier/worklist/filter.js';
import { account, tokenFor } from '../support/accounts.js';
import { open } from '../support/desk.js';
import { call, contractOf, refused } from '../support/http.js';
import { type Operation, operationsOf, requestOf } from '../support/operations.js';
import { startService, type TestService } from '../support/service.js';
import { expectLogVerified, expectNothingWritten } from '../support/whole-log.js';

const NAMES = ['Nguyễn Văn Một', 'Trần Thị Hai', 'Lê Văn Ba'];
/** Ends of texts, of patterns, of queries in the language of the search, of JSON and of what a shell or a log would read. */
const HOSTILE = [
  ...[
    `'`,
    `''`,
    `' OR '1'='1`,
    `') OR ('1'='1`,
    `'; DROP TABLE event_log.events; --`,
    `x' UNION SELECT 1 --`,
  ],
  ...[
    `$1`,
    `$$x$$`,
    `\\'; SELECT 1`,
    `\\`,
    `E'\\x27'`,
    `"`,
    `";--`,
    `/*`,
    `--`,
    `;`,
    `::int`,
    `||pg_sleep(9)||`,
  ],
  ...[
    '%',
    '_',
    '%%%%',
    '*',
    '.*',
    '(?=a)*',
    '[',
    'a:*',
    '!a',
    'a & b',
    'a | b',
    '!!',
    '(',
    `a':*`,
    'a <-> b',
  ],
  ...['{}', '[]', '{"$ne":null}', '[object Object]', 'null', 'true', 'NaN', '0', '-1', '1e400', '0x10', '٣'],
  ...['../../etc/passwd', '..%2f', '%00', '%27', '\u2028', '\u202e', 'ﬀ', '\u0301', '＇ OR １=１', '\ufeff'],
  ...['__proto__', 'constructor', 'toString', '${jndi:ldap://x}', '{{7*7}}', '<script>', 'a'.repeat(100)],
];

let service: TestService;
let operations: Operation[];
beforeAll(async () => {
  service = await startService();
  for (const name of NAMES) await open(service, { applicant: { name } });
  await service.settled();
  operations = operationsOf((await contractOf(service)).document).filter(
    // An answer without end has no list in it.
    ({ method, path }) => method === 'GET' && path !== '/api/updates',
  );
}, 60_000);
afterAll(() => service.close());

const texts = ({ parameters }: Operation, place: string): string[] =>
  parameters.flatMap(({ name, in: where, schema }) =>
    where === place && (schema as { type?: string } | undefined)?.type !== 'integer' ? [name] : [],
  );
const ask = (operation: Operation, given: Record<string, string>) => {
  const { path } = requestOf(operation, { period: '2024', ...given });
  return call<{ items?: object[] }>(service, 'GET', path);
};

describe('a text that wants to be a part of a query', () => {
  it('is a text in every filter of every list: it is found nowhere, or refused', async () => {
    let tried = 0;
    await expectNothingWritten(service, async () => {
      for (const operation of operations) {
        for (const name of texts(operation, 'query')) {
          for (const text of HOSTILE) {
            const { status, body } = await ask(operation, { [name]: text });
            const where = `${operation.name} ${name}=${text}`;
            expect([where, [200, 400, 403, 404, 422].includes(status)]).toEqual([where, true]);
            const narrows = ['unit', 'official', 'procedure', 'field', 'dossier', 'account'].includes(name);
            if (narrows && status === 200 && body.items) expect([where, body.items]).toEqual([where, []]);
            tried += 1;
          }
        }
      }
    });
    expect(tried).toBeGreaterThan(20 * HOSTILE.length);
  }, 240_000);

  it('is a text in every address', async () => {
    for (const operation of operations.filter(({ path }) => path.includes('{'))) {
      for (const name of texts(operation, 'path')) {
        for (const text of HOSTILE) {
          const { status } = await ask(operation, { [name]: text });
          const where = `${operation.name} ${name}=${text}`;
          expect([where, [400, 404].includes(status)]).toEqual([where, true]);
        }
      }
    }
  }, 120_000);

  it('means nothing to the search: signs of its language and of patterns find nobody', async () => {
    const found = async (q: string): Promise<number> =>
      (await call<WorklistPage>(service, 'GET', `/api/dossiers?q=${encodeURIComponent(q)}`)).body.items
        .length;
    expect([await found('nguyen'), await found('ng'), await found('van')]).toEqual([1, 1, 2]);
    for (const q of [
      ...['nguyen | tran', 'nguyen or tran', 'nguyen & tran', 'nguyen <-> tran', '%', 'n_uyen'],
      ...[`nguyen' | 'tran`, `nguyen\\' | \\'tran`, `zz':* | 'tran`, '.*', '(nguyen|tran)'],
      ...['nguyen:A', '"nguyen tran"', `\\nguyen\\ | tran`, `zz\\`, `zz\\' | 'tran`],
    ]) {
      expect([q, await found(q)]).toEqual([q, 0]);
    }
    for (const q of ['!tran', '-tran', 'tran:*', `' | 'tran':*`, "'tran'", '(tran)'])
      expect([q, await found(q)]).toEqual([q, 1]);
  });

  it('leaves tables, log and proofs as they are', async () => {
    const { body } = await call<WorklistPage>(service, 'GET', '/api/dossiers');
    expect(body.items).toHaveLength(NAMES.length);
    await expectLogVerified(service);
  });
});

const cursorOf = (parts: unknown): string => Buffer.from(JSON.stringify(parts)).toString('base64url');

describe('a cursor that was changed', () => {
  const FORGED = [
    ...['', ' ', 'x', 'e30', 'bnVsbA', 'MTIz', '!!', '\u0301', '0', '-1', '1.5', '1e3', '٣', '9'.repeat(20)],
    ...[
      null,
      1,
      {},
      [],
      ['due'],
      ['due', 1, 'x'],
      ['due', 'infinity', null],
      ['due', 'infinity', 'x', 'y'],
    ].map(cursorOf),
    ...[
      ...[
        '-infinity',
        'now',
        'today',
        'epoch',
        'yesterday',
        `infinity'`,
        '2024-03-11',
        '2024-03-11 00:00:00',
      ],
      ...['0000-01-01T00:00:00.000Z', '2024-02-30T00:00:00.000Z', '2023-02-29T00:00:00.000Z'],
      ...['2024-04-31T00:00:00.000Z', '2024-03-11T24:00:00.000Z', '2024-03-11T25:00:00.000Z'],
      ...['+010000-01-01T00:00:00.000Z', '2024-03-11T00:00:00.000+07:00', '9999-99-99T00:00:00.000Z'],
    ].map((at) => cursorOf(['due', at, 'x'])),
    cursorOf(['accepted', 'infinity', 'x']),
    cursorOf(['__proto__', 'infinity', 'x']),
    cursorOf(['due', 'infinity', 'a\u0000']),
  ];

  it('is refused by its name', async () => {
    for (const cursor of FORGED.filter((text) => text.trim() !== '')) {
      const path = `/api/dossiers?sort=due&cursor=${encodeURIComponent(cursor)}`;
      const { errors } = await refused(service, [400, 'invalid-request'], 'GET', path);
      expect([cursor, errors?.[0]?.pointer]).toEqual([cursor, 'query:cursor']);
    }
  });

  it('fails no other list, whatever it is', async () => {
    for (const operation of operations) {
      for (const name of texts(operation, 'query').filter((each) => /cursor|after|before/i.test(each))) {
        for (const cursor of [...FORGED, cursorOf(['due', 'infinity', '\ud800']), 'a'.repeat(3_000)]) {
          const { status } = await ask(operation, { [name]: cursor });
          const where = `${operation.name} ${name}=${cursor}`;
          expect([where, [200, 400].includes(status)]).toEqual([where, true]);
        }
      }
    }
  });

  it('shows nothing of other units, wherever it points', async () => {
    await account(service, 'elsewhere', [{ role: 'clerk', units: ['H54.13'] }], 'system');
    const headers = { authorization: `Bearer ${await tokenFor(service, 'elsewhere')}` };
    const { body: first } = await call<WorklistPage>(service, 'GET', '/api/dossiers?limit=1');
    expect(first.next).not.toBeNull();
    for (const cursor of [
      ...[
        String(first.next),
        cursorOf(['due', '0001-01-01T00:00:00.000Z', '']),
        cursorOf(['due', 'infinity', '']),
      ],
      cursorOf(['due', '2024-03-11T00:00:00.000Z', `' OR true --`]),
    ]) {
      const { body } = await call<WorklistPage>(service, 'GET', `/api/dossiers?cursor=${cursor}`, {
        headers,
      });
      expect([cursor, body.items]).toEqual([cursor, []]);
    }
  });
});

describe('an account by a name that all objects have', () => {
  const NAMED = [
    '__proto__',
    'constructor',
    'prototype',
    'tostring',
    'hasOwnProperty',
    'valueOf',
    'toString',
  ];

  it('is unknown like any other, and nobody can sign in as it', async () => {
    for (const id of NAMED) {
      await refused(service, [404, 'account-unknown'], 'GET', `/api/accounts/${id}`);
      await refused(service, [404, 'account-unknown'], 'POST', `/api/accounts/${id}/close`, { body: {} });
      await refused(service, [404, 'account-unknown'], 'PUT', `/api/accounts/${id}/grants`, {
        body: { grants: [{ role: 'clerk', units: 'all' }] },
      });
      const body = { account: id, password: 'con mèo trèo cây cau' };
      const { status } = await call(service, 'POST', '/api/session', { body });
      expect([id, [400, 401].includes(status)]).toEqual([id, true]);
    }
  });

  it('has what it was given and nothing else, where the rules for ids let there be one', async () => {
    for (const id of NAMED) {
      const body = { account: id, kind: 'person', grants: [] };
      const { status } = await call(service, 'POST', '/api/accounts', { body });
      expect([id, status]).toEqual([id, /^[a-z]+$/.test(id) ? 201 : 400]);
      if (status !== 201) continue;
      const { body: seen } = await call<{ grants: object[] }>(service, 'GET', `/api/accounts/${id}`);
      expect([id, seen.grants]).toEqual([id, []]);
      const headers = { authorization: `Bearer ${await tokenFor(service, id)}` };
      await refused(service, [403, 'forbidden'], 'GET', '/api/dossiers', { headers });
    }
  });

  it('grants nothing as a role or a unit', async () => {
    for (const role of NAMED) {
      const body = { account: 'fresh-1', kind: 'person', grants: [{ role, units: 'all' }] };
      await refused(service, [400, 'invalid-request'], 'POST', '/api/accounts', { body });
    }
    await account(service, 'oddly-placed', [{ role: 'clerk', units: ['constructor', 'toString'] }], 'system');
    const headers = { authorization: `Bearer ${await tokenFor(service, 'oddly-placed')}` };
    const { body } = await call<WorklistPage>(service, 'GET', '/api/dossiers', { headers });
    expect(body.items).toEqual([]);
  });
});
