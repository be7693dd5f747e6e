import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { connect } from 'node:net';
import type { Held } from '../support/desk.js';
import { heldIn, OPENING, open } from '../support/desk.js';
import { call, contractOf, type ProblemBody, refused } from '../support/http.js';
import { startService, type TestService } from '../support/service.js';
import { bearer } from '../support/tokens.js';
import { expectLogVerified, expectNothingWritten } from '../support/whole-log.js';

let service: TestService;
let held: Held;
beforeAll(async () => {
  service = await startService();
  held = await heldIn(service, 'accepted');
}, 60_000);
afterAll(() => service.close());

const JSON_TYPE = { 'content-type': 'application/json' };
const sendRaw = (problem: [number, string], raw: string, headers: Record<string, string> = JSON_TYPE) =>
  refused(service, problem, 'POST', '/api/dossiers', { raw, headers });
const nested = (depth: number): string => `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`;
const shout = (text: string): string =>
  JSON.stringify({ ...OPENING, applicant: { name: 'NAME' } }).replace('NAME', text);

describe('a body that is no JSON object', () => {
  it.each<[string, string, [number, string]]>([
    ['half a list', '[', [400, 'body-not-json']],
    ['no JSON', 'unit=H54.12', [400, 'body-not-json']],
    ['empty', '', [400, 'body-not-json']],
    ['two objects', '{}{}', [400, 'body-not-json']],
    ['null', 'null', [400, 'invalid-request']],
    ['a list', '[{}]', [400, 'invalid-request']],
    ['a number', '1e400', [400, 'invalid-request']],
    ['a text', '"x"', [400, 'invalid-request']],
    ['true', 'true', [400, 'invalid-request']],
    ['nested 10,000 deep', nested(10_000), [400, 'body-too-deep']],
    ['lists nested 10,000 deep', `{"a":${'['.repeat(10_000)}${']'.repeat(10_000)}}`, [400, 'body-too-deep']],
    ['half of a deep list', '['.repeat(100_000), [400, 'body-not-json']],
    ['a key of the machinery', `{"__proto__":{"unit":"x"}}`, [400, 'body-not-json']],
    ['another', `{"constructor":{"prototype":{"unit":"x"}}}`, [400, 'body-not-json']],
  ])('%s', async (_what, raw, problem) => {
    await expectNothingWritten(service, () => sendRaw(problem, raw));
  });

  it('nothing at all, where every member may be left out', async () => {
    const fresh = await heldIn(service, 'registered');
    const headers = { 'if-match': '"0"' };
    await refused(service, [400, 'body-not-json'], 'POST', `${fresh.path}/accept`, { headers });
  });

  it.each(['text/plain', 'application/xml', 'application/x-www-form-urlencoded', 'multipart/form-data', 'x'])(
    'of type %s',
    async (type) => {
      await sendRaw([415, 'media-type-unsupported'], JSON.stringify(OPENING), { 'content-type': type });
    },
  );

  it('of no type', async () => {
    const raw = new TextEncoder().encode(JSON.stringify(OPENING));
    const sent = { raw, headers: { 'content-type': '' } };
    await refused(service, [415, 'media-type-unsupported'], 'POST', '/api/dossiers', sent);
  });
});

describe('a body that is too large', () => {
  it('is refused, and the connection goes on with the next request', async () => {
    const body = shout('x'.repeat(10_000_000));
    const head = [
      'host: localhost',
      `authorization: ${bearer('clerk-1').authorization}`,
      'idempotency-key: big',
      'content-type: application/json',
    ];
    const large = ['POST /api/dossiers HTTP/1.1', ...head, `content-length: ${body.length}`].join('\r\n');
    const answer = await exchange(
      `${large}\r\n\r\n${body}GET /health/live HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n`,
    );
    expect(answer).toMatch(/^HTTP\/1\.1 413 /);
    expect(answer).toContain('/api/problems/body-too-large');
    expect(answer).toMatch(/HTTP\/1\.1 200 OK[\s\S]*\{"status":"ok"\}/);
  });

  it.each([300_000, 1_000_000, 10_000_000])('of %i bytes, with or without its length', async (size) => {
    await sendRaw([413, 'body-too-large'], shout('x'.repeat(size)));
    const bytes = new TextEncoder().encode(shout('x'.repeat(size)));
    const answer = await fetch(`${service.url}/api/dossiers`, {
      method: 'POST',
      headers: { ...JSON_TYPE, ...bearer('clerk-1'), 'idempotency-key': `stream-${size}` },
      body: new ReadableStream({
        start(controller) {
          for (let n = 0; n < bytes.length; n += 65_536) controller.enqueue(bytes.slice(n, n + 65_536));
          controller.close();
        },
      }),
      duplex: 'half',
    }).catch(() => undefined);
    // A server may also hang up on who goes on sending.
    expect([413, undefined]).toContain(answer?.status);
    expect((await open(service)).status).toBe(201);
  });
});

describe('fields', () => {
  const WRONG: readonly unknown[] = [
    null,
    1,
    -1,
    1.5,
    1e300,
    true,
    '',
    ' ',
    [],
    [[]],
    [null],
    {},
    { a: 1 },
    '\0',
  ];

  it('of a wrong type are each refused at their place', async () => {
    const { document } = await contractOf(service);
    const schemas = document.components?.schemas as Record<
      string,
      {
        properties: Record<
          string,
          { $ref?: string; allOf?: { $ref: string }[]; type?: string; items?: { $ref: string } }
        >;
        required?: string[];
      }
    >;
    const tried: string[] = [];
    const full = {
      ...OPENING,
      ...{ case: 'default', official: 'o', formerCode: held.code, occurredAt: '2024-03-11T08:00:00+07:00' },
      applicant: { name: 'a', idNumber: 'b', phone: 'c', email: 'd', address: 'e' },
      submitter: { name: 'a', idNumber: 'b', phone: 'c', email: 'd', address: 'e' },
      papers: [{ name: 'a', originals: 1, copies: 1 }],
    };
    const visit = async (schema: string, path: readonly (string | number)[]): Promise<void> => {
      for (const [name, property] of Object.entries(schemas[schema]!.properties)) {
        const here = [...path, name];
        for (const wrong of WRONG) {
          if (property.type === 'integer' && wrong === 1) continue;
          if (property.items && Array.isArray(wrong) && wrong.length === 0) continue;
          const problem = await refused(service, [400, 'invalid-request'], 'POST', '/api/dossiers', {
            body: replaced(full, here, wrong),
          });
          const pointer = `/${here.join('/')}`;
          expect(problem.errors?.some((error) => error.pointer.startsWith(pointer))).toBe(true);
        }
        if (schemas[schema]!.required?.includes(name)) {
          const problem = await refused(service, [400, 'invalid-request'], 'POST', '/api/dossiers', {
            body: replaced(full, here, undefined),
          });
          expect(problem.errors).toContainEqual({
            pointer: `/${here.join('/')}`,
            detail: 'bắt buộc phải có',
          });
        }
        tried.push(here.join('/'));
        const inner = (property.$ref ?? property.allOf?.[0]?.$ref ?? property.items?.$ref)?.split('/').at(-1);
        if (inner) await visit(inner, property.items ? [...here, 0] : here);
      }
    };
    await expectNothingWritten(service, () => visit('AcceptNewBody', []));
    expect(tried).toEqual(expect.arrayContaining(['unit', 'applicant/name', 'papers/0/copies']));
  });

  it('that nobody knows are refused, each by name', async () => {
    const body = { ...OPENING, urgent: true, applicant: { ...OPENING.applicant, 'a/b~c': 1 } };
    const problem = await refused(service, [400, 'invalid-request'], 'POST', '/api/dossiers', { body });
    expect(problem.errors).toEqual(
      expect.arrayContaining([
        { pointer: '/urgent', detail: 'không có trường này' },
        { pointer: '/applicant/a~1b~0c', detail: 'không có trường này' },
      ]),
    );
  });

  it.each([
    '2024-02-30T09:00:00+07:00',
    '2023-02-29T09:00:00Z',
    '0000-01-01T00:00:00Z',
    '2024-13-01T00:00:00Z',
    '2024-03-11T25:00:00Z',
    '2024-03-11T09:00:00+99:99',
    '2024-03-11T09:00:00',
    '2024-03-11',
    '+275760-09-13T00:00:00Z',
    '9999-12-31T23:59:59-23:59',
    '1710122400000',
    'now',
  ])('with an instant that is none: %s', async (occurredAt) => {
    const sent = { body: { ...OPENING, occurredAt } };
    const problem = await refused(service, [400, 'invalid-request'], 'POST', '/api/dossiers', sent);
    expect(problem.errors?.[0]).toMatchObject({ pointer: '/occurredAt' });
    expect(problem.errors?.[0]?.detail).toContain('2024-01-15T09:30:00+07:00');
  });

  it.each(['\\u0000', '\\ud800', '\\udc00x', '\\u0007', '\\u001b[31m', '\\ufffe'])(
    'with characters that are no text: %s',
    async (escaped) => {
      const problem = await sendRaw([400, 'invalid-request'], shout(`Nguyễn ${escaped} A`));
      expect(problem.errors?.[0]?.pointer).toBe('/applicant/name');
    },
  );

  it('of a publication, and a calendar that no time can be counted with', async () => {
    const body = { name: 'x', validFrom: '2024-01-01', source: 'test' };
    const publish = (definition: unknown) =>
      call<ProblemBody>(service, 'POST', '/api/calendars/test/versions', { body: { ...body, definition } });
    const wrong = [
      ...[
        null,
        1,
        'x',
        [],
        {},
        { zone: 'Mars/Olympus' },
        { zone: 'Asia/Ho_Chi_Minh', startRule: 'next_day' },
      ],
      { zone: 'Asia/Ho_Chi_Minh', startRule: 'next_day', week: { mon: [['17:00', '07:00']] } },
      { zone: 'Asia/Ho_Chi_Minh', startRule: 'next_day', week: { mon: 'x' }, daysOff: [1] },
      { zone: 'Asia/Ho_Chi_Minh', startRule: 'never', week: {}, hours: { '2024-02-30': null } },
    ];
    await expectNothingWritten(service, async () => {
      for (const definition of wrong) {
        const { status, body: problem } = await publish(definition);
        expect([status, problem.errors?.[0]?.pointer.split('/')[1]]).toEqual([400, 'definition']);
      }
    });
  });
});

describe('problems', () => {
  it('speak Vietnamese, or English to who prefers it', async () => {
    const speak = (language: string) =>
      call<ProblemBody>(service, 'POST', `${held.path}/resolve`, {
        ...held.sending('resolve', {}, { 'accept-language': language }),
      });
    const vi = await speak('');
    expect(vi.headers.get('content-language')).toBe('vi');
    expect(vi.body.title).toBe('Không thực hiện được bước này');
    for (const language of ['en', 'en-GB,vi;q=0.5', 'fr, en;q=0.1', 'EN-us']) {
      const en = await speak(language);
      expect([en.headers.get('content-language'), en.body.title]).toEqual([
        'en',
        'This step is not possible now',
      ]);
    }
    for (const language of ['fr', 'vi', 'en;q=0', 'en;q=x', ',;,', 'vi,en', '*']) {
      expect((await speak(language)).body.title).toBe('Không thực hiện được bước này');
    }
  });

  it('lead to an address that says what they mean', async () => {
    const { type } = await sendRaw([400, 'body-not-json'], '[');
    const { status, body } = await call<{ kind: string }>(service, 'GET', type);
    expect([status, body.kind]).toEqual([200, 'malformed']);
  });
});

it('after all of it the log is whole', () => expectLogVerified(service));

function replaced(value: unknown, [name, ...rest]: readonly (string | number)[], by: unknown): unknown {
  if (name === undefined) return by;
  if (Array.isArray(value))
    return value.map((each, n) => (n === name ? replaced(each, rest, by) : (each as unknown)));
  const object = value as Record<string, unknown>;
  return { ...object, [name]: replaced(object[name], rest, by) };
}

/** Sends bytes over one connection, and reads until the server ends it. */
function exchange(bytes: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(Number(new URL(service.url).port), '127.0.0.1', () => void socket.write(bytes));
    let answer = '';
    socket.on('data', (chunk) => (answer += chunk.toString('utf8')));
    socket.on('error', reject);
    socket.on('close', () => resolve(answer));
  });
}
