import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { codeAt } from '#libs/access/second-factor/testing/code-at.js';
import { account, onAccounts, tokenFor } from '../support/accounts.js';
import { type Answer, call, contractOf, refused } from '../support/http.js';
import { openSession } from '../support/access-desk.js';
import { operationsOf, requestOf } from '../support/operations.js';
import { startService, type TestService } from '../support/service.js';
import { Browser, PASSWORD, signedIn, type WhoAmI, withPassword } from '../support/signed-in.js';

const NOW = '2024-03-11T02:00:00.000Z';
const SUPERVISOR = { role: 'supervisor', units: ['H54.12'] } as const;
const CLERK = { role: 'clerk', units: ['H54.12'] } as const;

interface Enrolled {
  readonly secret: string;
  readonly recoveryCodes: string[];
}

let service: TestService;
beforeAll(async () => {
  const access = { demo: true, secondFactorRoles: ['administrator', 'supervisor'] } as const;
  service = await startService(NOW, { access });
}, 60_000);
afterAll(() => service.close());
beforeEach(() => service.clock.set(NOW));

let made = 0;
/** An account with a password, and a browser in which it is signed in by that alone. */
async function person(...grants: Parameters<typeof account>[2]): Promise<{ id: string; browser: Browser }> {
  const id = `person-${(made += 1)}`;
  await account(service, id, grants);
  await withPassword(service, id);
  return { id, browser: await signedIn(service, id) };
}

const later = (seconds: number): void =>
  service.clock.set(new Date(Date.parse(NOW) + seconds * 1_000).toISOString());
const codeOf = ({ secret }: Pick<Enrolled, 'secret'>): string => codeAt(secret, service.clock.now());

async function enrol(browser: Browser): Promise<Enrolled> {
  const begun = await browser.ask<{ secret: string; uri: string; qr: string }>(
    'POST',
    '/api/second-factor/begin',
    { password: PASSWORD },
  );
  expect([begun.status, begun.text.slice(0, 80)]).toEqual([200, begun.text.slice(0, 80)]);
  expect(begun.body.qr).toMatch(/^<svg /);
  const { secret } = begun.body;
  const confirmed = await browser.ask<{ recoveryCodes: string[]; csrfToken: string }>(
    'POST',
    '/api/second-factor/confirm',
    { code: codeOf({ secret }) },
  );
  expect([confirmed.status, confirmed.body.recoveryCodes]).toEqual([200, expect.any(Array)]);
  browser.keep(confirmed);
  return { secret, recoveryCodes: confirmed.body.recoveryCodes };
}

const signIn = (id: string, code?: string): Promise<Answer<WhoAmI & { type: string }>> =>
  call(service, 'POST', '/api/session', { body: { account: id, password: PASSWORD, code } });

describe('who has a role that needs a second factor, and signed in by a password alone', () => {
  it('is told so, and may do only what enrolling one needs', async () => {
    const { id, browser } = await person(SUPERVISOR, { role: 'administrator', units: 'all' }, CLERK);
    expect((await browser.ask<WhoAmI>('GET', '/api/session')).body).toMatchObject({ secondFactorDue: true });
    const free: string[] = [];
    for (const operation of operationsOf((await contractOf(service)).document)) {
      if (operation.action === 'public') continue;
      const { method, path, headers, body } = requestOf(operation);
      // Each time anew, since one of them changes the session for another.
      const proof = { authorization: undefined, ...(await openSession(service, id)) };
      const sent = { ...(body === undefined ? {} : { body }), headers: { ...headers, ...proof } };
      const answer = await call<{ type?: string }>(service, method, path, sent);
      if (answer.body.type !== '/api/problems/second-factor-required') free.push(operation.name);
    }
    expect(free.sort()).toEqual([
      'DELETE /api/sessions/{session}',
      'GET /api/second-factor',
      'GET /api/sessions',
      'POST /api/password',
      'POST /api/second-factor/begin',
      'POST /api/second-factor/confirm',
    ]);
  }, 60_000);

  it('may do everything once it is enrolled, in a session of its own that replaces all others', async () => {
    const { id, browser } = await person(SUPERVISOR);
    const other = await signedIn(service, id);
    const before = browser.headers();
    await refused(service, [403, 'second-factor-required'], 'GET', '/api/dossiers', { headers: before });
    const factor = await enrol(browser);
    expect((await browser.ask('GET', '/api/dossiers')).status).toBe(200);
    expect([await other.status(), await browser.status()]).toEqual([401, 200]);
    await refused(service, [401, 'not-signed-in'], 'GET', '/api/session', { headers: before });
    later(60);
    const again = new Browser(service);
    again.keep(await signIn(id, codeOf(factor)));
    expect((await again.ask('GET', '/api/dossiers')).status).toBe(200);
  });

  it('is one to whom the role was lent, too, and is free again when that ends', async () => {
    const { id: lender } = await person(SUPERVISOR);
    const { id, browser } = await person(CLERK);
    expect((await browser.ask('GET', '/api/dossiers')).status).toBe(200);
    const { units, role } = SUPERVISOR;
    const until = '2024-03-11T02:10:00.000Z';
    await onAccounts(service.accounts, { do: 'delegate', account: lender, to: id, role, units, until });
    expect((await browser.ask('GET', '/api/dossiers')).status).toBe(403);
    service.clock.set(until);
    expect((await browser.ask('GET', '/api/dossiers')).status).toBe(200);
  });

  it('is no clerk, no program, and no account of the demonstration', async () => {
    const { browser } = await person(CLERK);
    expect((await browser.ask('GET', '/api/dossiers')).status).toBe(200);
    await account(service, 'program', [SUPERVISOR], 'system');
    const authorization = `Bearer ${await tokenFor(service, 'program')}`;
    expect((await call(service, 'GET', '/api/dossiers', { headers: { authorization } })).status).toBe(200);
    await onAccounts(service.accounts, {
      ...{ do: 'open', account: 'demo-head', kind: 'person', demo: true },
      grants: [SUPERVISOR],
    });
    await withPassword(service, 'demo-head');
    const demo = await signedIn(service, 'demo-head');
    expect((await demo.ask('GET', '/api/dossiers')).status).toBe(200);
    const body = { password: PASSWORD };
    const sent = { body, headers: demo.headers() };
    await refused(service, [403, 'demo-account'], 'POST', '/api/second-factor/begin', sent);
  });
});

describe('enrolling', () => {
  it('needs the password, and is not for tokens', async () => {
    const { id, browser } = await person(CLERK);
    const wrong = { body: { password: 'wrong' }, headers: browser.headers() };
    await refused(service, [401, 'sign-in-failed'], 'POST', '/api/second-factor/begin', wrong);
    const authorization = `Bearer ${await tokenFor(service, id)}`;
    const byToken = { body: { password: PASSWORD }, headers: { authorization } };
    await refused(service, [403, 'session-needed'], 'POST', '/api/second-factor/begin', byToken);
  });

  it('counts wrong codes, which no right password takes back', async () => {
    const { browser } = await person(CLERK);
    const begin = () => browser.ask('POST', '/api/second-factor/begin', { password: PASSWORD });
    const statuses: number[] = [];
    for (let guess = 0; guess < 12; guess += 1) {
      expect((await begin()).status).toBe(200);
      statuses.push((await browser.ask('POST', '/api/second-factor/confirm', { code: '000000' })).status);
    }
    expect(statuses).toEqual([...Array<number>(10).fill(422), 429, 429]);
  });
});

describe('removing it', () => {
  it('needs a code of it, and leaves no session that was worth more', async () => {
    const { id, browser } = await person(SUPERVISOR);
    const factor = await enrol(browser);
    later(60);
    const other = new Browser(service);
    other.keep(await signIn(id, codeOf(factor)));
    const remove = (code: string) =>
      browser.ask<{ enrolled: boolean; csrfToken: string }>('POST', '/api/second-factor/remove', { code });
    // The second one was used just now, to sign in.
    for (const code of ['000000', codeOf(factor)]) expect((await remove(code)).status).toBe(422);
    const removed = await remove(factor.recoveryCodes[0] ?? '');
    expect([removed.status, removed.body.enrolled]).toEqual([200, false]);
    browser.keep(removed);
    expect([await browser.status(), await other.status()]).toEqual([200, 401]);
    const sent = { headers: browser.headers() };
    await refused(service, [403, 'second-factor-required'], 'GET', '/api/dossiers', sent);
    expect((await signIn(id)).status).toBe(201);
  });

  it('is said to be impossible where there is none', async () => {
    const { browser } = await person(CLERK);
    const sent = { body: { code: '000000' }, headers: browser.headers() };
    await refused(service, [409, 'second-factor-missing'], 'POST', '/api/second-factor/remove', sent);
  });

  it('is done for others by an administrator, which ends their sessions and stands in the log', async () => {
    const { id: admin, browser: desk } = await person({ role: 'administrator', units: 'all' });
    await enrol(desk);
    const { id, browser } = await person(CLERK);
    await enrol(browser);
    expect((await signIn(id)).body.type).toBe('/api/problems/second-factor-needed');
    const path = `/api/accounts/${id}/second-factor`;
    await refused(service, [403, 'forbidden'], 'DELETE', path, { headers: browser.headers() });
    expect((await desk.ask('DELETE', path)).body).toEqual({ enrolled: false, recoveryCodesLeft: 0 });
    expect(await browser.status()).toBe(401);
    expect((await signIn(id)).status).toBe(201);
    const sent = { headers: desk.headers() };
    await refused(service, [409, 'second-factor-missing'], 'DELETE', path, sent);
    await refused(service, [404, 'account-unknown'], 'DELETE', path.replace(id, 'nobody'), sent);
    await refused(service, [403, 'own-account'], 'DELETE', path.replace(id, admin), sent);
    const { history } = (await desk.ask<{ history: object[] }>('GET', `/api/accounts/${id}`)).body;
    expect(history.at(-1)).toMatchObject({ type: 'SecondFactorChanged', by: admin });
  });
});
