import { randomBytes } from 'node:crypto';
import { Problem } from '#libs/problem/problem.js';
import type { AccountContext, AccountStore } from './account-store.js';
import type { AccountCommand } from './decide-account.js';
import type { Token } from './account.js';
import { tokenHash, tokenOf } from './token.js';

/**
 * Issues a token. The secret exists nowhere but in this answer.
 * @returns `secret` undefined where this key has issued it before
 */
export async function issueToken(
  store: AccountStore,
  command: AccountCommand & { do: 'issue-token' },
  context: AccountContext,
): Promise<{ token: Token; secret: string | undefined }> {
  const secret = tokenOf(randomBytes(32));
  const { account, outcome, id } = await store.carryOut(command, {
    ...context,
    tokenHash: tokenHash(secret) ?? '',
  });
  const token = account.tokens.find((each) => each.id === id);
  if (!token) throw new Problem('token-unknown', { token: id });
  return { token, secret: outcome === 'done' ? secret : undefined };
}
