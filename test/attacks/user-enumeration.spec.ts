import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { SecondFactors } from '#libs/access/second-factor/second-factors.adapter.js';
import { codeAt } from '#libs/access/second-factor/testing/code-at.js';
import { account, onAccounts } from '../support/accounts.js';
import { startService, type TestService } from '../support/service.js';
import { PASSWORD, signedIn, withPassword } from '../support/signed-in.js';

const NOW = '2024-03-11T02:00:00.000Z';
const WRONG = 'một câu không ai đặt';

let service: TestService;
/** What the database was asked, in order. */
let asked: string[] = [];
beforeAll(async () => {
  service = await startService(NOW, { access: { demo: true } });
  const clerk = [{ role: 'clerk', units: ['H54.12'] }] as const;
  for (const id of ['there', 'closed', 'guarded', 'bare']) await account(service, id, clerk);
  await account(service, 'program', clerk, 'system');
  const demo = { do: 'open', account: 'demo', kind: 'person', demo: true, grants: clerk } as const;
  await onAccounts(service.accounts, demo);
  await withPassword(service, 'there', 'closed', 'guarded', 'demo');
  const factors = service.app.get(SecondFactors);
  const { secret } = await factors.begin('guarded');
  await factors.confirm('guarded', codeAt(secret, service.clock.now()));
  await onAccounts(service.accounts, { do: 'close', account: 'closed' });
  const { pool } = service.platform;
  const query = pool.query.bind(pool) as (...given: unknown[]) => unknown;
  const told = (...given: unknown[]): unknown => {
    const [statement] = given;
    asked.push(typeof statement === 'string' ? statement : (statement as { text: string }).text);
    return query(...given);
  };
  Object.assign(pool, { query: told });
}, 60_000);
afterAll(() => service.close());

async function attempt(id: string, given: object = {}, headers: Record<string, string> = {}) {
  asked = [];
  const answer = await fetch(`${service.url}/api/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ account: id, password: WRONG, ...given }),
  });
  const { instance: _, retryAfter, detail, ...rest } = (await answer.json()) as Record<string, unknown>;
  // The seconds to wait are those of the clock.
  const body = { ...rest, detail: String(detail).replace(/\d+ giây/, 'N giây') };
  const named = [...answer.headers].filter(
    ([name]) => !['date', 'x-correlation-id', 'retry-after', 'ratelimit', 'content-length'].includes(name),
  );
  return {
    status: answer.status,
    body,
    headers: named,
    waits: retryAfter !== undefined,
    // Read models go on meanwhile.
    work: asked.filter((statement) => /\baccess"?\./.test(statement)),
  };
}

/** Who is not there in one way or another; an attacker must not learn which way. */
const STRANGERS: readonly [string, string, object, Record<string, string>][] = [
  ['there is not', 'nobody', {}, {}],
  ['there is not, with a code', 'nobody-2', { code: '123456' }, {}],
  ['is closed', 'closed', { password: PASSWORD }, {}],
  ['is a program’s', 'program', {}, {}],
  ['has no password', 'bare', {}, {}],
  ['has a second factor', 'guarded', {}, {}],
  ['has a second factor, with a code', 'guarded', { code: '123456' }, {}],
  ['is of the demonstration, from elsewhere', 'demo', { password: PASSWORD }, { via: '1.1 proxy' }],
  ['is of a provider', 'oidc.an', {}, {}],
];

describe('a wrong password', () => {
  it.each(STRANGERS)(
    'is answered for an account that %s as for one that there is, after the same work',
    async (_how, id, given, headers) => {
      const known = await attempt('there');
      const other = await attempt(id, given, headers);
      expect(known.status).toBe(401);
      expect(known.work).toHaveLength(3);
      expect(other).toEqual(known);
    },
  );

  it('is refused after as many attempts, to the word', async () => {
    const until = async (id: string) => {
      for (let at = 1; at < 50; at += 1) {
        const answer = await attempt(id);
        if (answer.status === 429) return { at, answer };
      }
      throw new Error('never refused');
    };
    const [known, other] = [await until('guarded'), await until('nobody-3')];
    // Some attempts on it were made above.
    expect(known.at).toBeLessThanOrEqual(other.at);
    expect(other.answer).toEqual(known.answer);
  });

  it('sets no cookie, by whose name or being there an account could be known', async () => {
    await signedIn(service, 'there');
    for (const id of ['there', 'nobody-4']) {
      const { headers } = await attempt(id);
      expect(headers.filter(([name]) => name === 'set-cookie')).toEqual([]);
    }
  });
});

describe('what is answered to who is not signed in', () => {
  it('tells of no account, be it there or not', async () => {
    const told = async (path: string, method = 'GET') => {
      const answer = await fetch(service.url + path, { method });
      const text = await answer.text();
      return [answer.status, text.replace(/"instance":"[^"]*"/, '')];
    };
    for (const [path, method] of [
      ['/api/accounts/ID', 'GET'],
      ['/api/accounts/ID/sessions', 'GET'],
      ['/api/accounts/ID/tokens', 'GET'],
      ['/api/accounts/ID/second-factor', 'DELETE'],
      ['/api/accounts/ID/sessions', 'DELETE'],
    ] as const) {
      const [known, other] = [
        await told(path.replace('ID', 'there'), method),
        await told(path.replace('ID', 'nobody'), method),
      ];
      expect(known[0]).toBe(401);
      expect(other).toEqual(known);
    }
  });

  it('names no account among the ways to sign in but those of the demonstration, on this machine', async () => {
    const ways = async (headers: Record<string, string> = {}): Promise<unknown> =>
      (await fetch(`${service.url}/api/session/ways`, { headers })).json();
    expect(await ways()).toEqual({
      oidc: false,
      demo: { accounts: ['demo'], password: 'motcua-demo' },
    });
    for (const name of ['x-forwarded-for', 'forwarded', 'via', 'x-real-ip'])
      expect(await ways({ [name]: '127.0.0.1' })).toEqual({ oidc: false });
  });

  it('is the same for set-up tokens that are wrong, used or of an account that was closed', async () => {
    const setUp = async (token: string) => {
      const answer = await fetch(`${service.url}/api/password/set-up`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ token, newPassword: WRONG }),
      });
      return [answer.status, (await answer.text()).replace(/"instance":"[^"]*"/, '')];
    };
    const wrong = await setUp('setup_x');
    expect(wrong[0]).toBe(401);
    expect(await setUp(`setup_${'A'.repeat(43)}`)).toEqual(wrong);
  });
});
