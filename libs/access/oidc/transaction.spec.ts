import { createHmac } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { readTransaction, TRANSACTION_SECONDS, writeTransaction } from './transaction.js';

const NOW = Date.parse('2024-03-11T02:00:00Z');
const TRANSACTION = { state: 's', nonce: 'n', verifier: 'v', returnTo: '/account' };
const signedBy =
  (key: string) =>
  (text: string): Buffer =>
    createHmac('sha256', key).update(text).digest();
const sign = signedBy('ours');

describe('the cookie of a sign-in under way', () => {
  it('is read as it was written, for ten minutes', () => {
    const cookie = writeTransaction(TRANSACTION, NOW, sign);
    expect(readTransaction(cookie, NOW, sign)).toEqual(TRANSACTION);
    expect(readTransaction(cookie, NOW + TRANSACTION_SECONDS * 1_000 - 1, sign)).toEqual(TRANSACTION);
    expect(readTransaction(cookie, NOW + TRANSACTION_SECONDS * 1_000, sign)).toBeUndefined();
    expect(readTransaction(cookie, NOW - 1, sign)).toBeUndefined();
  });

  it('does not count where any sign of it was changed', () => {
    const cookie = writeTransaction(TRANSACTION, NOW, sign);
    for (let at = 0; at < cookie.length; at += 1) {
      const changed = cookie.slice(0, at) + (cookie[at] === 'A' ? 'B' : 'A') + cookie.slice(at + 1);
      // The last sign of base64 has bits that mean nothing: it must be the same all the same.
      expect([at, readTransaction(changed, NOW, sign)]).toEqual([at, undefined]);
    }
  });

  it.each(['', '.', 'a.b', 'a', undefined, 'é.é'])('is not %j', (cookie) => {
    expect(readTransaction(cookie, NOW, sign)).toBeUndefined();
  });

  it('is not one that others signed', () => {
    expect(
      readTransaction(writeTransaction(TRANSACTION, NOW, signedBy('theirs')), NOW, sign),
    ).toBeUndefined();
  });
});
