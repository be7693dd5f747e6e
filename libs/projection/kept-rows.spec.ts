import { describe, expect, it } from '@jest/globals';
import { KeptRows } from './kept-rows.js';

function kept(...keys: string[]): KeptRows<string> {
  const rows = new KeptRows<string>();
  for (const key of keys) rows.slot(key).row = key.toUpperCase();
  return rows;
}

describe('kept rows', () => {
  it('are taken out when there are too many, those left alone first', () => {
    const rows = kept('a', 'b', 'c', 'd', 'a', 'e');
    expect(rows.shrink(3)).toEqual(['B', 'C']);
    expect(rows.size).toBe(3);
    expect(rows.slot('a').row).toBe('A');
    expect(rows.slot('b').row).toBeUndefined();
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

  it('are none where only a place was made for one', () => {
    const rows = kept('a');
    rows.slot('b');
    expect(rows.shrink(0)).toEqual(['A']);
  });
});
