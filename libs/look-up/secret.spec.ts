import { createHmac } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { isLookUpSecret, lookUpSecret } from './secret.js';

const vault = {
  digest: (purpose: string, text: string): Buffer =>
    createHmac('sha256', 'installation').update(`${purpose}\n${text}`).digest(),
};
const CODE = 'H54.12-240115-0001';

describe('the secret of a receipt', () => {
  it('is 12 symbols of Crockford’s base32 in groups, the same each time', () => {
    fc.assert(
      fc.property(fc.string(), (code) => {
        const secret = lookUpSecret(vault, code);
        expect(secret).toMatch(/^([0-9A-HJKMNP-TV-Z]{4}-){2}[0-9A-HJKMNP-TV-Z]{4}$/);
        expect(lookUpSecret(vault, code)).toBe(secret);
      }),
    );
  });

  it('is the first 60 bits of the digest', () => {
    const digest = Buffer.from('00443214c74254b635cf84653a56d7c675be77df0123456789abcdef01234567', 'hex');
    expect(lookUpSecret({ digest: () => digest }, CODE)).toBe('0123-4567-89AB');
    expect(lookUpSecret({ digest: () => Buffer.alloc(32, 0xff) }, CODE)).toBe('ZZZZ-ZZZZ-ZZZZ');
  });

  it('is known however it is typed', () => {
    const digest = Buffer.from('00443214c74254b6', 'hex');
    const known = (given: string): boolean => isLookUpSecret({ digest: () => digest }, CODE, given);
    for (const given of ['0123-4567-89AB', '0123456789ab', ' o l23 4567—89Ab ', 'OI23–4567–89AB']) {
      expect([given, known(given)]).toEqual([given, true]);
    }
    for (const given of ['', '0', '0123-4567-89A', '0123-4567-89ABB', '1123-4567-89AB', 'U123-4567-89AB']) {
      expect([given, known(given)]).toEqual([given, false]);
    }
  });

  it('of another dossier does not fit', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (one, other) => {
        expect(isLookUpSecret(vault, one, lookUpSecret(vault, other))).toBe(one === other);
      }),
    );
  });
});
