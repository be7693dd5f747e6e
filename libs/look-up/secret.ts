import { createHash, timingSafeEqual } from 'node:crypto';
import type { Vault } from '#libs/personal-data/vault.js';

/** Crockford's base32: no I, L, O or U. */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const SYMBOLS = 12;
const GROUP = /.{4}(?=.)/g;

/**
 * The secret with which an applicant looks up a dossier: 60 bits, as `7Q4K-0M2X-9TBD`. It follows from the code and a
 * secret of the installation, so that it can be printed at any time and is stored nowhere.
 */
export function lookUpSecret(vault: Pick<Vault, 'digest'>, code: string): string {
  return symbolsOf(vault, code).replace(GROUP, '$&-');
}

/**
 * Whether this is the secret of that dossier, however it was typed: small letters, blanks and dashes, O for 0, I or L
 * for 1. Takes the same time for every wrong one, and does not know whether there is such a dossier.
 */
export function isLookUpSecret(vault: Pick<Vault, 'digest'>, code: string, given: string): boolean {
  const typed = given
    .toUpperCase()
    .replace(/[\s\u2010-\u2015-]/g, '')
    .replaceAll('O', '0')
    .replace(/[IL]/g, '1');
  return timingSafeEqual(sha256(typed), sha256(symbolsOf(vault, code)));
}

function symbolsOf(vault: Pick<Vault, 'digest'>, code: string): string {
  let bits = vault.digest('look-up', code).readBigUInt64BE();
  let symbols = '';
  for (let left = SYMBOLS; left > 0; left -= 1) {
    symbols += ALPHABET[Number(bits >> 59n)] ?? '';
    bits = BigInt.asUintN(64, bits << 5n);
  }
  return symbols;
}

const sha256 = (text: string): Buffer => createHash('sha256').update(text, 'utf8').digest();
