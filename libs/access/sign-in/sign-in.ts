import { Problem } from '#libs/problem/problem.js';
import type { Account } from '../accounts/account.js';
import { isOpen } from '../accounts/account.js';
import { type CountGuesses, checkedPassword, normalised } from '../passwords/password-rules.js';
import type { SignInMethod } from '../sessions/session.js';
import type { Limiter, SignInAttempt } from './limiter.js';
import type { SecondFactor } from './second-factor.js';

/** What sign-in needs of the store of passwords. */
export interface PasswordStore {
  passwordOf(account: string): Promise<string | undefined>;
  change(account: string, from: string, to: string): Promise<boolean>;
  accountOfSetUp(token: string): Promise<string | undefined>;
  setUp(token: string, password: string): Promise<boolean>;
}

export interface Hashing {
  hash(password: string): Promise<string>;
  /** Takes as long where there is no hash. */
  verify(stored: string | undefined, password: string): Promise<boolean>;
  isOutdated(stored: string): boolean;
}

export interface SignInParts {
  /** Only accounts that may sign in from where the request comes. */
  readonly passwords: PasswordStore;
  readonly hashing: Hashing;
  readonly limiter: Limiter;
  readonly secondFactor: SecondFactor;
  readonly loadCountGuesses: () => Promise<CountGuesses>;
}

export interface Proven {
  readonly account: string;
  readonly how: SignInMethod;
  /** For the cookie by which this device is known from now on. */
  readonly device: string;
}

/** Signing in with a password of ours, and setting it. */
export class SignIn {
  constructor(private readonly parts: SignInParts) {}

  /**
   * Does the same work whether there is such an account or not.
   * @param find only an account that may sign in from there
   * @throws Problem sign-in-failed, second-factor-needed, too-many-attempts
   */
  async signIn(
    attempt: SignInAttempt & { readonly password: string; readonly code?: string | undefined },
    find: (id: string) => Account | undefined,
  ): Promise<Proven> {
    const { limiter, passwords, hashing, secondFactor } = this.parts;
    await limiter.begin(attempt);
    const id = attempt.account.toLowerCase();
    const account = find(id);
    const stored = await passwords.passwordOf(id);
    const usable = account && isOpen(account) && account.kind === 'person' ? stored : undefined;
    const password = normalised(attempt.password);
    if (!(await hashing.verify(usable, password)) || usable === undefined) throw failed();
    const needed = await secondFactor.isNeeded(id);
    if (needed) {
      if (attempt.code === undefined) throw new Problem('second-factor-needed');
      await limiter.beginCode(attempt);
      if (!(await secondFactor.verify(id, attempt.code))) throw failed();
    }
    if (hashing.isOutdated(usable)) await passwords.change(id, usable, await hashing.hash(password));
    const device = await limiter.succeeded(attempt);
    return { account: id, how: needed ? 'password+totp' : 'password', device };
  }

  /**
   * By its owner, who knows the old one.
   * @throws Problem sign-in-failed if he does not; invalid-request for a new one that is too weak; too-many-attempts
   */
  async changePassword(attempt: SignInAttempt & { password: string }, to: string): Promise<void> {
    const { account } = attempt;
    const stored = await this.provePassword(attempt);
    const hash = await this.hashOfChecked(account, to);
    if (!(await this.parts.passwords.change(account, stored, hash))) throw failed();
  }

  /**
   * That it is the owner who sits there, and not somebody else at his open desk.
   * @returns the hash that is stored
   * @throws Problem sign-in-failed, too-many-attempts
   */
  async provePassword(attempt: SignInAttempt & { password: string }): Promise<string> {
    const { limiter, passwords, hashing } = this.parts;
    await limiter.begin(attempt);
    const stored = await passwords.passwordOf(attempt.account);
    if (!(await hashing.verify(stored, normalised(attempt.password))) || stored === undefined) throw failed();
    await limiter.takeBack(attempt);
    return stored;
  }

  /**
   * By whoever has a set-up token.
   * @returns whose password it is now
   * @throws Problem set-up-token-wrong; invalid-request for a password that is too weak: the token still counts
   */
  async setUp(token: string, password: string, find: (id: string) => Account | undefined): Promise<string> {
    const { passwords } = this.parts;
    const id = await passwords.accountOfSetUp(token);
    const account = id === undefined ? undefined : find(id);
    if (!account || !isOpen(account)) throw new Problem('set-up-token-wrong');
    const hash = await this.hashOfChecked(account.id, password);
    if (!(await passwords.setUp(token, hash))) throw new Problem('set-up-token-wrong');
    return account.id;
  }

  private async hashOfChecked(account: string, password: string): Promise<string> {
    const { loadCountGuesses, hashing, secondFactor } = this.parts;
    const countGuesses = await loadCountGuesses();
    const needed = await secondFactor.isNeeded(account);
    const about = { account, secondFactor: needed, pointer: '/newPassword', countGuesses };
    return hashing.hash(checkedPassword(password, about));
  }
}

/** The same for all that is wrong. */
const failed = (): Problem => new Problem('sign-in-failed');
