import { randomBytes } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { tokenHash, tokenOf } from '#libs/access/accounts/token.js';
import { account, onAccounts, tokenFor } from '../support/accounts.js';
import { eventually } from '../support/eventually.js';
import { call, type Sent } from '../support/http.js';
import { startService, type TestService } from '../support/service.js';
import { Browser, PASSWORD, signedIn, withPassword } from '../support/signed-in.js';

const NOW = '2024-03-11T02:00:00.000Z';
const REFUSED = '401 /api/problems/not-signed-in';

let service: TestService;
/** Another instance on the same database. */
let beside: TestService;
/** An installation of its own. */
let elsewhere: TestService;
const stopping = new AbortController();
let following: Promise<void>;
beforeAll(async () => {
  service = await startService(NOW);
  beside = await startService(NOW, { beside: service });
  // As every service does from its start on.
  following = beside.accounts.follow(stopping.signal);
  elsewhere = await startService(NOW);
  await account(elsewhere, 'machine', [{ role: 'clerk', units: 'all' }], 'system');
  await account(service, 'desk-1', [{ role: 'clerk', units: 'all' }]);
  await account(service, 'head-1', [{ role: 'administrator', units: 'all' }]);
  await withPassword(service, 'desk-1', 'head-1');
}, 90_000);
afterAll(async () => {
  stopping.abort();
  await following;
  for (const each of [elsewhere, beside, service]) await each?.close();
});
afterEach(() => {
  for (const each of [service, beside]) each.clock.set(NOW);
});

let made = 0;
/** A program with an account and a token of its own. */
async function program(): Promise<{ id: string; token: string }> {
  const id = `machine-${(made += 1)}`;
  await account(service, id, [{ role: 'clerk', units: 'all' }], 'system');
  return { id, token: await tokenFor(service, id) };
}

/** Whom a request with this proof is taken for; or its refusal, and all that the answer tells of it. */
async function taken(headers: Sent['headers'], of = service, path = '/api/session'): Promise<string> {
  const answer = await call<{ account?: string; instance?: string; type?: string }>(of, 'GET', path, {
    headers: { authorization: undefined, ...headers },
  });
  if (answer.status === 200) return answer.body.account ?? 'let in';
  const { instance: _, type, ...told } = answer.body;
  const named = [...answer.headers.keys()].filter((name) => !['connection', 'keep-alive'].includes(name));
  refusals.add(JSON.stringify([told, named]));
  return `${answer.status} ${type}`;
}
const refusals = new Set<string>();
const shown = (token: string): { authorization: string } => ({ authorization: `Bearer ${token}` });

describe('a token that is shown again', () => {
  it('is of no use once it is revoked', async () => {
    const { id, token } = await program();
    expect(await taken(shown(token))).toBe(id);
    const issued = service.accounts.all.get(id)?.tokens[0]?.id ?? '';
    await onAccounts(service.accounts, { do: 'revoke-token', account: id, token: issued });
    expect(await taken(shown(token))).toBe(REFUSED);
  });

  it('is of no use from the instant on at which it expires', async () => {
    const { id } = await program();
    const token = tokenOf(randomBytes(32));
    const expiresAt = '2024-03-11T02:01:00.000Z';
    await onAccounts(service.accounts, { do: 'issue-token', account: id, expiresAt }, tokenHash(token));
    service.clock.set('2024-03-11T02:00:59.999Z');
    expect(await taken(shown(token))).toBe(id);
    service.clock.set(expiresAt);
    expect(await taken(shown(token))).toBe(REFUSED);
  });

  it('is of no use once its account was closed, and does what the account may still do', async () => {
    const { id, token } = await program();
    expect(await taken(shown(token), service, '/api/dossiers')).toBe('let in');
    await account(service, id, []);
    expect(await taken(shown(token), service, '/api/dossiers')).toBe('403 /api/problems/forbidden');
    refusals.clear();
    await onAccounts(service.accounts, { do: 'close', account: id });
    expect(await taken(shown(token))).toBe(REFUSED);
    expect(await taken(shown(token), service, '/api/dossiers')).toBe(REFUSED);
  });

  it('is of no use at other instances either, as soon as the log has reached them', async () => {
    const { id, token } = await program();
    await eventually(async () => expect(await taken(shown(token), beside)).toBe(id));
    await onAccounts(service.accounts, { do: 'close', account: id });
    expect(await taken(shown(token))).toBe(REFUSED);
    await eventually(async () => expect(await taken(shown(token), beside)).toBe(REFUSED));
  });

  it('is of no use at another installation', async () => {
    const token = await tokenFor(elsewhere, 'machine');
    expect(await taken(shown(token), elsewhere)).toBe('machine');
    expect(await taken(shown(token))).toBe(REFUSED);
  });

  it('is of no use in another form, or changed', async () => {
    const { id, token } = await program();
    expect(await taken({ authorization: `bearer  ${token} ` })).toBe(id);
    const flipped = token.slice(0, -1) + (token.endsWith('A') ? 'B' : 'A');
    for (const authorization of [
      ...[token, `Basic ${token}`, `Basic ${Buffer.from(`${id}:${token}`).toString('base64')}`],
      ...[`Bearer ${flipped}`, `Bearer ${token}x`, `Bearer ${token} x`, 'Bearer ', `Bearer "${token}"`],
      ...[`Bearer ${token.toUpperCase()}`, `Bearer ${tokenHash(token) ?? ''}`, `Bearer ${token}, Bearer x`],
      ...[`Bearer x, Bearer ${token}`, `Digest ${token}`, `Bearer ${token.replace('motcua_', '')}`],
    ]) {
      expect([authorization, await taken({ authorization })]).toEqual([authorization, REFUSED]);
    }
  });

  it('is read nowhere else than in its header', async () => {
    const { token } = await program();
    for (const name of [
      'x-api-key',
      'x-auth-token',
      'proxy-authorization',
      'x-authorization',
      'x-csrf-token',
    ]) {
      expect([name, await taken({ [name]: `Bearer ${token}` })]).toEqual([name, REFUSED]);
      expect([name, await taken({ [name]: token })]).toEqual([name, REFUSED]);
    }
    for (const cookie of [`motcua=${token}`, `token=${token}`, `authorization=Bearer ${token}`])
      expect([cookie, await taken({ cookie })]).toEqual([cookie, REFUSED]);
    for (const name of ['token', 'access_token', 'authorization', 'api_key', 'motcua']) {
      expect([name, await taken({}, service, `/api/dossiers?${name}=${token}`)]).toEqual([name, REFUSED]);
      for (const [type, raw] of [
        ['application/json', JSON.stringify({ [name]: token })],
        ['application/x-www-form-urlencoded', `${name}=${token}`],
      ] as const) {
        const headers = { authorization: undefined, 'content-type': type };
        const answer = await call(service, 'POST', '/api/dossiers', { raw, headers });
        expect([type, [401, 415].includes(answer.status)]).toEqual([type, true]);
      }
    }
  });

  it('gets the same refusal in all these cases, to the word and to the header', () => {
    expect(refusals.size).toBe(1);
  });
});

describe('the cookie of a session that is shown again', () => {
  it('is of no use after signing out, also at other instances', async () => {
    const browser = await signedIn(service, 'desk-1');
    const stolen = browser.headers();
    expect(await taken(stolen)).toBe('desk-1');
    await eventually(async () => expect(await taken(stolen, beside)).toBe('desk-1'));
    expect((await browser.ask('DELETE', '/api/session')).status).toBe(200);
    for (const instance of [service, beside]) {
      expect(await taken(stolen, instance)).toBe(REFUSED);
      expect(await taken(stolen, instance, '/api/dossiers')).toBe(REFUSED);
      const again = await call(instance, 'DELETE', '/api/session', { headers: stolen });
      expect(again.status).toBe(401);
    }
  });

  it('is of no use after a next sign-in of the same browser, or once it was idle or too old', async () => {
    const browser = await signedIn(service, 'desk-1');
    const before = browser.headers();
    await browser.signIn('desk-1');
    expect([await taken(before), await taken(browser.headers())]).toEqual([REFUSED, 'desk-1']);
    service.clock.set('2024-03-11T02:30:00.000Z');
    expect(await taken(browser.headers())).toBe(REFUSED);
    service.clock.set(NOW);
  });

  it('is of no use once its account was closed, also after that is opened again', async () => {
    await account(service, 'desk-2', [{ role: 'clerk', units: 'all' }]);
    await withPassword(service, 'desk-2');
    const [browser, admin] = [await signedIn(service, 'desk-2'), await signedIn(service, 'head-1')];
    const stolen = browser.headers();
    for (const step of ['close', 'reopen']) {
      expect((await admin.ask('POST', `/api/accounts/desk-2/${step}`, {})).status).toBe(200);
      expect([step, await taken(stolen)]).toEqual([step, REFUSED]);
    }
    await new Browser(service).signIn('desk-2', PASSWORD);
  });

  it('is of no use at another installation, as a token, or under another name', async () => {
    const { cookie = '' } = await signedIn(service, 'desk-1');
    const secret = cookie.split('=')[1] ?? '';
    expect(await taken({ cookie })).toBe('desk-1');
    expect(await taken({ cookie }, elsewhere)).toBe(REFUSED);
    expect(await taken(shown(secret))).toBe(REFUSED);
    expect(await taken(shown(`motcua_${secret}`))).toBe(REFUSED);
    for (const name of ['session', 'sid', '__Host-motcua', 'Motcua', '__Secure-motcua'])
      expect([name, await taken({ cookie: `${name}=${secret}` })]).toEqual([name, REFUSED]);
  });

  it('does not let a wrong token in that comes with it', async () => {
    const { cookie } = await signedIn(service, 'desk-1');
    expect(await taken({ cookie, ...shown(tokenOf(randomBytes(32))) })).toBe(REFUSED);
    expect(await taken({ cookie, authorization: 'Basic eDp4' })).toBe(REFUSED);
  });
});
