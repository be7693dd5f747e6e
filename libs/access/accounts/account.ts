import type { Grant } from '../principal.js';
import type { AccountFact, AccountKind, OwnGrant } from './account.events.js';
import { unitsInBoth, unitsOf } from './grants.js';

export interface Delegation {
  readonly id: string;
  readonly to: string;
  readonly role: Grant['role'];
  readonly units: Grant['units'];
  readonly until: string;
  readonly givenAt: string;
  /** Ended before its time. */
  readonly endedAt?: string;
}

export interface Token {
  readonly id: string;
  readonly label?: string;
  readonly hash: string;
  readonly grants: readonly OwnGrant[];
  readonly issuedAt: string;
  readonly expiresAt: string;
  readonly revokedAt?: string;
}

/** An account, folded from its stream. */
export interface Account {
  readonly id: string;
  readonly kind: AccountKind;
  readonly demo: boolean;
  readonly grants: readonly OwnGrant[];
  readonly openedAt: string;
  readonly closedAt?: string;
  /** Until when the last set-up token counts, if it is not used before. */
  readonly setUpUntil?: string;
  readonly delegations: readonly Delegation[];
  readonly tokens: readonly Token[];
  /** Hash of the secret of its calendar feed, where it has one. */
  readonly feed?: string;
}

/** By id. */
export type Accounts = ReadonlyMap<string, Account>;

/** The account after one more event of its stream, recorded at that instant; an unknown type changes nothing. */
export function evolveAccount(
  before: Account | undefined,
  fact: AccountFact,
  at: string,
): Account | undefined {
  if (fact.type === 'AccountOpened') {
    const { account: id, kind, grants, demo = false } = fact.data;
    return { id, kind, demo, grants, openedAt: at, delegations: [], tokens: [] };
  }
  return before && evolveOpened(before, fact, at);
}

function evolveOpened(account: Account, fact: AccountFact, at: string): Account {
  switch (fact.type) {
    case 'GrantsChanged':
      return { ...account, grants: fact.data.grants };
    case 'AccountClosed':
      return {
        ...withoutFeed(account),
        closedAt: at,
        tokens: account.tokens.map((token) => ({ revokedAt: at, ...token })),
        delegations: account.delegations.map((delegation) => ({ endedAt: at, ...delegation })),
      };
    case 'AccountReopened': {
      const { closedAt: _, ...open } = account;
      return open;
    }
    case 'DelegationGiven': {
      const { delegation: id, ...rest } = fact.data;
      return { ...account, delegations: [...account.delegations, { id, ...rest, givenAt: at }] };
    }
    case 'DelegationEnded':
      return {
        ...account,
        delegations: account.delegations.map((each) =>
          each.id === fact.data.delegation ? { endedAt: at, ...each } : each,
        ),
      };
    case 'TokenIssued': {
      const { token: id, ...rest } = fact.data;
      return { ...account, tokens: [...account.tokens, { id, ...rest, issuedAt: at }] };
    }
    case 'TokenRevoked':
      return {
        ...account,
        tokens: account.tokens.map((each) =>
          each.id === fact.data.token ? { revokedAt: at, ...each } : each,
        ),
      };
    case 'CalendarFeedIssued':
      return { ...account, feed: fact.data.hash };
    case 'CalendarFeedWithdrawn':
      return withoutFeed(account);
    case 'SetUpHandedOut':
      return { ...account, setUpUntil: fact.data.until };
    default:
      return account;
  }
}

const withoutFeed = ({ feed: _, ...account }: Account): Account => account;

export const isOpen = ({ closedAt }: Account): boolean => closedAt === undefined;

/** An administrator of the office: who is left when the demonstration is over, and can sign in. */
export const isAdministrator = (account: Account): boolean =>
  isOpen(account) && !account.demo && account.kind === 'person' && hasRole(account.grants, 'administrator');

const hasRole = (grants: readonly OwnGrant[], role: Grant['role']): boolean =>
  grants.some((grant) => grant.role === role);

export const lives = ({ until, endedAt }: Delegation, now: string): boolean =>
  endedAt === undefined && now < until;

export const isValid = ({ expiresAt, revokedAt }: Token, now: string): boolean =>
  revokedAt === undefined && now < expiresAt;

/** What others have lent this account, as far as they still have it themselves. */
export function lentTo(id: string, accounts: Iterable<Account>, now: string): Grant[] {
  return [...accounts].filter(isOpen).flatMap((lender) =>
    lender.delegations
      .filter((delegation) => delegation.to === id && lives(delegation, now))
      .flatMap(({ role, units, until }) => {
        const still = unitsInBoth(units, unitsOf(role, lender.grants));
        return still === undefined ? [] : [{ role, units: still, lentBy: lender.id, until }];
      }),
  );
}
