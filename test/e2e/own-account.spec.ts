import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { createLogger } from '#libs/telemetry/logger.adapter.js';
import { account, onAccounts, tokenFor } from '../support/accounts.js';
import {
  ANOTHER_PASSWORD,
  Browser,
  PASSWORD,
  signedIn,
  type WhoAmI,
  withPassword,
} from '../support/signed-in.js';
import { call, type ProblemBody, refused } from '../support/http.js';
import { startService, type TestService } from '../support/service.js';

const NOW = '2024-03-11T02:00:00.000Z';
const lines: string[] = [];
let service: TestService;
beforeAll(async () => {
  const logger = createLogger('trace', { write: (line) => void lines.push(line) });
  service = await startService(NOW, { access: { demo: true }, logger });
  await account(service, 'desk-1', [{ role: 'clerk', units: ['H54.12'] }]);
  await account(service, 'head-1', [{ role: 'administrator', units: 'all' }]);
  await account(service, 'none-1', []);
  await withPassword(service, 'desk-1', 'head-1', 'none-1');
}, 60_000);
afterAll(() => service.close());
beforeEach(() => service.clock.set(NOW));

describe('a password', () => {
  it('is set by a token that an administrator hands out, and changed by its owner, which ends other sessions', async () => {
    const admin = await signedIn(service, 'head-1');
    const grants = [{ role: 'clerk', units: ['H54.12'] }];
    await admin.ask('POST', '/api/accounts', { account: 'desk-6', kind: 'person', grants });
    const { body } = await admin.ask<{ token: string }>('POST', '/api/accounts/desk-6/set-up-tokens', {});
    const setUp = (newPassword: string) =>
      call<ProblemBody>(service, 'POST', '/api/password/set-up', {
        body: { token: body.token, newPassword },
      });
    expect((await setUp('short')).body.errors?.[0]?.pointer).toBe('/newPassword');
    expect((await setUp(PASSWORD)).status).toBe(200);
    expect((await setUp(ANOTHER_PASSWORD)).status).toBe(401);

    const [here, there] = [await signedIn(service, 'desk-6'), await signedIn(service, 'desk-6')];
    const change = (password: string) =>
      here.ask<WhoAmI>('POST', '/api/password', { password, newPassword: ANOTHER_PASSWORD });
    expect((await change('wrong')).status).toBe(401);
    const before = here.cookie;
    const changed = await change(PASSWORD);
    here.keep(changed);
    expect([changed.status, here.cookie === before]).toEqual([200, false]);
    expect([await here.status(), await there.status()]).toEqual([200, 401]);
    const old = { body: { account: 'desk-6', password: PASSWORD } };
    await refused(service, [401, 'sign-in-failed'], 'POST', '/api/session', old);
    await new Browser(service).signIn('desk-6', ANOTHER_PASSWORD);
  });

  it('is in no line of the log, as nothing else that opens a door', async () => {
    const browser = await signedIn(service, 'desk-1');
    await refused(service, [401, 'sign-in-failed'], 'POST', '/api/session', {
      body: { account: 'desk-1', password: ANOTHER_PASSWORD },
    });
    await call(service, 'POST', '/api/session', {
      body: { account: 'desk-1', password: 1, [ANOTHER_PASSWORD]: PASSWORD },
    });
    const token = await tokenFor(service, 'desk-1');
    await call(service, 'GET', '/api/session', { headers: { authorization: `Bearer ${token}` } });
    await service.settled();
    expect(lines.length).toBeGreaterThan(10);
    const secrets = [
      PASSWORD,
      ANOTHER_PASSWORD,
      token.slice(7),
      browser.cookie!.slice(7),
      browser.csrf!,
      'mèo',
      'chuột',
      '$argon2',
    ];
    for (const secret of secrets) expect(lines.join('')).not.toContain(secret);
  });
});

describe('a token', () => {
  const bearer = (token: string) => ({ headers: { authorization: `Bearer ${token}` } });

  it('stands for its account without any cookie, until it ends or is revoked', async () => {
    const token = await tokenFor(service, 'desk-1');
    const { body } = await call<WhoAmI>(service, 'GET', '/api/session', bearer(token));
    expect(body).toMatchObject({ account: 'desk-1', by: 'token', csrfToken: null });
    service.clock.set('2025-01-06T02:00:00.000Z');
    await refused(service, [401, 'not-signed-in'], 'GET', '/api/sessions', bearer(token));
  });

  it.each([
    ['Bearer'],
    ['Bearer x'],
    ['Basic Y2xlcmstMTptb3RjdWE='],
    [`Bearer motcua_${'A'.repeat(43)}`],
    [`Token motcua_${'A'.repeat(43)}`],
  ])('that is none is refused, whatever it looks like: %s', async (authorization) => {
    const sent = { headers: { authorization } };
    await refused(service, [401, 'not-signed-in'], 'GET', '/api/sessions', sent);
    const answer = await fetch(`${service.url}/api/sessions`, sent);
    expect(answer.headers.get('www-authenticate')).toBe('Bearer realm="motcua"');
  });

  it('is shown once, and makes no further ones', async () => {
    const browser = await signedIn(service, 'desk-1');
    const headers = browser.headers({ 'idempotency-key': 'one-token' });
    const body = { label: 'scanner-2', expiresAt: '2024-06-30T17:00:00+07:00' };
    const issue = () =>
      call<{ id: string; token: string | null }>(service, 'POST', '/api/tokens', { headers, body });
    const [first, again] = [await issue(), await issue()];
    expect([first.status, again.status]).toEqual([201, 201]);
    expect(first.body.token).toMatch(/^motcua_[\w-]{43}$/);
    expect(again.body).toEqual({ ...first.body, token: null });
    const token = String(first.body.token);
    const sent = { body, ...bearer(token) };
    await refused(service, [403, 'session-needed'], 'POST', '/api/tokens', sent);
    const foreign = await signedIn(service, 'head-1');
    expect((await foreign.ask('DELETE', `/api/tokens/${first.body.id}`)).status).toBe(404);
    expect((await browser.ask('DELETE', `/api/tokens/${first.body.id}`)).status).toBe(200);
    await refused(service, [401, 'not-signed-in'], 'GET', '/api/sessions', bearer(token));
  });
});

describe('a delegation', () => {
  it('lends what one has for a time, and can be ended', async () => {
    await account(service, 'desk-8', []);
    const [lender, other] = [await signedIn(service, 'desk-1'), await signedIn(service, 'none-1')];
    const lend = { to: 'none-1', role: 'clerk', units: ['H54.12'], until: '2024-03-11T02:20:00.000Z' };
    expect((await lender.ask('POST', '/api/delegations', { ...lend, role: 'auditor' })).status).toBe(422);
    const given = await lender.ask<{ id: string }>('POST', '/api/delegations', lend);
    expect([given.status, given.text]).toEqual([201, given.text]);
    const granted = async (): Promise<object[]> =>
      (await other.ask<WhoAmI>('GET', '/api/session')).body.grants;
    const { to: _, ...grant } = lend;
    expect(await granted()).toEqual([{ ...grant, lentBy: 'desk-1' }]);
    expect((await other.ask('POST', '/api/delegations', { ...lend, to: 'desk-8' })).status).toBe(422);
    expect((await other.ask('DELETE', `/api/delegations/${given.body.id}`)).status).toBe(404);
    service.clock.set(lend.until);
    expect(await granted()).toEqual([]);
    service.clock.set(NOW);
    expect((await lender.ask('DELETE', `/api/delegations/${given.body.id}`)).status).toBe(200);
    expect(await granted()).toEqual([]);
  });
});

describe('an account of the demonstration', () => {
  it('works for requests from this machine only, and cannot be changed', async () => {
    await onAccounts(service.accounts, {
      ...{ do: 'open', account: 'demo-clerk', kind: 'person', demo: true },
      grants: [{ role: 'clerk', units: 'all' }],
    });
    await withPassword(service, 'demo-clerk');
    const body = { account: 'demo-clerk', password: PASSWORD };
    for (const name of ['x-forwarded-for', 'forwarded', 'via', 'x-real-ip']) {
      const sent = { body, headers: { [name]: '127.0.0.1' } };
      await refused(service, [401, 'sign-in-failed'], 'POST', '/api/session', sent);
    }
    const browser = await signedIn(service, 'demo-clerk');
    const through = { headers: browser.headers({ 'x-forwarded-for': '203.0.113.9' }) };
    await refused(service, [401, 'not-signed-in'], 'GET', '/api/session', through);
    const change = { password: PASSWORD, newPassword: ANOTHER_PASSWORD };
    const headers = browser.headers();
    await refused(service, [403, 'demo-account'], 'POST', '/api/password', { body: change, headers });
    const reach = { address: 'can.bo@example.vn', mail: 'each', quietHours: [] };
    await refused(service, [403, 'demo-account'], 'PUT', '/api/account/notifications', {
      body: reach,
      headers,
    });
  });
});

describe('how somebody wants to be reached', () => {
  const PATH = '/api/account/notifications';
  const ADDRESS = 'nguoi.kin.dao@example.vn';
  const SAID = {
    address: ADDRESS,
    mail: 'digest',
    quietHours: [{ from: '18:00', to: '07:00' }],
  };
  const addressOf = (id: string): string => `/api/accounts/${id}/address`;
  const held = async (): Promise<string> =>
    JSON.stringify((await service.platform.pool.query(`SELECT * FROM notifications.preferences`)).rows);
  const bytesOf = (text: string): string => JSON.stringify([...Buffer.from(text)]).slice(1, -1);

  it('is by single mails without an address, until one says otherwise', async () => {
    const browser = await signedIn(service, 'desk-1');
    expect((await browser.ask('GET', PATH)).body).toEqual({ address: null, mail: 'each', quietHours: [] });
    expect(await browser.ask('PUT', PATH, SAID)).toMatchObject({ status: 200, body: SAID });
    expect((await browser.ask('GET', PATH)).body).toEqual(SAID);
    const none = { mail: 'none', quietHours: [] };
    expect((await browser.ask('PUT', PATH, none)).body).toEqual({ ...none, address: null });
  });

  it('is told to its owner alone, and stands sealed in the database and in no line of the log', async () => {
    lines.length = 0;
    const [owner, other, admin] = [
      await signedIn(service, 'desk-1'),
      await signedIn(service, 'none-1'),
      await signedIn(service, 'head-1'),
    ];
    await owner.ask('PUT', PATH, SAID);
    expect((await admin.ask('GET', PATH)).text).not.toContain(ADDRESS);
    expect((await admin.ask('GET', addressOf('desk-1'))).body).toEqual({ hasAddress: true });
    expect((await other.ask('GET', addressOf('desk-1'))).status).toBe(403);
    const bad = await owner.ask<ProblemBody>('PUT', PATH, { ...SAID, address: `${ADDRESS} <x>` });
    expect([bad.status, bad.text.includes(ADDRESS)]).toEqual([400, false]);
    expect(await held()).not.toContain(ADDRESS);
    expect(await held()).not.toContain(bytesOf(ADDRESS));
    expect(lines.length).toBeGreaterThan(0);
    expect(lines.join('')).not.toContain('kin.dao');
  });

  it('names every field that is wrong', async () => {
    const browser = await signedIn(service, 'desk-1');
    const pointers = async (over: object): Promise<string[] | undefined> =>
      (await browser.ask<ProblemBody>('PUT', PATH, { ...SAID, ...over })).body.errors?.map((e) => e.pointer);
    for (const address of [
      '',
      'x',
      'a@b',
      'a@example.vn\r\nBcc: b@example.vn',
      '"a b"@example.vn',
      7,
      null,
    ]) {
      expect([address, await pointers({ address })]).toEqual([address, ['/address']]);
    }
    expect(await pointers({ mail: 'fax', quietHours: [{ from: '24:00', to: '7:00' }] })).toEqual([
      ...['/mail', '/quietHours/0/from', '/quietHours/0/to'],
    ]);
    expect(await pointers({ quietHours: [{ from: '07:00', to: '07:00' }] })).toEqual(['/quietHours/0/to']);
  });

  it('is changed in a browser, not by a token', async () => {
    const headers = { authorization: `Bearer ${await tokenFor(service, 'desk-1')}` };
    await refused(service, [403, 'session-needed'], 'PUT', PATH, { headers, body: SAID });
  });

  it('gets and loses its address by an administrator, who cannot read it, and loses all when it is closed', async () => {
    const admin = await signedIn(service, 'head-1');
    await account(service, 'desk-9', [{ role: 'clerk', units: ['H54.12'] }]);
    await withPassword(service, 'desk-9');
    const owner = await signedIn(service, 'desk-9');
    await admin.ask('PUT', addressOf('desk-9'), { address: ADDRESS });
    expect((await owner.ask('GET', PATH)).body).toEqual({ address: ADDRESS, mail: 'each', quietHours: [] });
    await owner.ask('PUT', PATH, SAID);
    expect((await admin.ask('DELETE', addressOf('desk-9'))).body).toEqual({ hasAddress: false });
    expect((await owner.ask('GET', PATH)).body).toEqual({ ...SAID, address: null });
    expect((await admin.ask('GET', addressOf('nobody'))).status).toBe(404);

    expect(await held()).toContain('desk-9');
    const close = { headers: admin.headers({ 'idempotency-key': 'close-9' }), body: {} };
    expect((await call(service, 'POST', '/api/accounts/desk-9/close', close)).status).toBe(200);
    expect(await held()).not.toContain('desk-9');
    expect((await admin.ask('PUT', addressOf('desk-9'), { address: ADDRESS })).status).toBe(409);
  });
});
