import { Problem } from '#libs/problem/problem.js';
import type { Principal } from '../principal.js';

/**
 * The id of the session that somebody has signed in to: a token must not make further tokens, nor lend what it does
 * not have itself.
 * @throws Problem session-needed
 */
export function requireSession({ session }: Principal): string {
  if (session === undefined) throw new Problem('session-needed');
  return session;
}
