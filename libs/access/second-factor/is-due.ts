import type { Account } from '../accounts/account.js';
import type { Principal, Role } from '../principal.js';
import type { Session } from '../sessions/session.js';

/**
 * Whether a session that a password alone has opened has a role that needs more than that, be it lent. A provider asks
 * for factors of its own, and the password of a demonstration is no secret anyway.
 */
export function secondFactorDue(
  { how }: Pick<Session, 'how'>,
  account: Pick<Account, 'demo'> | undefined,
  { grants }: Pick<Principal, 'grants'>,
  roles: readonly Role[],
): boolean {
  return how === 'password' && account?.demo !== true && grants.some(({ role }) => roles.includes(role));
}
