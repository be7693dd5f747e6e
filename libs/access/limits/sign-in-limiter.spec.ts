import { createHmac } from 'node:crypto';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { DEVICE_DAYS } from './device-cookie.js';
import { type Attempt, SIGN_IN_LIMITS, SignInLimiter } from './sign-in-limiter.js';
import { countedByClock } from './testing/counted-by-clock.js';

const OFFICE = '203.0.113.7';
const ELSEWHERE = '198.51.100.9';
const DAY_MS = 86_400_000;
const sign = (text: string): Buffer => createHmac('sha256', 'test').update(text).digest();

let now = 0;
let limiter: SignInLimiter;
let ids = 0;
beforeEach(() => {
  now = Date.parse('2024-03-11T02:00:00Z');
  const clock = { now: () => now };
  const newId = (): string => `device-${(ids += 1)}`;
  limiter = new SignInLimiter({ counters: countedByClock(clock), clock, sign, newId });
});

const clerk = (address = OFFICE, device?: string): Attempt => ({ account: 'clerk', address, device });
/** How many attempts of these pass before the first that is refused. */
async function passing(
  attempts: (at: number) => Attempt,
  how: 'begin' | 'beginCode' = 'begin',
): Promise<number> {
  for (let at = 0; at < 1_000; at += 1) {
    const refused = await limiter[how](attempts(at)).then(
      () => false,
      () => true,
    );
    if (refused) return at;
  }
  return Infinity;
}

describe('limits of attempts to sign in', () => {
  it('refuses further attempts on an account from one place, until the time is over', async () => {
    expect(await passing(() => clerk())).toBe(SIGN_IN_LIMITS.account.points);
    await expect(limiter.begin(clerk())).rejects.toMatchObject({
      type: 'too-many-attempts',
      details: { retryAfter: 900, limit: 'sign-in' },
    });
    now += 900_000;
    expect(await passing(() => clerk())).toBe(SIGN_IN_LIMITS.account.points);
  });

  it('takes no notice of how the account is spelt', async () => {
    expect(await passing((at) => ({ ...clerk(), account: at % 2 ? 'Clerk' : 'CLERK' }))).toBe(
      SIGN_IN_LIMITS.account.points,
    );
  });

  it('does not lock an account that others try from elsewhere', async () => {
    await passing(() => clerk(ELSEWHERE));
    expect(await passing(() => clerk(OFFICE))).toBe(SIGN_IN_LIMITS.account.points);
  });

  it('refuses a place that tries many accounts', async () => {
    expect(await passing((at) => ({ ...clerk(), account: `account-${at}` }))).toBe(
      SIGN_IN_LIMITS.source.points,
    );
  });

  it('counts addresses of one /64 as one place', async () => {
    expect(await passing((at) => clerk(`2001:db8::${at.toString(16)}`))).toBe(SIGN_IN_LIMITS.account.points);
  });

  it('counts no successes', async () => {
    for (let at = 0; at < 300; at += 1) {
      const attempt = { ...clerk(), account: `account-${at % 3}` };
      await limiter.begin(attempt);
      await limiter.succeeded(attempt);
    }
    expect(await passing(() => clerk())).toBe(SIGN_IN_LIMITS.account.points);
  });

  it('counts no right password that signs nobody in, which takes back nothing else', async () => {
    for (let guess = 0; guess < 4; guess += 1) await limiter.begin(clerk());
    for (let guess = 0; guess < 3; guess += 1) await limiter.beginCode(clerk());
    for (let at = 0; at < 300; at += 1) {
      await limiter.begin(clerk());
      await limiter.takeBack(clerk());
    }
    expect(await passing(() => clerk())).toBe(SIGN_IN_LIMITS.account.points - 4);
    expect(await passing(() => clerk(), 'beginCode')).toBe(SIGN_IN_LIMITS.code.points - 3);
  });

  it('gives an account no way to wipe out what counts against its place', async () => {
    await passing((at) => ({ ...clerk(), account: `account-${at}` }));
    const own = { ...clerk(), account: 'own' };
    await limiter.succeeded(own);
    await expect(limiter.begin(own)).rejects.toThrow();
  });
});

describe('a device on which the account signed in before', () => {
  it('is let through where its place is refused', async () => {
    const device = await limiter.succeeded(clerk());
    await passing(() => clerk());
    await expect(limiter.begin(clerk())).rejects.toThrow();
    await expect(limiter.begin(clerk(OFFICE, device))).resolves.toBeUndefined();
  });

  it('has few attempts of its own, wherever it is', async () => {
    const device = await limiter.succeeded(clerk());
    expect(await passing((at) => clerk(at % 2 ? OFFICE : ELSEWHERE, device))).toBe(
      SIGN_IN_LIMITS.device.points,
    );
  });

  it('stays the same device when it signs in again', async () => {
    const first = await limiter.succeeded(clerk());
    now += DAY_MS;
    const second = await limiter.succeeded(clerk(OFFICE, first));
    expect(second).not.toBe(first);
    expect(await passing((at) => clerk(OFFICE, at % 2 ? first : second))).toBe(SIGN_IN_LIMITS.device.points);
  });

  it.each([
    ['of another account', (own: string, other: string) => ({ device: other, own })],
    ['that is changed', (own: string) => ({ device: own.replace(/device-\d+/, 'device-0'), own })],
    ['that is cut off', (own: string) => ({ device: own.slice(0, -1), own })],
    ['that is no proof', () => ({ device: 'x' })],
    ['that is empty', () => ({ device: '' })],
  ])('is not known by a proof %s', async (_which, choose) => {
    const own = await limiter.succeeded(clerk());
    const other = await limiter.succeeded({ ...clerk(), account: 'official' });
    await passing(() => clerk());
    await expect(limiter.begin(clerk(OFFICE, choose(own, other).device))).rejects.toThrow();
  });

  it('is forgotten in time, and not known before', async () => {
    const device = await limiter.succeeded(clerk());
    now += DEVICE_DAYS * DAY_MS;
    await passing(() => clerk());
    await expect(limiter.begin(clerk(OFFICE, device))).rejects.toThrow();
    now -= DEVICE_DAYS * DAY_MS + 1;
    await passing(() => clerk());
    await expect(limiter.begin(clerk(OFFICE, device))).rejects.toThrow();
  });
});

describe('guesses at a second factor', () => {
  it('count for the account, wherever they come from', async () => {
    expect(await passing((at) => clerk(`203.0.113.${at}`), 'beginCode')).toBe(SIGN_IN_LIMITS.code.points);
  });

  it('do not keep out the device that the account signed in on', async () => {
    const device = await limiter.succeeded(clerk());
    await passing(() => clerk(ELSEWHERE), 'beginCode');
    await expect(limiter.beginCode(clerk(OFFICE, device))).resolves.toBeUndefined();
  });
});
