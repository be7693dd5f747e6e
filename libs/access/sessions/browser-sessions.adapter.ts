import type { FastifyReply, FastifyRequest } from 'fastify';
import '@fastify/cookie';
import { Problem } from '#libs/problem/problem.js';
import { isLoopbackName } from '../http/loopback.js';
import { csrfTokenOf } from './csrf.js';
import type { Session } from './session.js';
import type { Sessions } from './sessions.adapter.js';

/** A session, and what its pages send along with what they change. */
export interface BrowserSession {
  readonly session: Session;
  readonly csrfToken: string;
}

/**
 * Sessions in the cookie of a browser. `__Host-` keeps other hosts of the domain from setting it; browsers want TLS for
 * that, so under the names of this machine it goes by another name.
 */
export class BrowserSessions {
  constructor(private readonly sessions: Sessions) {}

  /** Ends the session that the browser has, and begins another one under a new secret. */
  async begin(
    request: FastifyRequest,
    reply: FastifyReply,
    given: Pick<Session, 'account' | 'how' | 'grants'>,
  ): Promise<BrowserSession> {
    const before = await this.current(request);
    if (before) await this.sessions.end(before.session.account, before.session.id);
    const { secret, session } = await this.sessions.begin({
      ...given,
      address: request.ip,
      userAgent: request.headers['user-agent'] ?? '',
    });
    void reply.setCookie(cookieName(request), secret, cookieOptions(request));
    return { session, csrfToken: csrfTokenOf(secret) };
  }

  /**
   * Begins the session of the browser anew after what it is worth has changed, and ends all others of the account.
   * @throws Problem not-signed-in
   */
  async renew(
    request: FastifyRequest,
    reply: FastifyReply,
    changed: Partial<Pick<Session, 'how'>> = {},
  ): Promise<BrowserSession> {
    const before = await this.current(request);
    if (!before) throw new Problem('not-signed-in');
    const { account, how, grants } = before.session;
    const renewed = await this.begin(request, reply, { account, how, grants, ...changed });
    await this.sessions.endAll(account, renewed.session.id);
    return renewed;
  }

  /** The session of the cookie; undefined if there is none, or it is over. */
  async current(request: FastifyRequest): Promise<BrowserSession | undefined> {
    const secret = sessionSecret(request);
    const session = secret === undefined ? undefined : await this.sessions.use(secret);
    return session && secret !== undefined ? { session, csrfToken: csrfTokenOf(secret) } : undefined;
  }

  async end(request: FastifyRequest, reply: FastifyReply): Promise<void> {
    const before = await this.current(request);
    if (before) await this.sessions.end(before.session.account, before.session.id);
    void reply.clearCookie(cookieName(request), cookieOptions(request));
  }
}

/** What the browser shows for its session. */
export const sessionSecret = (request: FastifyRequest): string | undefined =>
  onlyCookie(request, cookieName(request));

/**
 * A cookie that the request has once. Another port of this machine, and a page under a longer path, can set one of the
 * same name, and nothing tells which is ours: then there is none.
 */
export function onlyCookie({ headers, cookies }: FastifyRequest, name: string): string | undefined {
  const pairs = (headers.cookie ?? '').split(';');
  const given = pairs.filter((pair) => pair.split('=', 1)[0]?.trim() === name);
  return given.length === 1 ? cookies[name] : undefined;
}

const SESSION = 'motcua';

/** Of the session, or of another cookie of ours: one that no other host of the domain can set. */
export const cookieName = (request: FastifyRequest, name = SESSION): string =>
  isSecure(request) ? `__Host-${name}` : name;

/** For other cookies of ours, too. No end of its own: the session has one. */
export const cookieOptions = (request: FastifyRequest) =>
  ({ path: '/', httpOnly: true, sameSite: 'lax', secure: isSecure(request) }) as const;

const isSecure = ({ headers }: FastifyRequest): boolean => !isLoopbackName(headers.host);
