import { AccountStore } from '#libs/access/accounts/account-store.js';
import { exclusivelyIn } from '#libs/access/accounts/exclusively.adapter.js';
import type { Platform } from './open-platform.js';

/** All accounts, as they are now. */
export async function openAccounts({
  log,
  clock,
  pool,
}: Pick<Platform, 'log' | 'clock' | 'pool'>): Promise<AccountStore> {
  const accounts = new AccountStore(log, clock, exclusivelyIn(pool));
  await accounts.refresh();
  return accounts;
}
