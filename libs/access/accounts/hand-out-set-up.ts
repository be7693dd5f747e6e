import type { AccountContext, AccountStore } from './account-store.js';

interface SetUps {
  handOutSetUp(account: string, until: string): Promise<string>;
}

/**
 * A token by which the owner of an account sets a password. That it was handed out stands in the log.
 * @returns `token` undefined where this key has handed it out before
 */
export async function handOutSetUp(
  store: AccountStore,
  passwords: SetUps,
  account: string,
  context: AccountContext,
): Promise<{ token: string | undefined; until: string }> {
  const handed = await store.carryOut({ do: 'hand-out-set-up', account }, context);
  const until = handed.account.setUpUntil ?? '';
  const token = handed.outcome === 'done' ? await passwords.handOutSetUp(account, until) : undefined;
  return { token, until };
}
