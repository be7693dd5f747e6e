import { describe, expect, it } from '@jest/globals';
import { Problem } from '#libs/problem/problem.js';
import { readCursor, writeCursor } from './filter.js';

describe('the cursor of a page', () => {
  it('comes back as it was given', () => {
    const cursor = { sort: 'due', at: '2024-01-31T02:30:00.000Z', code: 'Hồ sơ "1"' } as const;
    expect(readCursor(writeCursor(cursor), 'due')).toEqual(cursor);
    expect(readCursor(writeCursor({ ...cursor, at: 'infinity' }), 'due').at).toBe('infinity');
  });

  it.each([
    ['not ours', 'abc'],
    ['empty', ''],
    ['of another order', writeCursor({ sort: 'accepted', at: 'infinity', code: 'A' })],
    ['with something that is no instant', writeCursor({ sort: 'due', at: "1' OR '1'='1", code: 'A' })],
    [
      'with a day that does not exist',
      writeCursor({ sort: 'due', at: '2024-02-99T00:00:00.000Z', code: 'A' }),
    ],
    ['with a character no code has', writeCursor({ sort: 'due', at: 'infinity', code: '\0' })],
  ])('is refused when it is %s', (_what, text) => {
    expect(() => readCursor(text, 'due')).toThrow(new Problem('invalid-request'));
  });
});
