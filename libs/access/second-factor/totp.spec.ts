import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { bareRecoveryCode, RECOVERY_BYTES, recoveryCode } from './recovery-codes.js';
import { codeAt } from './testing/code-at.js';
import { enrolmentOf, SECRET_BYTES, stepOf } from './totp.js';

const SECRET = Buffer.from('12345678901234567890');
const STEP_MS = 30_000;
const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length });

describe('codes of an authenticator app', () => {
  it.each([
    [59, '287082'],
    [1_111_111_109, '081804'],
    [1_111_111_111, '050471'],
    [1_234_567_890, '005924'],
    [2_000_000_000, '279037'],
    [20_000_000_000, '353130'],
  ])('are those of RFC 6238 at %d s', (seconds, code) => {
    expect(stepOf(SECRET, code, seconds * 1_000)).toBe(Math.floor(seconds / 30));
  });

  it('count in their step and one to either side, and tell which it is', () => {
    fc.assert(
      fc.property(
        bytes(SECRET_BYTES),
        fc.integer({ min: STEP_MS * 3, max: 4e12 }),
        fc.integer({ min: -1, max: 1 }),
        (secret, now, off) => {
          const { secret: base32 } = enrolmentOf(secret, 'clerk', 'motcua');
          const step = stepOf(secret, codeAt(base32, now + off * STEP_MS), now);
          // Steps next to each other may have the same code by chance.
          expect(Math.abs((step ?? NaN) - Math.floor(now / STEP_MS))).toBeLessThanOrEqual(1);
        },
      ),
    );
  });

  it('do not count two steps away', () => {
    const now = 1_111_111_111_000;
    const { secret } = enrolmentOf(SECRET, 'clerk', 'motcua');
    for (const off of [-2, 2])
      expect(stepOf(SECRET, codeAt(secret, now + off * STEP_MS), now)).toBeUndefined();
  });

  it.each(['', '12345', '1234567', 'abcdef', '０５０４７１', '05 04', '1e5'])('are not "%s"', (code) => {
    expect(stepOf(SECRET, code, 1_111_111_111_000)).toBeUndefined();
  });

  it('may be typed in two groups', () => {
    expect(stepOf(SECRET, '050 471', 1_111_111_111_000)).toBeDefined();
  });

  it('come from a secret that an app can scan', () => {
    const { secret, uri } = enrolmentOf(SECRET, 'nguyen.van.a', 'motcua');
    expect(secret).toBe('GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ');
    const url = new URL(uri);
    expect([url.protocol, url.host, decodeURIComponent(url.pathname)]).toEqual([
      'otpauth:',
      'totp',
      '/motcua:nguyen.van.a',
    ]);
    expect(Object.fromEntries(url.searchParams)).toEqual({
      ...{ issuer: 'motcua', secret, algorithm: 'SHA1', digits: '6', period: '30' },
    });
  });
});

describe('a recovery code', () => {
  it('is read as it was made, in capitals, with blanks, or with an O for a 0', () => {
    fc.assert(
      fc.property(bytes(RECOVERY_BYTES), (random) => {
        const code = recoveryCode(random);
        const bare = bareRecoveryCode(code);
        expect(bare).toBe(code.replace('-', ''));
        expect(bareRecoveryCode(code.toUpperCase().replace('-', ' ').replaceAll('0', 'O'))).toBe(bare);
        expect(bareRecoveryCode(code.replaceAll('1', 'I'))).toBe(bare);
      }),
    );
  });

  it.each(['', '123456', 'abcde-fghj', 'abcde-fghjkm', 'abcdu-fghjk'])('is not "%s"', (typed) => {
    expect(bareRecoveryCode(typed)).toBeUndefined();
  });
});
