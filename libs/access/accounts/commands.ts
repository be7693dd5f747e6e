import { randomUUID } from 'node:crypto';
import type { CommandHeaders } from '#libs/http/command-headers.decorator.js';
import type { Principal } from '../principal.js';
import type { AccountContext } from './account-store.js';

/** Who gives a command over HTTP. */
export const contextOf = ({ principal, key, correlationId }: CommandHeaders): AccountContext => ({
  ...{ actor: principal.id, key, correlationId },
});

/** For what may be repeated as it is (PUT, DELETE): each time a command of its own. */
export const contextOnce = ({ id: actor }: Principal): AccountContext => {
  const key = randomUUID();
  return { actor, key, correlationId: key };
};
