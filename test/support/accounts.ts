import { randomBytes, randomUUID } from 'node:crypto';
import type { AccountKind, OwnGrant } from '#libs/access/accounts/account.events.js';
import type { AccountCommand } from '#libs/access/accounts/decide-account.js';
import { tokenHash, tokenOf } from '#libs/access/accounts/token.js';
import type { AccountOutcome, AccountStore } from '#libs/access/accounts/account-store.js';
import type { TestService } from './service.js';

type WithAccounts = Pick<TestService, 'accounts' | 'clock'>;

/** Carries out a command on accounts, as the command line would. */
export function onAccounts(
  accounts: AccountStore,
  command: AccountCommand,
  hash?: string,
): Promise<AccountOutcome> {
  const by = { actor: 'tester', correlationId: 'setup', key: randomUUID() };
  return accounts.carryOut(command, { ...by, ...(hash === undefined ? {} : { tokenHash: hash }) });
}

/** Opens an account, unless it is there, and gives it these grants. */
export async function account(
  { accounts }: WithAccounts,
  id: string,
  grants: readonly OwnGrant[],
  kind: AccountKind = 'person',
): Promise<void> {
  const command: AccountCommand = accounts.all.has(id)
    ? { do: 'change-grants', account: id, grants }
    : { do: 'open', account: id, kind, grants };
  await onAccounts(accounts, command);
}

/** A token of that account for the next 300 days; it can do what the account can do now. */
export async function tokenFor({ accounts, clock }: WithAccounts, id: string): Promise<string> {
  const token = tokenOf(randomBytes(32));
  const expiresAt = new Date(clock.now() + 300 * 86_400_000).toISOString();
  await onAccounts(accounts, { do: 'issue-token', account: id, expiresAt }, tokenHash(token));
  return token;
}
