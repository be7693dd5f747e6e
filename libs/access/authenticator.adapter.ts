import type { FastifyRequest } from 'fastify';
import { Problem } from '#libs/problem/problem.js';
import type { AccountStore } from './accounts/account-store.js';
import type { Authenticator } from './authenticator.js';
import type { DemoGate } from './demo-gate.js';
import type { Principal, Role } from './principal.js';
import { secondFactorDue } from './second-factor/is-due.js';
import { sessionSecret } from './sessions/browser-sessions.adapter.js';
import { requireCsrfToken } from './sessions/csrf.js';
import type { Session } from './sessions/session.js';
import type { Sessions } from './sessions/sessions.adapter.js';

const BEARER = /^Bearer +(\S+) *$/i;

/** Knows API tokens and sessions of browsers. Every wrong proof gets the same answer, whatever is wrong with it. */
export class RequestAuthenticator implements Authenticator {
  constructor(
    private readonly accounts: AccountStore,
    private readonly sessions: Pick<Sessions, 'use'>,
    private readonly demo: DemoGate,
    /** Who has one of these needs a second factor. */
    private readonly secondFactorRoles: readonly Role[],
  ) {}

  async authenticate(request: FastifyRequest): Promise<Principal | undefined> {
    const { authorization } = request.headers;
    const secret = sessionSecret(request);
    if (authorization === undefined && secret === undefined) return undefined;
    // Whoever sends a token means it: a browser adds none by itself.
    const principal =
      authorization === undefined ? await this.bySession(request, secret ?? '') : this.byToken(authorization);
    if (!principal || !this.demo.lets(this.accounts.all.get(principal.id), request)) {
      throw new Problem('not-signed-in');
    }
    return principal;
  }

  private byToken(authorization: string): Principal | undefined {
    const token = BEARER.exec(authorization)?.[1];
    return token === undefined ? undefined : this.accounts.principalByToken(token);
  }

  private async bySession(request: FastifyRequest, secret: string): Promise<Principal | undefined> {
    const session = await this.sessions.use(secret);
    if (!session) return undefined;
    requireCsrfToken(request, secret);
    return this.principalOf(session);
  }

  /** Who a session stands for; undefined once its account is closed. */
  principalOf(session: Session): Principal | undefined {
    const principal = principalOfSession(session, this.accounts);
    const account = this.accounts.all.get(session.account);
    const isDue = principal && secondFactorDue(session, account, principal, this.secondFactorRoles);
    return isDue ? { ...principal, secondFactorDue: true } : principal;
  }
}

/** What a session may do: what the account has, or what the provider's claims gave for this session. */
function principalOfSession(session: Session, accounts: AccountStore): Principal | undefined {
  const { account: id, grants, id: sessionId } = session;
  if (grants === null) {
    const principal = accounts.principalOf(id, 'session');
    return principal && { ...principal, session: sessionId };
  }
  if (accounts.all.get(id)?.closedAt !== undefined) return undefined;
  return { id, by: 'session', session: sessionId, grants: [...grants, ...accounts.lentTo(id)] };
}
