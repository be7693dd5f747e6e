import { beforeEach, describe, expect, it } from '@jest/globals';
import { Problem } from '#libs/problem/problem.js';
import type { Account } from '../accounts/account.js';
import { SignIn } from './sign-in.js';

const PASSWORD = 'con mèo trèo cây cau';
const account = (id: string, more: Partial<Account> = {}): Account => ({
  ...{ id, kind: 'person', demo: false, grants: [], openedAt: '', delegations: [], tokens: [], ...more },
});
const ACCOUNTS = new Map(
  [
    account('clerk-1'),
    account('clerk-2'),
    account('closed', { closedAt: '2024-01-01T00:00:00.000Z' }),
    account('program', { kind: 'system' }),
    account('new'),
  ].map((each) => [each.id, each]),
);
const find = (id: string): Account | undefined => ACCOUNTS.get(id);
const AT = { address: '192.0.2.1' };

let stored: Map<string, string>;
let setUps: Map<string, string>;
/** What was done, in order: two attempts that do the same take the same time. */
let work: string[];
let signIn: SignIn;
beforeEach(() => {
  stored = new Map(['clerk-1', 'clerk-2', 'closed', 'program', 'ghost'].map((id) => [id, `old:${PASSWORD}`]));
  setUps = new Map([['setup', 'new']]);
  work = [];
  const done = <T>(what: string, value: T): Promise<T> => {
    work.push(what);
    return Promise.resolve(value);
  };
  signIn = new SignIn({
    passwords: {
      passwordOf: (id) => done('look up', stored.get(id)),
      change: (id, from, to) => {
        const same = stored.get(id) === from;
        if (same) stored.set(id, to);
        return done('change', same);
      },
      accountOfSetUp: async (token) => setUps.get(token),
      setUp: async (token, password) => {
        const id = setUps.get(token);
        if (id !== undefined) stored.set(id, password);
        return setUps.delete(token);
      },
    },
    hashing: {
      hash: async (password) => `new:${password}`,
      verify: (hash, password) => done('hash', hash?.slice(4) === password),
      isOutdated: (hash) => hash.startsWith('old:'),
    },
    limiter: {
      begin: (attempt) => done(`count ${attempt.address}`, undefined),
      beginCode: () => done('count code', undefined),
      succeeded: () => done('succeeded', 'device'),
      takeBack: () => done('taken back', undefined),
    },
    secondFactor: {
      isNeeded: async (id) => id === 'clerk-2',
      verify: async (_id, code) => code === '123456',
    },
    loadCountGuesses: async () => (password) => (password.includes('motcua') ? 3 : 20),
  });
});

async function outcome(promise: Promise<unknown>): Promise<unknown> {
  try {
    return await promise;
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    return [error.type, ...error.fields.map(({ rule }) => rule)].join(' ');
  }
}
const attempt = (id: string, more: { password?: string; code?: string } = {}): Promise<unknown> =>
  outcome(signIn.signIn({ account: id, password: PASSWORD, ...AT, ...more }, find));

describe('signing in', () => {
  it('takes the password, in any form of Unicode and capitals in the account', async () => {
    expect(await attempt('clerk-1')).toEqual({ account: 'clerk-1', how: 'password', device: 'device' });
    expect(await attempt('Clerk-1', { password: PASSWORD.normalize('NFD') })).toMatchObject({
      account: 'clerk-1',
    });
  });

  it.each<[string, string, string]>([
    ['a wrong password', 'clerk-1', 'wrong'],
    ['an account that there is not', 'nobody', PASSWORD],
    ['a password of one that never was opened', 'ghost', PASSWORD],
    ['an account that is closed', 'closed', PASSWORD],
    ['the account of a program', 'program', PASSWORD],
    ['an account without a password', 'new', PASSWORD],
    ['what is no account id', '../../x', PASSWORD],
  ])('answers the same, and does the same work, for %s', async (_what, id, password) => {
    expect(await attempt(id, { password })).toBe('sign-in-failed');
    expect(work).toEqual(['count 192.0.2.1', 'look up', 'hash']);
  });

  it('counts an attempt before anything is compared', async () => {
    await attempt('clerk-1');
    expect(work[0]).toBe('count 192.0.2.1');
  });

  it('makes a hash anew that was made with less than today', async () => {
    await attempt('clerk-1');
    expect(stored.get('clerk-1')).toBe(`new:${PASSWORD}`);
    work.length = 0;
    expect(await attempt('clerk-1')).toMatchObject({ how: 'password' });
    expect(work).not.toContain('change');
  });

  it('asks for the second factor once the password is right, and counts guesses at it', async () => {
    expect(await attempt('clerk-2', { password: 'wrong', code: '123456' })).toBe('sign-in-failed');
    expect(await attempt('clerk-2')).toBe('second-factor-needed');
    expect(work).not.toContain('count code');
    expect(await attempt('clerk-2', { code: '000000' })).toBe('sign-in-failed');
    expect(work).toContain('count code');
    expect(work).not.toContain('succeeded');
    expect(await attempt('clerk-2', { code: '123456' })).toMatchObject({ how: 'password+totp' });
  });
});

describe('a new password', () => {
  const change = (to: string, { id = 'clerk-1', password = PASSWORD } = {}): Promise<unknown> =>
    outcome(signIn.changePassword({ account: id, password, ...AT }, to));

  it('is set by whoever knows the old one', async () => {
    expect(await change('một câu hoàn toàn khác')).toBeUndefined();
    expect(stored.get('clerk-1')).toBe('new:một câu hoàn toàn khác');
  });

  it('is not set by somebody who sits at an open desk', async () => {
    expect(await change('một câu hoàn toàn khác', { password: 'wrong' })).toBe('sign-in-failed');
    expect(work[0]).toBe('count 192.0.2.1');
  });

  it('keeps to the rules, which ask less beside a second factor', async () => {
    expect(await change('mười ký tự')).toBe('invalid-request passwordShort');
    expect(await change('mười ký tự', { id: 'clerk-2' })).toBeUndefined();
    expect(await change('motcua motcua motcua')).toBe('invalid-request passwordGuessable');
  });

  it('is set by a set-up token, once, and a weak one does not use it up', async () => {
    const setUp = (password: string): Promise<unknown> => outcome(signIn.setUp('setup', password, find));
    expect(await setUp('short')).toBe('invalid-request passwordShort');
    expect(await setUp('một câu hoàn toàn khác')).toBe('new');
    expect(await attempt('new', { password: 'một câu hoàn toàn khác' })).toMatchObject({ account: 'new' });
    expect(await setUp('một câu hoàn toàn khác')).toBe('set-up-token-wrong');
  });

  it('is not set by the token of an account that is closed', async () => {
    setUps.set('late', 'closed');
    expect(await outcome(signIn.setUp('late', 'một câu hoàn toàn khác', find))).toBe('set-up-token-wrong');
  });
});
