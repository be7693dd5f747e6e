import { createHmac, timingSafeEqual } from 'node:crypto';
import { Problem } from '#libs/problem/problem.js';

/** What a page of ours sends along with the cookie: another site cannot read it. It follows from the session's secret. */
export const csrfTokenOf = (secret: string): string =>
  createHmac('sha256', secret).update('csrf').digest('base64url');

export const CSRF_HEADER = 'x-csrf-token';
const SAFE = new Set(['GET', 'HEAD', 'OPTIONS']);

interface Asked {
  readonly method: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}

/**
 * What changes something must come from a page of this very origin, as far as the browser says where it comes from.
 * @throws Problem cross-site-request
 */
export function requireSameOrigin({ method, headers }: Asked): void {
  if (SAFE.has(method)) return;
  const site = headers['sec-fetch-site'];
  if (site !== undefined && site !== 'same-origin' && site !== 'none') throw crossSite();
  const { origin, host } = headers;
  if (origin !== undefined && (typeof origin !== 'string' || hostOf(origin) !== host)) throw crossSite();
}

/**
 * And by somebody who could read an answer of this session.
 * @throws Problem cross-site-request
 */
export function requireCsrfToken(request: Asked, secret: string): void {
  requireSameOrigin(request);
  if (SAFE.has(request.method)) return;
  const given = Buffer.from(String(request.headers[CSRF_HEADER] ?? ''));
  const wanted = Buffer.from(csrfTokenOf(secret));
  if (given.length !== wanted.length || !timingSafeEqual(given, wanted)) throw crossSite();
}

const hostOf = (origin: string): string | undefined =>
  URL.canParse(origin) ? new URL(origin).host : undefined;

const crossSite = (): Problem => new Problem('cross-site-request');
