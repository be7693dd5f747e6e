import { sha256 } from '#libs/event-log/hash.js';

/** Says to whoever finds it what it is; scanners for lost secrets know such prefixes. */
export const TOKEN_PREFIX = 'motcua_';
const TOKEN = /^motcua_[\w-]{43}$/;

/** What is kept of a token: SHA-256 is enough for a secret of 256 random bits. Undefined for what is no token. */
export function tokenHash(token: string): string | undefined {
  return TOKEN.test(token) ? sha256(token) : undefined;
}

const FEED = /^feed_[\w-]{43}$/;

/** As `tokenHash`, for the secret of a calendar feed: it stands in an address, and must be no token. */
export function feedHash(secret: string): string | undefined {
  return FEED.test(secret) ? sha256(secret) : undefined;
}

/** @param random 32 random bytes */
export const feedSecretOf = (random: Buffer): string => `feed_${random.toString('base64url')}`;

/** @param random 32 random bytes */
export const tokenOf = (random: Buffer): string => TOKEN_PREFIX + random.toString('base64url');
