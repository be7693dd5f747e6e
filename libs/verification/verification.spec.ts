import { describe, expect, it } from '@jest/globals';
import { EndCheck, type NotedEnd } from './verification.js';

/** Events at positions 1, 2, …, each known by its hash. */
function read(hashes: readonly string[], before?: NotedEnd): EndCheck {
  const check = new EndCheck(before);
  for (const [n, hash] of hashes.entries()) check.see({ position: BigInt(n + 1), hash });
  return check;
}

const cutOff = (check: EndCheck): number | undefined => check.finding?.position;

describe('the end of a log, compared with the one noted before', () => {
  const before = read(['a', 'b', 'c']).end;

  it('is noted with its number of events, its place and its hash', () => {
    expect(before).toEqual({ events: 3n, position: 3n, hash: 'c' });
    expect(read([]).end).toEqual({ events: 0n, position: 0n, hash: null });
  });

  it('is no finding for the first verification, nor when the log stayed or grew', () => {
    expect(cutOff(read(['a']))).toBeUndefined();
    expect(cutOff(read(['a', 'b', 'c'], before))).toBeUndefined();
    expect(cutOff(read(['a', 'b', 'c', 'd'], before))).toBeUndefined();
    expect(cutOff(read(['a'], read([]).end))).toBeUndefined();
  });

  it('tells that events were cut off, to the last one too', () => {
    expect(cutOff(read(['a', 'b'], before))).toBe(3);
    expect(cutOff(read([], before))).toBe(3);
  });

  it('tells it also when others were appended in their place', () => {
    expect(cutOff(read(['a', 'b', 'x', 'y', 'z'], before))).toBe(3);
  });
});
