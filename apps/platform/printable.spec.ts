import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { printable, printableLine } from './printable.js';

const HARMFUL = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/;

describe('a text for a terminal', () => {
  it.each([
    ['\u001b[2J\u001b[1;31mcleared', '\\u001b[2J\\u001b[1;31mcleared'],
    ['\u009b31m of one sign', '\\u009b31m of one sign'],
    ['\u001b]0;title\u0007', '\\u001b]0;title\\u0007'],
    ['over\rwritten, b\backed', 'over\\u000dwritten, b\\u0008acked'],
    ['turned \u202eround', 'turned \\u202eround'],
    ['half \ud83d', 'half \\ud83d'],
  ])('shows what would move it: %j', (text, shown) => {
    expect(printable(text)).toBe(shown);
  });

  it('begins no line of its own where it is a part of one', () => {
    expect(printableLine('a\nrefused row 1:\r\n\tb\u2028c')).toBe('a refused row 1:\\u000d b\\u2028c');
  });

  it('leaves Vietnamese, lines and tables as they are', () => {
    const text = 'Nguyễn Thị Hồ\n\tđã xoá – 1 😀 e\u0301\n';
    expect(printable(text)).toBe(text);
  });

  it('has nothing harmful left, and is the same text as JSON', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(printable(text)).not.toMatch(HARMFUL);
        expect(JSON.parse(printable(JSON.stringify({ [text]: text }, null, 2)))).toEqual({ [text]: text });
      }),
    );
  });
});
