import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { account } from '../support/accounts.js';
import { contractOf } from '../support/http.js';
import { openSession } from '../support/access-desk.js';
import { type Operation, operationsOf, requestOf } from '../support/operations.js';
import { startService, type TestService } from '../support/service.js';
import { PASSWORD, signedIn, withPassword } from '../support/signed-in.js';

const NOW = '2024-03-11T02:00:00.000Z';
const CROSS = '403 cross-site-request';
const JSON_TYPE = { 'content-type': 'application/json' };

let service: TestService;
let unsafe: Operation[];
beforeAll(async () => {
  service = await startService(NOW);
  const roles = ['clerk', 'official', 'supervisor', 'auditor', 'administrator'] as const;
  await account(
    service,
    'victim',
    roles.map((role) => ({ role, units: 'all' })),
  );
  await account(service, 'attacker', [{ role: 'clerk', units: ['H54.12'] }]);
  await withPassword(service, 'victim', 'attacker');
  const operations = operationsOf((await contractOf(service)).document);
  unsafe = operations.filter(({ method }) => !['GET', 'HEAD'].includes(method));
}, 60_000);
afterAll(() => service.close());

type Headers = Record<string, string>;

async function send(operation: Operation, headers: Headers): Promise<string> {
  const request = requestOf(operation);
  const answer = await fetch(service.url + request.path, {
    method: request.method,
    headers: { ...request.headers, ...(request.body === undefined ? {} : JSON_TYPE), ...headers },
    ...(request.body === undefined ? {} : { body: JSON.stringify(request.body) }),
  });
  const type = /"type":"\/api\/problems\/([\w-]+)"/.exec(await answer.text())?.[1] ?? '';
  return `${answer.status} ${type}`.trim();
}

/** Routes that are for everyone and take no notice of a session, so that nothing can be done in its name. */
const WITHOUT_SESSION = ['POST /api/look-up'];
/** Routes that begin one: there is none yet whose token could be sent. */
const BEGINNING = ['POST /api/session', 'POST /api/password/set-up'];

describe('what changes something by the cookie of a session', () => {
  it('is known for what it is', () => {
    expect(unsafe.length).toBeGreaterThan(50);
    const open = unsafe.filter(({ action }) => action === 'public').map(({ name }) => name);
    expect(open.sort()).toEqual(['DELETE /api/session', ...WITHOUT_SESSION, ...BEGINNING].sort());
  });

  it.each<[string, Headers, boolean]>([
    ['without its token', { 'x-csrf-token': '' }, false],
    ['with the token of another session', {}, false],
    ['by a page of another site', { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' }, true],
    ['by another host of the domain', { 'sec-fetch-site': 'same-site' }, true],
    [
      'by another port of this machine',
      { origin: 'http://127.0.0.1:1', 'sec-fetch-site': 'same-site' },
      true,
    ],
    ['by a page in a sandbox', { origin: 'null' }, true],
    ['by an old browser that tells the origin only', { origin: 'https://evil.example' }, true],
  ])(
    'is refused %s, at every route',
    async (how, headers, ownToken) => {
      const found: Record<string, string> = {};
      const wanted: Record<string, string> = {};
      const { 'x-csrf-token': foreign = '' } = await openSession(service, 'attacker');
      for (const operation of unsafe) {
        if ([...WITHOUT_SESSION, ...BEGINNING].includes(operation.name)) continue;
        const own = await openSession(service, 'victim');
        const token: Headers = ownToken ? {} : { 'x-csrf-token': how.includes('another') ? foreign : '' };
        found[operation.name] = await send(operation, { ...own, ...headers, ...token });
        wanted[operation.name] = CROSS;
        const still = await fetch(`${service.url}/api/session`, { headers: own });
        expect([operation.name, still.status]).toEqual([operation.name, 200]);
      }
      expect(found).toEqual(wanted);
    },
    60_000,
  );

  it('is nothing that a mere link or picture could do: no GET ends or changes a session', async () => {
    const browser = await signedIn(service, 'victim');
    const cross = { cookie: browser.cookie ?? '', 'sec-fetch-site': 'cross-site' };
    for (const path of [
      '/api/session',
      '/api/session/oidc',
      '/api/session/oidc/end',
      '/sign-in',
      '/account',
      '/inbox',
    ]) {
      const answer = await fetch(service.url + path, { headers: cross, redirect: 'manual' });
      await answer.body?.cancel();
      expect(answer.headers.getSetCookie()).toEqual([]);
    }
    expect(await browser.status()).toBe(200);
  });

  it('takes no other method in the name of one', async () => {
    const { cookie = '' } = await openSession(service, 'victim');
    for (const name of ['x-http-method-override', 'x-method-override']) {
      const headers = { [name]: 'DELETE' };
      await (
        await fetch(`${service.url}/api/session?_method=DELETE`, { headers: { cookie, ...headers } })
      ).text();
      expect((await fetch(`${service.url}/api/session`, { headers: { cookie } })).status).toBe(200);
    }
  });

  it('tells its token to no page of another origin', async () => {
    const { cookie = '' } = await openSession(service, 'victim');
    const headers = { cookie, origin: 'https://evil.example' };
    const answer = await fetch(`${service.url}/api/session`, { headers });
    await answer.text();
    const names = [...answer.headers.keys()].filter((name) => name.startsWith('access-control-'));
    expect(names).toEqual([]);
    expect(answer.headers.get('cross-origin-resource-policy')).toBe('same-origin');
    const preflight = await fetch(`${service.url}/api/session`, {
      method: 'OPTIONS',
      headers: { ...headers, 'access-control-request-method': 'DELETE' },
    });
    await preflight.text();
    expect(preflight.headers.get('access-control-allow-origin')).toBeNull();
  });
});

describe('signing a victim in as the attacker', () => {
  const body = JSON.stringify({ account: 'attacker', password: PASSWORD });
  const signIn = async (headers: Headers, sent = body): Promise<[number, string[]]> => {
    const answer = await fetch(`${service.url}/api/session`, { method: 'POST', headers, body: sent });
    await answer.text();
    return [answer.status, answer.headers.getSetCookie()];
  };

  it.each<[string, Headers]>([
    ['cross-site', { 'sec-fetch-site': 'cross-site' }],
    ['same-site', { 'sec-fetch-site': 'same-site' }],
    ['another origin', { origin: 'https://evil.example' }],
    ['another port', { origin: 'http://127.0.0.1:1' }],
    ['no origin to name', { origin: 'null' }],
  ])('is not done by a page that is %s', async (_how, headers) => {
    expect(await signIn({ ...JSON_TYPE, ...headers })).toEqual([403, []]);
  });

  it.each(['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x'])(
    'is not done by a form, whose type is %s',
    async (type) => {
      const [status, cookies] = await signIn({ 'content-type': type });
      expect([status, cookies]).toEqual([415, []]);
    },
  );

  it('is not done by setting a password in his browser, either', async () => {
    const answer = await fetch(`${service.url}/api/password/set-up`, {
      method: 'POST',
      headers: { ...JSON_TYPE, 'sec-fetch-site': 'cross-site' },
      body: JSON.stringify({ token: `setup_${'A'.repeat(43)}`, newPassword: PASSWORD }),
    });
    await answer.text();
    expect([answer.status, answer.headers.getSetCookie()]).toEqual([403, []]);
  });
});
