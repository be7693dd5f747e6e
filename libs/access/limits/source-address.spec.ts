import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { sourceOf } from './source-address.js';

describe('where a request comes from', () => {
  it.each([
    ['203.0.113.7', '203.0.113.7'],
    ['::ffff:203.0.113.7', '203.0.113.7'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:0DB8:0001:0002::1', '2001:db8:1:2::/64'],
    ['2001:db8::1', '2001:db8:0:0::/64'],
    ['::1', '0:0:0:0::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
    ['64:ff9b::192.0.2.33', '64:ff9b:0:0::/64'],
    ['nonsense', 'unknown'],
    ['999.1.1.1', 'unknown'],
    ['', 'unknown'],
  ])('takes %s for %s', (address, source) => {
    expect(sourceOf(address)).toBe(source);
  });

  it('takes two addresses of one /64 for one place, and of two for two', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 0xffff }), { minLength: 8, maxLength: 8 }),
        fc.integer({ min: 0, max: 7 }),
        (numbers, changed) => {
          const text = (of: number[]): string => of.map((group) => group.toString(16)).join(':');
          const other = numbers.map((group, at) => (at === changed ? group ^ 1 : group));
          expect(sourceOf(text(numbers)) === sourceOf(text(other))).toBe(changed >= 4);
        },
      ),
    );
  });
});
