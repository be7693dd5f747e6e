import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { createLogger } from '#libs/telemetry/logger.adapter.js';
import { open, OPENING } from '../support/desk.js';
import { call } from '../support/http.js';
import { exchange, type RawAnswer, written } from '../support/raw-http.js';
import { startService, type TestService } from '../support/service.js';
import { bearer } from '../support/tokens.js';

/** What would be seen in an answer, a log or the database if it came through. */
const MARK = 'Injected';
const lines: string[] = [];
let service: TestService;
beforeAll(async () => {
  const logger = createLogger('trace', { write: (line) => void lines.push(line) });
  service = await startService(undefined, { logger, limits: { requestMs: 2_000, checkMs: 50 } });
}, 60_000);
afterAll(() => service.close());

/** Headers whose content is echoed, stored, sorted by or decided upon. */
const HEADERS = [
  ...['X-Correlation-Id', 'Idempotency-Key', 'X-Reason', 'If-Match', 'Accept-Language', 'Traceparent'],
  ...['Tracestate', 'X-Forwarded-For', 'X-Forwarded-Host', 'X-Forwarded-Proto', 'Forwarded', 'X-Real-IP'],
  ...['X-Request-Id', 'User-Agent', 'Accept', 'Origin', 'Referer', 'Cookie', 'X-CSRF-Token', 'Authorization'],
  ...['Sec-Fetch-Site', 'X-HTTP-Method-Override', 'X-Original-URL', 'X-Rewrite-URL'],
];
/** Those without which a command is not taken: with such a value it is not. */
const NEEDED = ['Idempotency-Key', 'Authorization'];

const AUTHORIZATION = `Authorization: ${bearer('clerk-1').authorization}`;
const said = (headers: readonly string[], path = '/api/calendars'): Promise<RawAnswer[]> =>
  exchange(service, written(`GET ${path}`, [...headers, 'Connection: close']));
const command = (headers: readonly string[]): Promise<RawAnswer[]> => {
  const body = JSON.stringify(OPENING);
  const given = ['Content-Type: application/json', `Content-Length: ${Buffer.byteLength(body)}`, ...headers];
  const bytes = written('POST /api/dossiers', [...given, 'Connection: close'], '');
  return exchange(service, bytes + Buffer.from(body).toString('latin1'));
};

/** One answer, in which nothing of what was sent is a header or a further answer. */
function expectWhole(answers: readonly RawAnswer[], what: string): RawAnswer {
  expect([what, answers.length]).toEqual([what, 1]);
  const [answer] = answers as [RawAnswer];
  expect([what, answer.status < 500]).toEqual([what, true]);
  expect(answer.headers).not.toContain(MARK);
  expect(answer.headers).not.toMatch(/[^\t\r\n -~]/);
  for (const line of answer.headers.split('\r\n').slice(1))
    expect([what, line]).toEqual([what, expect.stringMatching(/^[\w-]+: /)]);
  return answer;
}

describe('a header with what ends a line', () => {
  it.each([
    ['LF', `a\nSet-Cookie: ${MARK}`],
    ['CR', `a\rSet-Cookie: ${MARK}`],
    ['NUL', `a\0Set-Cookie: ${MARK}`],
    ['CR LF and a blank, as lines once went on', `a\r\n Set-Cookie: ${MARK}`],
    ['CR LF and a tab', `a\r\n\tSet-Cookie: ${MARK}`],
    ['VT', `a\u000bSet-Cookie: ${MARK}`],
    ['ESC', `a\u001bSet-Cookie: ${MARK}`],
    ['DEL', `a\u007fSet-Cookie: ${MARK}`],
  ])('is refused with the whole request: %s', async (what, value) => {
    for (const name of HEADERS) {
      const answers = await said([`${name}: ${value}`]);
      expect([name, what, answers.map(({ status }) => status)]).toEqual([name, what, [400]]);
      expectWhole(answers, name);
    }
  });
});

describe('a header with signs beyond ASCII, or too much of them', () => {
  const VALUES = [
    ...[`${MARK}\u00e9`, `\u0085Set-Cookie: ${MARK}`, `\u00a0${MARK}`, `\u00c4\u008dSet-Cookie: ${MARK}`],
    ...[
      Buffer.from(`č${MARK}ĊSet-Cookie: x`).toString('latin1'),
      Buffer.from(`嘊嘍${MARK}`).toString('latin1'),
    ],
    ...[`%0d%0aSet-Cookie: ${MARK}`, `%E5%98%8D%E5%98%8A${MARK}`, `${MARK}; a="b\\"c", d`, `"${MARK}"`],
    ...[`${MARK}\tx`, '\u00ff'.repeat(300), `${MARK}${'x'.repeat(3_000)}`, `<script>${MARK}</script>`, ''],
  ];

  it.each(HEADERS)('comes back nowhere: %s', async (name) => {
    for (const value of VALUES) {
      const own = name === 'Authorization' ? [] : [AUTHORIZATION];
      const answer = expectWhole(await said([...own, `${name}: ${value}`]), `${name}: ${value}`);
      expect(answer.body).not.toContain(MARK);
    }
  });

  it.each(HEADERS)(
    'breaks no command: %s',
    async (name) => {
      for (const value of VALUES) {
        const usual = { Authorization: AUTHORIZATION, 'Idempotency-Key': `Idempotency-Key: ${randomUUID()}` };
        const others = Object.entries(usual).flatMap(([each, line]) => (each === name ? [] : [line]));
        const answer = expectWhole(await command([...others, `${name}: ${value}`]), `${name}: ${value}`);
        const refusal = name === 'Authorization' ? 401 : 400;
        if (NEEDED.includes(name) && !/^[!-~]{1,200}$/.test(value)) expect(answer.status).toBe(refusal);
      }
    },
    60_000,
  );

  it('is in no event, and in no line of the log', async () => {
    for await (const { metadata } of service.platform.log.readAll())
      for (const text of [
        metadata.correlationId,
        metadata.causationId,
        metadata.actor,
        metadata.traceparent ?? '',
      ])
        expect(text).not.toContain(MARK);
    await service.settled();
    // The commands were carried out, with what is harmless of them.
    expect(Number(await service.platform.log.head())).toBeGreaterThan(200);
    expect(lines.length).toBeGreaterThan(100);
    expect(lines.join('')).not.toContain(MARK);
    for (const line of lines) expect(line.trimEnd()).not.toMatch(/[\u0000-\u001f\u007f-\u009f]/);
  });
});

describe('the correlation id', () => {
  it('comes back only if it is made of word signs, dots and dashes, up to 64; otherwise another one', async () => {
    for (const id of ['a', 'A-1._z', 'x'.repeat(64)]) {
      const [answer] = await said([`X-Correlation-Id: ${id}`], '/health/live');
      expect(answer?.headers).toContain(`x-correlation-id: ${id}\r\n`);
    }
    for (const id of ['', 'a b', 'a,b', 'a;b', 'é', 'x'.repeat(65), 'a"b', '{"a":1}', '../x', 'a\tb']) {
      const [answer] = await said([`X-Correlation-Id: ${id}`], '/health/live');
      expect([id, answer?.headers]).toEqual([
        id,
        expect.stringMatching(/^x-correlation-id: [\da-f-]{36}\r$/m),
      ]);
    }
    const twice = await said(['X-Correlation-Id: a', `X-Correlation-Id: ${MARK}`], '/health/live');
    expectWhole(twice, 'twice');
  });
});

describe('a name of the host that is not ours', () => {
  it('is refused, and stands in no answer, address or redirection', async () => {
    for (const host of [
      'evil.example',
      '127.0.0.1.evil.example',
      'localhost@evil.example',
      '127.0.0.1:80:80',
      ' ',
      'a/b',
      '127.0.0.1#',
      '[::1',
      '127.0.0.1\\evil.example',
    ]) {
      for (const path of ['/', '/api', '/api/calendars', '/look-up']) {
        const [answer] = await exchange(
          service,
          `GET ${path} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`,
        );
        expect([host, path, [400, 403].includes(answer?.status ?? 0)]).toEqual([host, path, true]);
        expect(`${answer?.headers}${answer?.body}`).not.toContain('evil');
      }
    }
  });

  it('is believed in no other header either', async () => {
    for (const name of [
      'X-Forwarded-Host',
      'X-Host',
      'X-Forwarded-Server',
      'Forwarded',
      'X-Original-URL',
      'X-Rewrite-URL',
      'X-HTTP-Host-Override',
    ]) {
      const value = name === 'Forwarded' ? 'host=evil.example;proto=https' : 'evil.example';
      for (const path of ['/', '/api', '/api/openapi.json', '/look-up', '/nothing']) {
        const [answer] = await said([`${name}: ${value}`, 'X-Forwarded-Proto: https'], path);
        expect([name, path, answer?.status]).toEqual([
          name,
          path,
          path === '/' ? 302 : path === '/nothing' ? 404 : 200,
        ]);
        expect(`${answer?.headers}${answer?.body}`).not.toContain('evil');
      }
    }
  });
});

describe('headers of answers that are made of what was asked', () => {
  const BREAKS = [
    '%0d%0aSet-Cookie:%20Injected',
    '%0aInjected',
    '%00Injected',
    '%E5%98%8AInjected',
    '"; Injected',
    '%22%3bInjected',
  ];

  it('say where a dossier is (Location) and at which revision (ETag) in signs that are safe', async () => {
    const { headers } = await open(service);
    expect(headers.get('location')).toMatch(/^\/api\/dossiers\/[\w.%-]+$/);
    expect(headers.get('etag')).toMatch(/^"\d+"$/);
  });

  it('say the name of a report (Content-Disposition) in signs of ours, whatever the period and the unit are', async () => {
    const good = await call(service, 'GET', '/api/reports/ii-06a?period=2024&format=csv');
    expect(good.headers.get('content-disposition')).toMatch(
      /^attachment; filename="II\.06a_[\d-]{10}_[\d-]{10}\.csv"$/,
    );
    for (const bad of BREAKS) {
      for (const query of [
        `period=${bad}`,
        `period=2024&unit=${bad}`,
        `from=${bad}&to=2024-12-31`,
        `period=2024&format=${bad}`,
        `period=2024&zone=${bad}`,
      ]) {
        const path = encodeURI(`/api/reports/ii-06a?format=csv&${query}`).replaceAll('%25', '%');
        expectWhole(await said([AUTHORIZATION], path), path);
      }
    }
  });

  it('are not broken by an address, known or not', async () => {
    for (const bad of BREAKS) {
      for (const path of [
        `/${bad}`,
        `/api/${bad}`,
        `/api/dossiers/${bad}`,
        `/api/problems/${bad}`,
        `/look-up/${bad}`,
        `//${bad}`,
        `/?${bad}`,
      ]) {
        const answer = expectWhole(await said([AUTHORIZATION], encodeURI(path).replaceAll('%25', '%')), path);
        expect([302, 400, 403, 404]).toContain(answer.status);
      }
    }
  });

  it('lead nowhere else: the one redirection goes to the documentation', async () => {
    for (const path of ['/', '/?next=//evil.example', '/?url=https://evil.example']) {
      const answer = expectWhole(await said([], path), path);
      expect([answer.status, /^location: (.*)\r$/im.exec(answer.headers)?.[1]]).toEqual([302, '/api']);
    }
    for (const path of ['//evil.example', '//evil.example/%2e%2e', '/\\evil.example', '/api//evil.example/'])
      expect(expectWhole(await said([], path), path).headers).not.toMatch(/^location:/im);
  });
});
