import { describe, expect, it } from '@jest/globals';
import { KeptRows } from './kept-rows.js';

const connection = (): object => ({});
const rows = (...keys: string[]): Map<string, string> => new Map(keys.map((key) => [key, key.toUpperCase()]));

describe('rows kept by a rebuild', () => {
  it('are given back to be written when there are too many, those untouched for longest first', () => {
    const kept = new KeptRows<string>(4);
    const db = connection();
    expect(kept.put(db, rows('a', 'b', 'c', 'd'))).toEqual([]);
    expect(kept.put(db, rows('a', 'e'))).toEqual(['B', 'C', 'D']);
    expect(kept.get(db, 'a')).toBe('A');
    expect(kept.get(db, 'b')).toBeUndefined();
    expect(kept.drain(db)).toEqual(['A', 'E']);
    expect(kept.drain(db)).toEqual([]);
  });

  it('are those of one connection only', () => {
    const kept = new KeptRows<string>(4);
    const db = connection();
    kept.put(db, rows('a'));
    expect(kept.get(connection(), 'a')).toBeUndefined();
  });
});
