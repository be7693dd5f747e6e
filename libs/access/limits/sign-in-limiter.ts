import type { Clock } from '#libs/event-log/clock.js';
import type { Counter, Counters, Limit } from './counters.js';
import { issueDevice, knownDevice, type Sign } from './device-cookie.js';
import { sourceOf } from './source-address.js';
import { tooMany } from './too-many.js';

/** Somebody says he is that account. Whether it exists makes no difference here. */
export interface Attempt {
  readonly account: string;
  /** Of the client, behind proxies that are trusted. */
  readonly address: string;
  /** What the request has in the cookie that {@link deviceCookieName} names. */
  readonly device?: string | undefined;
}

/** Failures; a success takes its attempt back. An office may be one address: hence the second is wide. */
export const SIGN_IN_LIMITS = {
  account: { name: 'sign-in', points: 10, seconds: 900 },
  source: { name: 'sign-in-source', points: 100, seconds: 900 },
  device: { name: 'sign-in-device', points: 10, seconds: 900 },
  code: { name: 'sign-in-code', points: 10, seconds: 3_600 },
} as const satisfies Record<string, Limit>;

export interface SignInLimiterParts {
  readonly counters: Counters;
  readonly clock: Clock;
  readonly sign: Sign;
  /** A new id that cannot be guessed. */
  readonly newId: () => string;
  readonly limits?: Readonly<Record<keyof typeof SIGN_IN_LIMITS, Limit>>;
}

export const SIGN_IN_LIMITER = Symbol('SignInLimiter');

/**
 * Slows down the guessing of passwords without a lock that a stranger could put on somebody else's account: failures
 * count for the account together with where they come from, and for that place alone, never for the account alone.
 * Where the account signed in before (device cookie), only failures on that device count. Guesses at the second
 * factor do count for the account: only who knows its password can make them.
 */
export class SignInLimiter {
  private readonly limits: Readonly<Record<keyof typeof SIGN_IN_LIMITS, Limit>>;
  private readonly counters: Readonly<Record<keyof typeof SIGN_IN_LIMITS, Counter>>;

  constructor(private readonly parts: SignInLimiterParts) {
    this.limits = parts.limits ?? SIGN_IN_LIMITS;
    this.counters = {
      account: parts.counters.counter(this.limits.account),
      source: parts.counters.counter(this.limits.source),
      device: parts.counters.counter(this.limits.device),
      code: parts.counters.counter(this.limits.code),
    };
  }

  /**
   * Counts an attempt before anything is looked up or compared, so that many at once gain nothing.
   * @throws Problem `too-many-attempts`
   */
  async begin(attempt: Attempt): Promise<void> {
    const { account, source, device } = this.keysOf(attempt);
    if (device !== undefined) return this.count('device', device);
    await this.count('account', account);
    await this.count('source', source);
  }

  /** Counts a guess at the second factor, after the password was right. @throws Problem `too-many-attempts` */
  async beginCode(attempt: Attempt): Promise<void> {
    const { code, device } = this.keysOf(attempt);
    await (device === undefined ? this.count('code', code) : this.count('device', device));
  }

  /** Takes back what counted against the account here. @returns what the device's cookie is to hold from now on */
  async succeeded(attempt: Attempt): Promise<string> {
    const { account, source, device, code } = this.keysOf(attempt);
    const { clock, sign, newId } = this.parts;
    await (device === undefined
      ? Promise.all([this.counters.account.clear(account), this.counters.source.add(source, -1)])
      : this.counters.device.clear(device));
    await this.counters.code.clear(code);
    return issueDevice(attempt.account.toLowerCase(), device ?? newId(), clock.now(), sign);
  }

  /** The password was right, though nobody signed in by that: guesses at codes, and failures before, still count. */
  async takeBack(attempt: Attempt): Promise<void> {
    const { account, source, device } = this.keysOf(attempt);
    await (device === undefined
      ? Promise.all([this.counters.account.add(account, -1), this.counters.source.add(source, -1)])
      : this.counters.device.add(device, -1));
  }

  private async count(kind: keyof typeof SIGN_IN_LIMITS, key: string): Promise<void> {
    const limit = this.limits[kind];
    const count = await this.counters[kind].add(key);
    // Which of the limits it was would tell whether the device is known.
    if (count.used > limit.points) throw tooMany('too-many-attempts', { ...limit, name: 'sign-in' }, count);
  }

  private keysOf({ account: given, address, device: cookie }: Attempt): {
    account: string;
    source: string;
    code: string;
    device: string | undefined;
  } {
    const account = given.toLowerCase();
    const source = sourceOf(address);
    const device = knownDevice(cookie, account, this.parts.clock.now(), this.parts.sign);
    return { account: `${account}\n${source}`, source, code: account, device };
  }
}
