import { describe, expect, it } from '@jest/globals';
import { KeptRows } from './kept-rows.js';

function kept(...keys: string[]): KeptRows<string> {
  const rows = new KeptRows<string>();
  for (const key of keys) rows.set(key, key.toUpperCase());
  return rows;
}

describe('kept rows', () => {
  it('are taken out when there are too many, those left alone first', () => {
    const rows = kept('a', 'b', 'c', 'd', 'a', 'e');
    expect(rows.shrink(3)).toEqual(['B', 'C']);
    expect(rows.get('a')).toBe('A');
    expect(rows.get('b')).toBeUndefined();
    expect(rows.size).toBe(3);
  });

  it('stay where there are not too many', () => {
    expect(kept('a', 'b').shrink(2)).toEqual([]);
  });

  it('go in the end, used or not', () => {
    const rows = kept('a', 'b', 'c', 'a', 'b', 'c');
    expect(rows.shrink(1)).toEqual(['A', 'B']);
    expect(rows.shrink(0)).toEqual(['C']);
    expect(rows.size).toBe(0);
  });
});
