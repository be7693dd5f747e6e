import { createHmac } from 'node:crypto';
import type { DigestPurpose } from './vault.js';

const PURPOSES: readonly DigestPurpose[] = [
  ...(['id-number', 'search', 'look-up', 'command'] as const),
  ...(['limit', 'device', 'second-factor', 'oidc'] as const),
];

/** HMAC-SHA-256 with a key of its own for each purpose, made from the secret of the installation. */
export function digestUnder(secret: Buffer): (purpose: DigestPurpose, text: string) => Buffer {
  const keys = Object.fromEntries(PURPOSES.map((purpose) => [purpose, hmac(secret, `motcua ${purpose}`)]));
  return (purpose, text) => {
    const key = keys[purpose];
    if (!key) throw new Error(`${purpose} is no purpose of a digest`);
    return hmac(key, text);
  };
}

const hmac = (key: Buffer, text: string): Buffer => createHmac('sha256', key).update(text).digest();
