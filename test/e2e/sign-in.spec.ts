import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { request } from 'node:http';
import { account } from '../support/accounts.js';
import {
  ANOTHER_PASSWORD,
  Browser,
  PASSWORD,
  signedIn,
  type WhoAmI,
  withPassword,
} from '../support/signed-in.js';
import { call, refused } from '../support/http.js';
import { startService, type TestService } from '../support/service.js';

const NOW = '2024-03-11T02:00:00.000Z';
interface Sessions {
  readonly items: { id: string; current: boolean; endsAt: string }[];
}

/** Under another name of the host: `fetch` lets nobody choose it. */
function askAs(
  host: string,
  { url }: TestService,
  { body, cookie }: { body?: string; cookie?: string },
): Promise<{ status: number; cookie: string }> {
  return new Promise((resolve, reject) => {
    const headers = {
      host,
      ...(cookie ? { cookie } : {}),
      ...(body ? { 'content-type': 'application/json' } : {}),
    };
    const sent = request(`${url}/api/session`, { method: body ? 'POST' : 'GET', headers }, (answer) => {
      answer.resume();
      resolve({ status: answer.statusCode ?? 0, cookie: answer.headers['set-cookie']?.[0] ?? '' });
    });
    sent.on('error', reject).end(body);
  });
}

let service: TestService;
beforeAll(async () => {
  service = await startService(NOW);
  await account(service, 'desk-1', [{ role: 'clerk', units: ['H54.12'] }]);
  await account(service, 'head-1', [{ role: 'administrator', units: 'all' }]);
  await account(service, 'none-1', []);
  await withPassword(service, 'desk-1', 'head-1', 'none-1');
}, 60_000);
afterAll(() => service.close());
beforeEach(() => service.clock.set(NOW));

describe('a cookie', () => {
  it('is for this host, for no script, for no other site, and has no end of its own', async () => {
    const answer = await new Browser(service).signIn('desk-1');
    expect(answer.headers.getSetCookie()).toEqual([
      expect.stringMatching(/^motcua=[\w-]{43}; Path=\/; HttpOnly; SameSite=Lax$/),
      // By which the device is known: of no use without the password.
      expect.stringMatching(
        /^motcua_device_[\da-f]{12}=[\w.-]+; Max-Age=15552000; Path=\/; HttpOnly; SameSite=Lax$/,
      ),
    ]);
  });

  it('is bound to TLS and this very host under any other name than that of this machine', async () => {
    const away = await startService(NOW, {
      ...{ beside: service, allowedHosts: ['motcua.example'] },
    });
    try {
      const body = JSON.stringify({ account: 'desk-1', password: PASSWORD });
      const { status: made, cookie } = await askAs('motcua.example', away, { body });
      expect(made).toBe(201);
      expect(cookie).toMatch(/^__Host-motcua=[\w-]{43}; Path=\/; HttpOnly; Secure; SameSite=Lax$/);
      const value = cookie.split(';')[0]!;
      expect((await askAs('motcua.example', away, { cookie: value })).status).toBe(200);
      // Set by another host of the domain.
      const planted = value.replace('__Host-', '');
      expect((await askAs('motcua.example', away, { cookie: planted })).status).toBe(401);
    } finally {
      await away.close();
    }
  });
});

describe('signing in', () => {
  it('says who one is and what one may do', async () => {
    const browser = await signedIn(service, 'desk-1');
    const { body } = await browser.ask<WhoAmI>('GET', '/api/session');
    expect(body).toEqual({
      ...{ account: 'desk-1', by: 'session', csrfToken: browser.csrf, secondFactorDue: false },
      grants: [{ role: 'clerk', units: ['H54.12'] }],
    });
    const { body: own } = await browser.ask<Sessions>('GET', '/api/sessions');
    expect(own.items.find(({ current }) => current)).toMatchObject({
      current: true,
      endsAt: '2024-03-11T02:30:00.000Z',
      how: 'password',
    });
  });

  it('answers the same to a wrong password and to an account that there is not', async () => {
    const answers = await Promise.all(
      [
        { account: 'desk-1', password: ANOTHER_PASSWORD },
        { account: 'nobody', password: ANOTHER_PASSWORD },
        { account: 'closed', password: PASSWORD },
      ].map(async (body) => {
        const { instance, ...rest } = await refused(
          service,
          [401, 'sign-in-failed'],
          'POST',
          '/api/session',
          { body },
        );
        expect(instance).toBeDefined();
        return rest;
      }),
    );
    expect(answers[1]).toEqual(answers[0]);
    expect(answers[2]).toEqual(answers[0]);
  });

  it('is not done by a page of another site', async () => {
    const body = { account: 'desk-1', password: PASSWORD };
    const headers = { 'sec-fetch-site': 'cross-site' };
    await refused(service, [403, 'cross-site-request'], 'POST', '/api/session', { body, headers });
  });

  it('takes no secret that somebody else has put into the browser, and ends the session before', async () => {
    const planted = new Browser(service);
    planted.cookie = `motcua=${'A'.repeat(43)}`;
    await planted.signIn('desk-1');
    expect(planted.cookie).not.toContain('AAAA');
    const [cookie, before] = [planted.cookie, new Browser(service)];
    before.cookie = cookie;
    await planted.signIn('desk-1');
    expect(planted.cookie).not.toBe(cookie);
    expect(await before.status()).toBe(401);
  });

  it('works for who has no role, so that he can sign out', async () => {
    const browser = await signedIn(service, 'none-1');
    expect((await browser.ask('GET', '/api/sessions')).status).toBe(403);
    expect((await browser.ask('DELETE', '/api/session')).status).toBe(200);
    expect(await browser.status()).toBe(401);
  });
});

describe('a session', () => {
  it('ends by sign-out, idleness and age', async () => {
    const [out, idle, old] = [
      await signedIn(service, 'desk-1'),
      await signedIn(service, 'desk-1'),
      await signedIn(service, 'desk-1'),
    ];
    const answer = await out.ask('DELETE', '/api/session');
    expect(answer.headers.getSetCookie()[0]).toMatch(/^motcua=; Max-Age=0; Path=\//);
    expect(await out.status()).toBe(401);
    for (let minutes = 25; minutes < 720; minutes += 25) {
      service.clock.set(new Date(Date.parse(NOW) + minutes * 60_000).toISOString());
      expect(await old.status()).toBe(200);
    }
    expect(await idle.status()).toBe(401);
    service.clock.set('2024-03-11T14:00:00.000Z');
    expect(await old.status()).toBe(401);
  });

  it('can be seen and ended elsewhere by its owner, and by an administrator', async () => {
    const [here, there, foreign] = [
      await signedIn(service, 'desk-1'),
      await signedIn(service, 'desk-1'),
      await signedIn(service, 'head-1'),
    ];
    const { body } = await here.ask<Sessions>('GET', '/api/sessions');
    const other = body.items.find(({ current }) => !current)!;
    expect((await foreign.ask('DELETE', `/api/sessions/${other.id}`)).status).toBe(404);
    expect((await here.ask('DELETE', '/api/sessions/x')).status).toBe(404);
    for (const { id, current } of body.items)
      if (!current) expect((await here.ask('DELETE', `/api/sessions/${id}`)).status).toBe(200);
    expect(await there.status()).toBe(401);
    expect((await here.ask('DELETE', '/api/accounts/desk-1/sessions')).status).toBe(403);
    const { body: seen } = await foreign.ask<Sessions>('GET', '/api/accounts/desk-1/sessions');
    expect(seen.items).toHaveLength(1);
    expect((await foreign.ask<{ ended: number }>('DELETE', '/api/accounts/desk-1/sessions')).body.ended).toBe(
      1,
    );
    expect(await here.status()).toBe(401);
  });

  it('changes nothing without its CSRF token, nor from another site', async () => {
    const browser = await signedIn(service, 'desk-1');
    const foreign = await signedIn(service, 'desk-1');
    const end = '/api/session';
    for (const headers of [
      { 'x-csrf-token': undefined },
      { 'x-csrf-token': foreign.csrf },
      { 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'same-site' },
      { origin: 'https://evil.example' },
      { origin: 'null' },
    ]) {
      const sent = { headers: browser.headers(headers) };
      await refused(service, [403, 'cross-site-request'], 'DELETE', end, sent);
    }
    expect(await browser.status()).toBe(200);
    const origin = { origin: service.url, 'sec-fetch-site': 'same-origin' };
    expect((await call(service, 'DELETE', end, { headers: browser.headers(origin) })).status).toBe(200);
  });

  it('loses a right at the moment it is withdrawn, and ends when the account is closed', async () => {
    await account(service, 'desk-5', [{ role: 'clerk', units: 'all' }]);
    await withPassword(service, 'desk-5');
    const browser = await signedIn(service, 'desk-5');
    expect((await browser.ask('GET', '/api/sessions')).status).toBe(200);
    await account(service, 'desk-5', []);
    expect((await browser.ask('GET', '/api/sessions')).status).toBe(403);
    const admin = await signedIn(service, 'head-1');
    expect((await admin.ask('POST', '/api/accounts/desk-5/close', {})).status).toBe(200);
    expect(await browser.status()).toBe(401);
    expect((await admin.ask('POST', '/api/accounts/desk-5/reopen', {})).status).toBe(200);
    expect(await browser.status()).toBe(401);
  });
});
