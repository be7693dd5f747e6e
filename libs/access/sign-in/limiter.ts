/** Somebody says he is that account. Whether it exists makes no difference here. */
export interface SignInAttempt {
  readonly account: string;
  /** Of the client. */
  readonly address: string;
  /** What proves that this account signed in on this device before. */
  readonly device?: string | undefined;
}

/** Slows down guessing, without a lock that a stranger could put on somebody else's account. */
export interface Limiter {
  /** Before anything is looked up or compared. @throws Problem `too-many-attempts` */
  begin(attempt: SignInAttempt): Promise<void>;
  /** Before a second factor is compared; the password was right. @throws Problem `too-many-attempts` */
  beginCode(attempt: SignInAttempt): Promise<void>;
  /** @returns what proves from now on that the account signed in on this device */
  succeeded(attempt: SignInAttempt): Promise<string>;
  /** The password was right, though nobody signs in by that: takes back what `begin` counted, and no more. */
  takeBack(attempt: SignInAttempt): Promise<void>;
}

/** Names the cookie of an account's device proof, without telling the account; undefined where there is none. */
export type DeviceCookie = ((account: string) => string) | undefined;
export const DEVICE_COOKIE = Symbol('DeviceCookie');
