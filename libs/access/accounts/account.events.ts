import type { Grant } from '../principal.js';

/** A role in some units, as it was granted: never lent. */
export type OwnGrant = Pick<Grant, 'role' | 'units'>;

/** `system`: another program; it has tokens only, no password and no sessions. */
export type AccountKind = 'person' | 'system';

/** Type → data of the events in the streams `account-{id}`. None of it is a secret, none names a person. */
export interface AccountEventData {
  AccountOpened: {
    readonly account: string;
    readonly kind: AccountKind;
    readonly grants: readonly OwnGrant[];
    /** Of the demonstration: it works on this machine only. */
    readonly demo?: true;
  };
  /** All grants of the account from now on. */
  GrantsChanged: { readonly grants: readonly OwnGrant[] };
  /** Ends its tokens and delegations, too. */
  AccountClosed: Readonly<Record<string, never>>;
  AccountReopened: Readonly<Record<string, never>>;
  /** Lends one of its roles to another account. */
  DelegationGiven: {
    readonly delegation: string;
    readonly to: string;
    readonly role: Grant['role'];
    readonly units: Grant['units'];
    /** ISO 8601 in UTC: no longer from then on. */
    readonly until: string;
  };
  DelegationEnded: { readonly delegation: string };
  TokenIssued: {
    readonly token: string;
    readonly label?: string;
    /** SHA-256 (hex) of a secret of 256 random bits, which is stored nowhere. */
    readonly hash: string;
    /** It can never do more than this, nor more than the account may at that time. */
    readonly grants: readonly OwnGrant[];
    readonly expiresAt: string;
  };
  TokenRevoked: { readonly token: string };
  /** Whoever shows this secret reads when the dossiers of the account fall due. It takes the place of the one before. */
  CalendarFeedIssued: {
    /** SHA-256 (hex) of a secret of 256 random bits, which is stored nowhere. */
    readonly hash: string;
  };
  CalendarFeedWithdrawn: Readonly<Record<string, never>>;
  /** The second factor itself is kept elsewhere; `reset` is by an administrator. */
  SecondFactorChanged: { readonly change: 'enrolled' | 'removed' | 'reset' };
  /** Whoever has it sets the password of the account; the token itself is stored as its hash, elsewhere. */
  SetUpHandedOut: { readonly until: string };
}

/** In the stream `accounts-all`, before an account is opened: so that a start need not look through the whole log. */
export interface AccountsEventData {
  AccountListed: { readonly account: string };
}

export type AccountEventType = keyof AccountEventData;
export type AccountsEventType = keyof AccountsEventData;
export type AccountFact = {
  [T in AccountEventType]: { readonly type: T; readonly data: AccountEventData[T] };
}[AccountEventType];

export const ACCOUNT_CATEGORY = 'account';
export const ACCOUNTS_STREAM = 'accounts-all';
