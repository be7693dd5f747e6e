import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { request } from 'node:http';
import { OidcProvider } from '#libs/access/oidc/oidc-provider.adapter.js';
import { Browser } from '../support/cookie-jar.js';
import { CLIENT, startProvider, type TestProvider } from '../support/oidc-provider.js';
import { freePort } from '../support/redis.js';
import { startService, type TestService } from '../support/service.js';

const AN = { sub: 'f4b1', preferred_username: 'an', groups: ['motcua-clerk'] };
const HTML = { headers: { accept: 'text/html' } };

let provider: TestProvider;
let service: TestService;
beforeAll(async () => {
  const proxy = `http://127.0.0.1:${await freePort()}`;
  provider = await startProvider({ redirectUris: [`${proxy}/api/session/oidc/callback`] });
  const settings = {
    issuer: provider.issuer,
    ...{ clientId: CLIENT.id, clientSecret: CLIENT.secret, scope: 'openid profile groups', publicUrl: proxy },
    mapping: {
      account: 'preferred_username',
      roles: { claim: 'groups', map: { 'motcua-clerk': [{ role: 'clerk', units: ['H54.12'] } as const] } },
    },
  };
  service = await startService(undefined, {
    oidc: new OidcProvider(settings, () => undefined),
    allowedHosts: ['motcua.example'],
  });
  publicUrl = proxy;
});
afterAll(async () => {
  await service.close();
  await provider.stop();
});
let publicUrl = '';
let browser: Browser;
beforeEach(() => {
  browser = new Browser();
  provider.person = AN;
});

/** Through the provider, up to what it sends the browser back to here. */
async function toCallback(returnTo = ''): Promise<string> {
  const { url } = await browser.follow(
    `${service.url}/api/session/oidc${returnTo}`,
    (next) => next.origin === provider.issuer,
  );
  expect(url.origin).toBe(publicUrl);
  return service.url + url.pathname + url.search;
}
const who = async (): Promise<{ account?: string; grants?: unknown }> =>
  (await (await browser.ask(`${service.url}/api/session`)).json()) as object;
const typeOf = async (answer: Response): Promise<unknown> => [
  answer.status,
  ((await answer.json()) as { type: string }).type.replace('/api/problems/', ''),
];

describe('signing in at a provider', () => {
  it('begins a session with the roles of the claims, and returns to where one was', async () => {
    const answer = await browser.ask(await toCallback('?returnTo=/api/dossiers%3Fq%3Dx'));
    expect([answer.status, answer.headers.get('location')]).toEqual([303, '/api/dossiers?q=x']);
    expect(await who()).toMatchObject({
      account: 'oidc.an',
      grants: [{ role: 'clerk', units: ['H54.12'] }],
    });
  });

  it.each(['//evil.example', 'https://evil.example', '/\\evil.example'])(
    'returns never to %s',
    async (to) => {
      const answer = await browser.ask(await toCallback(`?returnTo=${encodeURIComponent(to)}`));
      expect(answer.headers.get('location')).toBe('/account');
    },
  );

  it('keeps what it must know again in a cookie that no script and no other page gets', async () => {
    const answer = await browser.ask(`${service.url}/api/session/oidc`);
    const [cookie = ''] = answer.headers.getSetCookie();
    expect(cookie).toMatch(/HttpOnly/i);
    expect(cookie).toMatch(/SameSite=Lax/i);
    expect(cookie).toMatch(/Max-Age=600/i);
  });

  it('binds that cookie to this very host under any other name than that of this machine', async () => {
    const [cookie = ''] = await new Promise<string[]>((resolve, reject) => {
      // `fetch` lets nobody choose the name of the host.
      const asked = request(
        `${service.url}/api/session/oidc`,
        { headers: { host: 'motcua.example' } },
        (answer) => {
          answer.resume();
          resolve(answer.headers['set-cookie'] ?? []);
        },
      );
      asked.on('error', reject).end();
    });
    expect(cookie).toMatch(
      /^__Host-motcua_oidc=[\w.-]+; Max-Age=600; Path=\/; HttpOnly; Secure; SameSite=Lax$/,
    );
  });

  it('is refused where the request has two of that cookie: one may be of somebody else', async () => {
    const callback = await toCallback();
    const cookie = `motcua_oidc=${browser.cookiesOf(service.url).get('motcua_oidc')}`;
    const headers = { cookie: `${cookie}; ${cookie}` };
    expect(await typeOf(await fetch(callback, { headers, redirect: 'manual' }))).toEqual([
      403,
      'oidc-answer-wrong',
    ]);
  });

  it('is refused without that cookie, with a changed one, and with the one of another browser', async () => {
    const callback = await toCallback();
    const own = browser.cookiesOf(service.url);
    const cookie = own.get('motcua_oidc') ?? '';
    expect(await typeOf(await fetch(callback, { redirect: 'manual' }))).toEqual([403, 'oidc-answer-wrong']);
    own.set('motcua_oidc', `${cookie.slice(0, 5)}X${cookie.slice(6)}`);
    expect(await typeOf(await browser.ask(callback))).toEqual([403, 'oidc-answer-wrong']);
    const other = new Browser();
    await other.ask(`${service.url}/api/session/oidc`);
    expect(await typeOf(await other.ask(callback))).toEqual([403, 'oidc-answer-wrong']);
  });

  it('is refused a second time with the same code and cookie', async () => {
    const callback = await toCallback();
    const cookie = browser.cookiesOf(service.url).get('motcua_oidc') ?? '';
    expect((await browser.ask(callback)).status).toBe(303);
    browser.cookiesOf(service.url).set('motcua_oidc', cookie);
    expect(await typeOf(await browser.ask(callback))).toEqual([403, 'oidc-answer-wrong']);
  });

  it('is refused to who has no role, and he is told so on the page', async () => {
    provider.person = { sub: 'b002', preferred_username: 'binh', groups: ['staff'] };
    expect(await typeOf(await browser.ask(await toCallback()))).toEqual([403, 'oidc-no-role']);
    browser = new Browser();
    const told = await browser.ask(await toCallback(), HTML);
    expect([told.status, told.headers.get('location')]).toEqual([303, '/sign-in?problem=oidc-no-role']);
    expect((await browser.ask(`${service.url}/api/session`)).status).toBe(401);
  });

  it('is refused to another person who got the same name', async () => {
    await browser.ask(await toCallback());
    provider.person = { ...AN, sub: 'c003' };
    browser = new Browser();
    expect(await typeOf(await browser.ask(await toCallback()))).toEqual([403, 'oidc-account-taken']);
  });

  it('says that the provider is away, and the rest goes on', async () => {
    const callback = await toCallback();
    await provider.stop();
    expect(await typeOf(await browser.ask(callback))).toEqual([503, 'oidc-unavailable']);
    await provider.restart();
    expect((await browser.ask(await toCallback())).status).toBe(303);
  });
});

describe('signing out at a provider', () => {
  it('leads there and back to the sign-in page, and is another thing than ending the session here', async () => {
    await browser.ask(await toCallback());
    const answer = await browser.ask(`${service.url}/api/session/oidc/end`);
    const to = new URL(answer.headers.get('location') ?? '');
    expect([answer.status, to.origin]).toEqual([302, provider.issuer]);
    expect(to.searchParams.get('post_logout_redirect_uri')).toBe(`${publicUrl}/sign-in`);
    expect(answer.headers.getSetCookie()).toEqual([]);
    expect((await browser.ask(`${service.url}/api/session`)).status).toBe(200);
  });

  it('is, like signing in, not there where there is no provider', async () => {
    const without = await startService(undefined, { beside: service });
    try {
      for (const path of ['', '/end', '/callback?code=x&state=y']) {
        expect(await typeOf(await browser.ask(`${without.url}/api/session/oidc${path}`))).toEqual([
          404,
          'oidc-off',
        ]);
        const told = await browser.ask(`${without.url}/api/session/oidc${path}`, HTML);
        expect(told.headers.get('location')).toBe('/sign-in?problem=oidc-off');
      }
    } finally {
      await without.close();
    }
  });
});
