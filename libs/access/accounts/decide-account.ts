import { type FieldProblem, Problem } from '#libs/problem/problem.js';
import { PROVIDER_PREFIX } from '../oidc/mapping.js';
import { type Grant, ROLES } from '../principal.js';
import { type Account, type Accounts, isAdministrator, isOpen } from './account.js';
import type { AccountFact, AccountKind, OwnGrant } from './account.events.js';
import { covers } from './grants.js';

/** What can be asked of an account. Which account it is stands in `account`. */
export type AccountCommand = { readonly account: string } & (
  | {
      readonly do: 'open';
      readonly kind: AccountKind;
      readonly grants: readonly OwnGrant[];
      readonly demo?: true;
    }
  | { readonly do: 'change-grants'; readonly grants: readonly OwnGrant[] }
  | { readonly do: 'close' }
  | { readonly do: 'reopen' }
  | {
      readonly do: 'delegate';
      readonly to: string;
      readonly role: Grant['role'];
      readonly units: Grant['units'];
      readonly until: string;
    }
  | { readonly do: 'end-delegation'; readonly delegation: string }
  | {
      readonly do: 'issue-token';
      readonly label?: string;
      /** Left out: what the account has itself now. */
      readonly grants?: readonly OwnGrant[];
      readonly expiresAt: string;
    }
  | { readonly do: 'revoke-token'; readonly token: string }
  | { readonly do: 'issue-calendar-feed' }
  | { readonly do: 'withdraw-calendar-feed' }
  | { readonly do: 'note-second-factor'; readonly change: 'enrolled' | 'removed' | 'reset' }
  | { readonly do: 'hand-out-set-up' }
);

export interface Deciding {
  readonly accounts: Accounts;
  /** ISO 8601 in UTC. */
  readonly now: string;
  /** For what is made: the same for a repeat. */
  readonly newId: string;
  /** SHA-256 of the secret, for a token or a calendar feed. */
  readonly tokenHash?: string;
}

/** Lower case, so that no two accounts look alike in capitals. */
export const ACCOUNT_ID = /^[a-z0-9][a-z0-9._-]{0,63}$/;
const CODE = /^[\p{L}\p{N}](?:[\p{L}\p{M}\p{N}._/@:-]{0,98}[\p{L}\p{M}\p{N}.])?$/u;
const LABEL = /^[A-Z0-9][\w.-]{0,39}$/i;
/** How long a set-up token can be used. */
export const SET_UP_HOURS = 72;
/** For delegations and tokens. */
const LONGEST_DAYS = 366;
const MOST = 100;

/**
 * Decides on one command.
 * @returns null where it is so already
 * @throws Problem
 */
export function decideAccount(command: AccountCommand, deciding: Deciding): AccountFact | null {
  const { accounts } = deciding;
  if (command.do === 'open') return open(command, accounts);
  const account = accounts.get(command.account);
  if (!account) throw new Problem('account-unknown', { account: command.account });
  if (command.do === 'close') return close(account, accounts);
  if (command.do === 'reopen') return isOpen(account) ? null : { type: 'AccountReopened', data: {} };
  if (!isOpen(account)) throw new Problem('account-closed', { account: account.id });
  switch (command.do) {
    case 'note-second-factor':
      return { type: 'SecondFactorChanged', data: { change: command.change } };
    case 'change-grants':
      return changeGrants(command.grants, account, accounts);
    case 'delegate':
      return delegate(command, account, deciding);
    case 'issue-token':
      return issueToken(command, account, deciding);
    case 'hand-out-set-up':
      return handOutSetUp(account, deciding);
    case 'issue-calendar-feed':
      if (account.demo) throw new Problem('demo-account');
      return { type: 'CalendarFeedIssued', data: { hash: hashOf(deciding) } };
    case 'withdraw-calendar-feed':
      return account.feed === undefined ? null : { type: 'CalendarFeedWithdrawn', data: {} };
    case 'end-delegation': {
      const { delegation } = command;
      const found = account.delegations.find(({ id }) => id === delegation);
      if (!found) throw new Problem('delegation-unknown', { delegation });
      return found.endedAt === undefined ? { type: 'DelegationEnded', data: { delegation } } : null;
    }
    case 'revoke-token': {
      const { token } = command;
      const found = account.tokens.find(({ id }) => id === token);
      if (!found) throw new Problem('token-unknown', { token });
      return found.revokedAt === undefined ? { type: 'TokenRevoked', data: { token } } : null;
    }
  }
}

function open(command: AccountCommand & { do: 'open' }, accounts: Accounts): AccountFact {
  const { account, kind, demo } = command;
  // Names of these forms stand for whoever works on the command line, and for accounts of a provider.
  const isReserved = account.startsWith('cli.') || account.startsWith(PROVIDER_PREFIX);
  if (!ACCOUNT_ID.test(account) || isReserved) {
    wrong({ pointer: '/account', rule: 'accountId' });
  }
  const grants = checkedGrants(command.grants);
  if (accounts.has(account)) throw new Problem('account-exists', { account });
  return { type: 'AccountOpened', data: { account, kind, grants, ...(demo ? { demo } : {}) } };
}

function changeGrants(given: readonly OwnGrant[], account: Account, accounts: Accounts): AccountFact | null {
  const grants = checkedGrants(given);
  if (JSON.stringify(grants) === JSON.stringify(account.grants)) return null;
  keepAnAdministrator(account, { ...account, grants }, accounts);
  return { type: 'GrantsChanged', data: { grants } };
}

function close(account: Account, accounts: Accounts): AccountFact | null {
  if (!isOpen(account)) return null;
  keepAnAdministrator(account, { ...account, closedAt: account.openedAt }, accounts);
  return { type: 'AccountClosed', data: {} };
}

/** Whoever is left must be able to undo what this account did. */
function keepAnAdministrator(before: Account, after: Account, accounts: Accounts): void {
  if (!isAdministrator(before) || isAdministrator(after)) return;
  const others = [...accounts.values()].filter(({ id }) => id !== before.id);
  if (!others.some(isAdministrator)) throw new Problem('last-administrator', { account: before.id });
}

function delegate(
  { to, role, units, until }: AccountCommand & { do: 'delegate' },
  account: Account,
  { accounts, now, newId }: Deciding,
): AccountFact {
  checkUnits(units, '/units');
  checkEnd(until, now, '/until');
  if (to === account.id) wrong({ pointer: '/to', rule: 'anotherAccount' });
  const other = accounts.get(to);
  // One who lends must not learn by it which accounts there are, but a typing error must be found.
  if (!other || !isOpen(other) || other.kind !== 'person') wrong({ pointer: '/to', rule: 'unknown' });
  if (!covers(account.grants, { role, units })) throw new Problem('grant-not-held', { role });
  return { type: 'DelegationGiven', data: { delegation: newId, to, role, units, until } };
}

function issueToken(
  { label, grants: wanted, expiresAt }: AccountCommand & { do: 'issue-token' },
  account: Account,
  deciding: Deciding,
): AccountFact {
  const { now, newId } = deciding;
  const hash = hashOf(deciding);
  if (label !== undefined && !LABEL.test(label)) wrong({ pointer: '/label', rule: 'tokenLabel' });
  checkEnd(expiresAt, now, '/expiresAt');
  const grants = wanted === undefined ? account.grants : checkedGrants(wanted);
  const beyond = grants.find((grant) => !covers(account.grants, grant));
  if (beyond) throw new Problem('grant-not-held', { role: beyond.role });
  const data = { token: newId, hash, grants, expiresAt, ...(label === undefined ? {} : { label }) };
  return { type: 'TokenIssued', data };
}

function hashOf({ tokenHash }: Deciding): string {
  if (tokenHash === undefined) throw new Error('what is issued needs the hash of its secret');
  return tokenHash;
}

/** Again and again: the token that was handed out last is the one that counts. */
function handOutSetUp({ id, kind, demo }: Account, { now }: Deciding): AccountFact {
  if (kind === 'system') throw new Problem('system-account', { account: id });
  if (demo) throw new Problem('demo-account');
  const until = new Date(Date.parse(now) + SET_UP_HOURS * 3_600_000).toISOString();
  return { type: 'SetUpHandedOut', data: { until } };
}

/** Each with its members in one order, so that the same grants are the same text. */
function checkedGrants(given: readonly OwnGrant[]): OwnGrant[] {
  if (given.length > MOST) wrong({ pointer: '/grants', rule: 'arrayMaxSize', details: { max: MOST } });
  return given.map(({ role, units }, index) => {
    if (!ROLES.includes(role)) {
      wrong({ pointer: `/grants/${index}/role`, rule: 'isIn', details: { allowed: ROLES.join(', ') } });
    }
    checkUnits(units, `/grants/${index}/units`);
    return { role, units: units === 'all' ? units : [...new Set(units)].sort() };
  });
}

function checkUnits(units: Grant['units'], pointer: string): void {
  if (units === 'all') return;
  const list: readonly string[] = Array.isArray(units) ? units : [];
  if (list.length === 0 || list.length > MOST || !list.every((unit) => CODE.test(unit)))
    wrong({ pointer, rule: 'units' });
}

function checkEnd(end: string, now: string, pointer: string): void {
  const latest = new Date(Date.parse(now) + LONGEST_DAYS * 86_400_000).toISOString();
  if (end <= now) wrong({ pointer, rule: 'notPast' });
  if (end > latest) wrong({ pointer, rule: 'tooFar', details: { days: LONGEST_DAYS } });
}

function wrong(field: FieldProblem): never {
  throw new Problem('invalid-request', {}, [field]);
}
