import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { account } from '../support/accounts.js';
import { call, refused } from '../support/http.js';
import { startService, type TestService } from '../support/service.js';
import { Browser, PASSWORD, signedIn, type WhoAmI, withPassword } from '../support/signed-in.js';

const NOW = '2024-03-11T02:00:00.000Z';
const AWAY = 'motcua.example';

let service: TestService;
/** The same under a name that is not of this machine: with TLS before it. */
let away: TestService;
beforeAll(async () => {
  service = await startService(NOW);
  away = await startService(NOW, { beside: service, allowedHosts: [AWAY] });
  for (const id of ['victim', 'attacker']) await account(service, id, [{ role: 'clerk', units: ['H54.12'] }]);
  for (const { accounts } of [service, away]) await accounts.refresh();
  await withPassword(service, 'victim', 'attacker');
}, 60_000);
afterAll(async () => {
  await away.close();
  await service.close();
});
beforeEach(() => service.clock.set(NOW));

const secretIn = (cookie = ''): string => cookie.split('=')[1] ?? '';

describe('a session that an attacker has put into the browser of a victim', () => {
  it('is not the one in which the victim is signed in afterwards, and is over', async () => {
    const attacker = await signedIn(service, 'attacker');
    const victim = new Browser(service);
    victim.cookie = attacker.cookie;
    await victim.signIn('victim');
    expect(secretIn(victim.cookie)).not.toBe(secretIn(attacker.cookie));
    expect([await attacker.status(), await victim.status()]).toEqual([401, 200]);
  });

  it.each(['A'.repeat(43), '', '../../etc/passwd', "' OR '1'='1", 'x'.repeat(3_000)])(
    'is made up, and not taken over: %.20s',
    async (made) => {
      const victim = new Browser(service);
      victim.cookie = `motcua=${made}`;
      await victim.signIn('victim');
      expect(secretIn(victim.cookie)).toMatch(/^[\w-]{43}$/);
      expect(secretIn(victim.cookie)).not.toBe(made);
      expect(await victim.status()).toBe(200);
    },
  );

  it('keeps its own secret when the victim fails to sign in, and opens nothing of his', async () => {
    const planted = new Browser(service);
    planted.cookie = `motcua=${'B'.repeat(43)}`;
    const sent = { body: { account: 'victim', password: 'wrong' }, headers: { cookie: planted.cookie } };
    await refused(service, [401, 'sign-in-failed'], 'POST', '/api/session', sent);
    expect(await planted.status()).toBe(401);
  });

  it('stands in no address, body or header but the cookie', async () => {
    const secret = secretIn((await signedIn(service, 'victim')).cookie);
    for (const path of [`/api/session?motcua=${secret}`, `/api/session;motcua=${secret}`]) {
      const answer = await fetch(service.url + path);
      await answer.body?.cancel();
      expect(answer.status).not.toBe(200);
    }
    for (const name of ['x-session', 'motcua', 'session', 'cookie2', 'x-cookie']) {
      const headers = { authorization: undefined, [name]: `motcua=${secret}` };
      await refused(service, [401, 'not-signed-in'], 'GET', '/api/session', { headers });
    }
  });
});

describe('two cookies of the same name, as from another port of this machine or another path', () => {
  it('let nobody in: which of them is the victim’s own cannot be told', async () => {
    const [victim, attacker] = [await signedIn(service, 'victim'), await signedIn(service, 'attacker')];
    for (const cookie of [
      `${attacker.cookie}; ${victim.cookie}`,
      `${victim.cookie}; other=1; ${attacker.cookie}`,
    ]) {
      const headers = { authorization: undefined, cookie };
      await refused(service, [401, 'not-signed-in'], 'GET', '/api/session', { headers });
    }
    expect([await victim.status(), await attacker.status()]).toEqual([200, 200]);
  });

  it('do not keep the victim from signing in again, once his browser has only one', async () => {
    const [victim, attacker] = [await signedIn(service, 'victim'), await signedIn(service, 'attacker')];
    const body = { account: 'victim', password: PASSWORD };
    const headers = { cookie: `${attacker.cookie}; ${victim.cookie}` };
    const answer = await call<WhoAmI>(service, 'POST', '/api/session', { body, headers });
    expect([answer.status, answer.body.account]).toEqual([201, 'victim']);
    victim.keep(answer);
    expect(await victim.status()).toBe(200);
  });
});

describe('a session', () => {
  it('gets a new secret whenever it is worth more: by signing in again, and by a new password', async () => {
    const browser = await signedIn(service, 'victim');
    const seen = new Set([secretIn(browser.cookie)]);
    await browser.signIn('victim');
    seen.add(secretIn(browser.cookie));
    const newPassword = 'hỏi thăm chú chuột đi đâu';
    browser.keep(await browser.ask<WhoAmI>('POST', '/api/password', { password: PASSWORD, newPassword }));
    seen.add(secretIn(browser.cookie));
    expect(seen.size).toBe(3);
    const back = { password: newPassword, newPassword: PASSWORD };
    browser.keep(await browser.ask<WhoAmI>('POST', '/api/password', back));
    for (const secret of seen) {
      const headers = { authorization: undefined, cookie: `motcua=${secret}` };
      await refused(service, [401, 'not-signed-in'], 'GET', '/api/session', { headers });
    }
  });

  it('does not survive the browser’s next account', async () => {
    const browser = await signedIn(service, 'victim');
    const before = new Browser(service);
    before.cookie = browser.cookie;
    await browser.signIn('attacker');
    expect(await before.status()).toBe(401);
  });
});
