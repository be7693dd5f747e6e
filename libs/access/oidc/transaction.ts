import { timingSafeEqual } from 'node:crypto';

/** What must be known again when the provider sends the browser back. */
export interface OidcTransaction {
  readonly state: string;
  readonly nonce: string;
  /** Of PKCE (RFC 7636). */
  readonly verifier: string;
  readonly returnTo: string;
}

/** How long somebody may take to sign in at the provider. */
export const TRANSACTION_SECONDS = 600;

/** A keyed hash of 32 bytes under a secret that all instances share. */
type Sign = (text: string) => Buffer;

/** For a cookie that the browser can neither change nor keep for later. */
export function writeTransaction(transaction: OidcTransaction, now: number, sign: Sign): string {
  const body = Buffer.from(JSON.stringify({ ...transaction, at: now })).toString('base64url');
  return `${body}.${sign(body).toString('base64url')}`;
}

/** @returns undefined unless it is ours, as it was, and not over */
export function readTransaction(
  cookie: string | undefined,
  now: number,
  sign: Sign,
): OidcTransaction | undefined {
  const [, body = '', mac = ''] = /^([\w-]{1,4000})\.([\w-]{43})$/.exec(cookie ?? '') ?? [];
  if (body === '') return undefined;
  if (!timingSafeEqual(Buffer.from(mac), Buffer.from(sign(body).toString('base64url')))) return undefined;
  const { at, ...transaction } = JSON.parse(Buffer.from(body, 'base64url').toString()) as OidcTransaction & {
    at: number;
  };
  const age = now - at;
  return age >= 0 && age < TRANSACTION_SECONDS * 1_000 ? transaction : undefined;
}
