import type { OwnGrant } from '../accounts/account.events.js';

/** How somebody signed in. */
export type SignInMethod = 'password' | 'password+totp' | 'oidc';

export interface Session {
  /** Public: it names the session, and opens nothing. */
  readonly id: string;
  readonly account: string;
  readonly how: SignInMethod;
  readonly startedAt: string;
  /** To the minute. */
  readonly lastSeenAt: string;
  readonly address: string;
  readonly userAgent: string;
  /** What the provider's claims gave, for this session; null where the account itself has its grants. */
  readonly grants: readonly OwnGrant[] | null;
}

/** In milliseconds. */
export interface SessionLimits {
  /** From the sign-in on. */
  readonly whole: number;
  /** From the last request on. */
  readonly idle: number;
}

export const SESSION_LIMITS: SessionLimits = { whole: 12 * 3_600_000, idle: 30 * 60_000 };

/** From this instant on it is over, if nothing more is asked. */
export function endOf({ startedAt, lastSeenAt }: Session, { whole, idle }: SessionLimits): string {
  return new Date(Math.min(Date.parse(startedAt) + whole, Date.parse(lastSeenAt) + idle)).toISOString();
}
