import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { contractOf } from '../support/http.js';
import { startService, type TestService } from '../support/service.js';

let service: TestService;
beforeAll(async () => {
  service = await startService();
  await service.settled();
}, 60_000);
afterAll(() => service?.close());

const POLICY =
  "default-src 'none';script-src 'self';style-src 'self';img-src 'self';connect-src 'self';" +
  "frame-ancestors 'none';base-uri 'none';form-action 'self'";
const ALWAYS: Readonly<Record<string, string | null>> = {
  'content-security-policy': POLICY,
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'x-frame-options': 'DENY',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'cross-origin-embedder-policy': 'require-corp',
  'permissions-policy': 'camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()',
  'cache-control': 'no-store',
  'strict-transport-security': null,
  server: null,
  'x-powered-by': null,
};

async function headersOf(
  path: string,
  init: RequestInit = {},
  of = service,
): Promise<Record<string, string | null>> {
  const answer = await fetch(of.url + path, { redirect: 'manual', ...init });
  await (path === '/api/updates' ? answer.body?.cancel() : answer.text());
  return Object.fromEntries(Object.keys(ALWAYS).map((name) => [name, answer.headers.get(name)]));
}

describe('security headers', () => {
  it('are on the answer of every route, whatever it is', async () => {
    const { document } = await contractOf(service);
    for (const [path, operations] of Object.entries(document.paths)) {
      for (const method of Object.keys(operations)) {
        if (path === '/api/updates') continue;
        const found = await headersOf(path.replace(/\{\w+\}/g, 'x'), { method: method.toUpperCase() });
        expect([method, path, found]).toEqual([method, path, ALWAYS]);
      }
    }
  });

  it('are on refusals, errors and redirections', async () => {
    for (const [path, init] of [
      ['/', {}],
      ['/nothing', {}],
      ['/api/dossiers', { method: 'POST', body: '{', headers: { 'content-type': 'application/json' } }],
      ['/api/dossiers', { method: 'POST', body: 'x'.repeat(300_000) }],
      ['/api/openapi.json', {}],
    ] as const) {
      expect([path, await headersOf(path, init)]).toEqual([path, ALWAYS]);
    }
  });

  it('are on the live updates, which nobody keeps either', async () => {
    expect(await headersOf('/api/updates')).toEqual(ALWAYS);
  });

  it('allow the page of the API pictures within its style sheet, and its files to be kept', async () => {
    expect(await headersOf('/api')).toEqual({
      ...ALWAYS,
      'content-security-policy': POLICY.replace("img-src 'self'", "img-src 'self' data:"),
    });
    const { 'cache-control': kept, ...rest } = await headersOf('/api/page/swagger-ui.css');
    expect(kept).toContain('public');
    expect(rest).toEqual(
      Object.fromEntries(Object.entries(ALWAYS).filter(([name]) => name !== 'cache-control')),
    );
  });

  it.each([
    ['an address that is none', 'GET /%zz HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n'],
    ['what is no request', 'NONSENSE\r\n\r\n'],
    ['a host that is not known', 'GET / HTTP/1.1\r\nHost: example.org\r\nConnection: close\r\n\r\n'],
  ])('are on the answer to %s', async (_what, bytes) => {
    const answer = await exchange(bytes);
    expect(answer).toMatch(/^content-security-policy: default-src 'none'/im);
    expect(answer).toMatch(/^x-content-type-options: nosniff/im);
    expect(answer).toMatch(/^cache-control: no-store/im);
  });

  it('tell browsers never to come without https, where clients come by https', async () => {
    const secure = await startService(undefined, { publicUrl: 'https://motcua.example' });
    const { 'strict-transport-security': hsts } = await headersOf('/health/live', {}, secure);
    await secure.close();
    expect(hsts).toBe('max-age=31536000');
  });
});

function exchange(bytes: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(Number(new URL(service.url).port), '127.0.0.1', () => void socket.write(bytes));
    let answer = '';
    socket.on('data', (chunk) => (answer += chunk.toString('utf8')));
    socket.on('error', reject);
    socket.on('close', () => resolve(answer));
  });
}
