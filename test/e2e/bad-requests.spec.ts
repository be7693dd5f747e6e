import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { request } from 'node:http';
import { connect } from 'node:net';
import { type Held, heldIn, OPENING } from '../support/desk.js';
import { call, type ProblemBody, refused } from '../support/http.js';
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

/** A path as it is written: fetch would tidy it up. */
function asWritten(
  path: string,
  headers: Record<string, string> = bearer('clerk-1'),
): Promise<{ status: number; type: string }> {
  return new Promise((resolve, reject) => {
    const { hostname, port } = new URL(service.url);
    request({ hostname, port, path, headers }, (answer) => {
      answer.resume();
      resolve({ status: answer.statusCode ?? 0, type: answer.headers['content-type'] ?? '' });
    })
      .on('error', reject)
      .end();
  });
}

describe('addresses', () => {
  it.each([
    ...['/nothing', '/api/nothing', '/api/dossiers/', '/api//dossiers', '/api/dossiers/a/b', '/API/dossiers'],
    ...[
      '/api/dossiers/%E0%A4%A',
      '/%',
      '/api/..%2f..%2fetc%2fpasswd',
      '/api/../../etc/passwd',
      '/api/%2e%2e/x',
    ],
    ...['/api/.env', '/health', '/api/problems/nothing', '/api/problems/__proto__'],
    ...['/api/dossiers/%00', '/api/dossiers/..%2f..', '/api/dossiers/%2e%2e%2fx', '/api/dossiers/%FF'],
    ...[
      `/api/dossiers/${'x'.repeat(900)}`,
      `/api/dossiers/${'x'.repeat(5_000)}`,
      '/api/dossiers/constructor',
    ],
    ...[
      '/api/units/%00',
      '/api/procedures/__proto__',
      '/api/calendars/constructor',
      '/api/policies/toString',
    ],
  ])('that lead nowhere: %s', async (path) => {
    expect(await asWritten(path)).toEqual({ status: 404, type: 'application/problem+json; charset=utf-8' });
  });

  it.each(['%00', '..%2f', 'x'.repeat(900), '%E2%80%AE', '%F0%9F%91%A9', "'; DROP TABLE x --", '%C3%A1'])(
    'of a dossier that there is not: %s',
    async (code) => {
      await expectNothingWritten(service, async () => {
        await refused(service, [404, 'dossier-unknown'], 'GET', `/api/dossiers/${code}`);
        const sent = held.sending('annotate');
        await refused(service, [404, 'dossier-unknown'], 'POST', `/api/dossiers/${code}/annotate`, sent);
      });
    },
  );

  it.each(['%00', ' ', '%C2%85', '.', '-x', 'x'.repeat(101), 'a%0Ab', "a'b"])(
    'of what cannot be published: %j',
    async (id) => {
      const body = {
        ...{ name: { vi: 'a', en: 'b' }, calendar: 'vn', policy: 'vn-default', sequenceDigits: 4 },
        ...{ validFrom: '2024-01-01', source: 's' },
      };
      await expectNothingWritten(service, async () => {
        const answer = await fetch(`${service.url}/api/units/${id}/versions`, {
          ...{ method: 'POST', body: JSON.stringify(body) },
          headers: { 'content-type': 'application/json', ...bearer('admin-1'), 'idempotency-key': 'k' },
        });
        expect([400, 404]).toContain(answer.status);
        expect(answer.headers.get('content-type')).toContain('application/problem+json');
      });
    },
  );
});

describe('methods', () => {
  it.each(['PUT', 'PATCH', 'DELETE', 'OPTIONS'])('%s is nowhere understood', async (method) => {
    for (const path of [
      '/api/dossiers',
      held.path,
      `${held.path}/resolve`,
      '/api/units/H54.12',
      '/health/live',
    ]) {
      await refused(service, [404, 'not-found'], method, path);
    }
  });

  it('GET of a step, POST of a list', async () => {
    await refused(service, [404, 'not-found'], 'GET', `${held.path}/resolve`);
    await refused(service, [404, 'not-found'], 'POST', '/api/units', { body: {} });
  });

  it('HEAD has the headers of GET', async () => {
    const answer = await fetch(service.url + held.path, { method: 'HEAD', headers: bearer('clerk-1') });
    expect([answer.status, answer.headers.get('etag'), await answer.text()]).toEqual([200, '"0"', '']);
  });
});

describe('queries', () => {
  const worklist: [string, string][] = [
    ['nothing=1', 'nothing'],
    ['limit=0', 'limit'],
    ['limit=201', 'limit'],
    ['limit=1000000000', 'limit'],
    ['limit=1e9', 'limit'],
    ['limit=-1', 'limit'],
    ['limit=', 'limit'],
    ['limit=5&limit=6', 'limit'],
    ['limit[]=5', 'limit[]'],
    ['unit=a&unit=b', 'unit'],
    ['unit=%00', 'unit'],
    ['unit=', 'unit'],
    ['q=a&q=b', 'q'],
    [`q=${'x'.repeat(201)}`, 'q'],
    ['q=%00', 'q'],
    ['state=late', 'state'],
    ['state=', 'state'],
    ['state=accepted,', 'state'],
    ['channel=fax', 'channel'],
    ['sort=name', 'sort'],
    ['dueBefore=2024-02-30T00:00:00Z', 'dueBefore'],
    ['overdueAt=yesterday', 'overdueAt'],
    ['cursor=abc', 'cursor'],
    [`cursor=${Buffer.from('["accepted","infinity","A"]').toString('base64url')}`, 'cursor'],
    [`cursor=${Buffer.from('["due","2024-02-99T00:00:00.000Z","A"]').toString('base64url')}`, 'cursor'],
  ];
  it.each(worklist)('of the worklist: %s', async (query, name) => {
    const problem = await refused(service, [400, 'invalid-request'], 'GET', `/api/dossiers?${query}`);
    expect(problem.errors?.map(({ pointer }) => pointer)).toContain(`query:${name}`);
    expect(problem.errors?.[0]?.detail).not.toBe('');
  });

  it.each([
    '__proto__=1',
    'constructor=1',
    'constructor[prototype]=1',
    '__proto__[a]=1',
    '%E0%A4%A=1',
    '&&==',
    '?',
  ])('with names of the machinery do no harm: %s', async (query) => {
    const { status } = await call<ProblemBody>(service, 'GET', `/api/dossiers?${query}`);
    expect([200, 400]).toContain(status);
    expect(({} as Record<string, unknown>).a).toBeUndefined();
  });

  it.each([
    ['ii-06a', 'period-missing'],
    ['ii-06a?from=2024-01-01', 'period-missing'],
    ['ii-06a?period=2024-Q1&from=2024-01-01&to=2024-02-01', 'period-missing'],
    ['ii-06a?period=2024-Q5', 'unknown-period'],
    ['ii-06a?period=R0000', 'unknown-period'],
    ['ii-06a?from=2024-07-01&to=2024-01-01', 'period-inverted'],
    ['ii-06a?from=2024-01-01&to=2024-01-01', 'period-inverted'],
    ['ii-06a?from=2024-02-30&to=2024-03-01', 'unknown-instant'],
    ['ii-06a?from=0000-01-01&to=2024-03-01', 'unknown-instant'],
    ['ii-06a?period=2024&zone=Mars/Olympus', 'unknown-zone'],
    ['ii-06a?period=2024&by=person', 'invalid-request'],
    ['ii-06a?period=2024&format=pdf', 'invalid-request'],
    ['ii-06a?period=2024&final=yes', 'invalid-request'],
    ['ii-06a?period=2024&period=2025', 'invalid-request'],
    ['ii-06a?period=2024&unit=%00', 'invalid-request'],
    ['ii-06a?period=2024&column=3', 'invalid-request'],
    ['ii-06a/dossiers?period=2024', 'invalid-request'],
    ['ii-06a/dossiers?period=2024&column=14', 'invalid-request'],
    ['ii-06a/dossiers?period=2024&column=toString', 'invalid-request'],
    ['ii-06a/dossiers?period=2024&column=3&limit=0', 'invalid-request'],
    ['needs-explanation?limit=1000000000', 'invalid-request'],
    ['needs-explanation?nothing=1', 'invalid-request'],
  ])('of reports: %s', async (query, type) => {
    await service.settled();
    await refused(service, [400, type], 'GET', `/api/reports/${query}`);
  });

  it('of reports, with SQL in every text', async () => {
    await service.settled();
    const sql = encodeURIComponent(`'); DROP TABLE report.facts; --`);
    for (const query of [`unit=${sql}`, `field=${sql}`, `procedure=${sql}`, `cursor=${sql}`, `zone=${sql}`]) {
      const path = `/api/reports/ii-06a/dossiers?period=2024&column=3&${query}`;
      expect([200, 400]).toContain((await call<ProblemBody>(service, 'GET', path)).status);
    }
  });

  it('of the catalogue, and of a dossier’s past', async () => {
    const bad = [400, 'invalid-request'] as const;
    await refused(service, bad, 'GET', '/api/procedures?on=2024-02-30');
    await refused(service, bad, 'GET', '/api/procedures?q=');
    await refused(service, bad, 'GET', '/api/procedures?nothing=1');
    await refused(service, bad, 'GET', `${held.path}?at=yesterday`);
  });
});

describe('headers', () => {
  it('a request of nobody', async () => {
    const headers = { authorization: undefined };
    await refused(service, [401, 'not-signed-in'], 'POST', '/api/dossiers', { body: OPENING, headers });
    expect((await call(service, 'GET', '/health/live', { headers })).status).toBe(200);
  });

  it.each(['', 'ab', 'x'.repeat(501), '%', '%ff', '%00abc', '%0d%0aabc', '%ed%a0%80xx'])(
    'a reason that is none: %j',
    async (reason) => {
      const headers = { 'x-reason': reason };
      const problem = await refused(service, [400, 'reason-malformed'], 'GET', held.path, { headers });
      expect(problem.errors?.[0]?.pointer).toBe('header:X-Reason');
    },
  );

  it('a correlation id is kept if it is one, and answered always', async () => {
    const ask = (id: string) =>
      call<ProblemBody>(service, 'GET', '/api/dossiers/x', { headers: { 'x-correlation-id': id } });
    const kept = await ask('run-1.2_3');
    expect([kept.headers.get('x-correlation-id'), kept.body.instance]).toEqual(['run-1.2_3', 'run-1.2_3']);
    for (const id of ['a b', '<x>', 'x'.repeat(65), '']) {
      const { headers, body } = await ask(id);
      expect(headers.get('x-correlation-id')).toMatch(/^[0-9a-f-]{36}$/);
      expect(body.instance).toBe(headers.get('x-correlation-id'));
    }
  });

  it.each([
    ['GET / HTTP/9.9\r\n\r\n', '400', 'request-malformed'],
    ['nonsense\r\n\r\n', '400', 'request-malformed'],
    [
      'POST /api/dossiers HTTP/1.1\r\nhost: localhost\r\ncontent-length: -1\r\n\r\n',
      '400',
      'request-malformed',
    ],
    [
      'POST /api/dossiers HTTP/1.1\r\nhost: localhost\r\ncontent-length: 2\r\ntransfer-encoding: chunked\r\n\r\n{}',
      ...['400', 'request-malformed'],
    ],
    [
      `GET /health/live HTTP/1.1\r\nhost: localhost\r\nx: ${'y'.repeat(20_000)}\r\n\r\n`,
      '431',
      'headers-too-large',
    ],
  ])('that are no HTTP: %#', async (bytes, status, type) => {
    const answer = await new Promise<string>((resolve, reject) => {
      const socket = connect(Number(new URL(service.url).port), '127.0.0.1', () => void socket.write(bytes));
      let text = '';
      socket.on('data', (chunk) => (text += chunk.toString('utf8')));
      socket.on('error', reject);
      socket.on('close', () => resolve(text));
    });
    expect(answer).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    expect(JSON.parse(answer.split('\r\n\r\n')[1] ?? '')).toMatchObject({ type: `/api/problems/${type}` });
  });
});

it('after all of it the log is whole', () => expectLogVerified(service));

describe('the name of the host', () => {
  it.each(['evil.example', 'evil.example:3000', '127.0.0.1.evil.example', 'localhost@evil.example'])(
    'must be of this machine: %j is refused',
    async (host) => {
      const { status, type } = await asWritten('/api/dossiers', { host });
      expect(type).toContain('application/problem+json');
      expect(status).toBe(403);
    },
  );
  it('may be any of this machine', async () => {
    for (const host of ['127.0.0.1', 'localhost:3000', '[::1]:3000']) {
      expect(await asWritten('/health/live', { host })).toMatchObject({ status: 200 });
    }
  });
});
