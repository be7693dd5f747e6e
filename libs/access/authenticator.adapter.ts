import type { FastifyRequest } from 'fastify';
import { Problem } from '#libs/problem/problem.js';
import type { AccountStore } from './accounts/account-store.js';
import type { Authenticator } from './authenticator.js';
import type { Principal } from './principal.js';

const BEARER = /^Bearer +(\S+) *$/i;

/** Knows API tokens. Every wrong proof gets the same answer, whatever is wrong with it. */
export class RequestAuthenticator implements Authenticator {
  constructor(private readonly accounts: AccountStore) {}

  async authenticate(request: FastifyRequest): Promise<Principal | undefined> {
    const { authorization } = request.headers;
    if (authorization === undefined) return undefined;
    const principal = this.byToken(authorization);
    if (!principal) throw new Problem('not-signed-in');
    return principal;
  }

  private byToken(authorization: string): Principal | undefined {
    const token = BEARER.exec(authorization)?.[1];
    return token === undefined ? undefined : this.accounts.principalByToken(token);
  }
}
