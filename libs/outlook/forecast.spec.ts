import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { chanceOf, FEWEST_CASES, History, HISTORY_SIZE, percentile, slotOf } from './forecast.js';

const seconds = fc.array(fc.nat(1_000_000), { minLength: 1, maxLength: 3 * HISTORY_SIZE });
const filled = (values: readonly number[]): History => {
  const history = new History();
  for (const [n, remaining] of values.entries()) history.add({ code: `A${n}`, remaining, endedAt: n });
  return history;
};

describe('a percentile', () => {
  it('is one of the values, which the share of them does not exceed and no smaller one would do', () => {
    fc.assert(
      fc.property(seconds, fc.constantFrom(0.5, 0.9), (values, share) => {
        const sorted = values.toSorted((a, b) => a - b);
        const found = percentile(sorted, share) ?? -1;
        const upTo = (limit: number): number => values.filter((value) => value <= limit).length;
        expect(values).toContain(found);
        expect(upTo(found)).toBeGreaterThanOrEqual(share * values.length);
        expect(upTo(found - 1)).toBeLessThan(share * values.length);
      }),
    );
  });
});

describe('a history', () => {
  it('forecasts from the last ones only, whatever came before', () => {
    fc.assert(
      fc.property(seconds, (values) => {
        const last = values.slice(-HISTORY_SIZE).toSorted((a, b) => a - b);
        const forecast = filled(values).forecast();
        if (last.length < FEWEST_CASES) expect(forecast).toBeNull();
        else {
          expect(forecast).toEqual({
            cases: last.length,
            median: percentile(last, 0.5),
            p90: percentile(last, 0.9),
          });
        }
      }),
      { numRuns: 30 },
    );
  });

  it('knows nothing of what had not ended by then', () => {
    const history = filled(Array.from({ length: 30 }, (_, n) => n));
    expect(history.forecast(FEWEST_CASES - 2)).toBeNull();
    expect(history.forecast(FEWEST_CASES - 1)).toEqual({ cases: 10, median: 4, p90: 8 });
    expect(history.forecast()).toEqual({ cases: 30, median: 14, p90: 26 });
  });

  it('is the same when it was stored and loaded in between, with what was taken out and replaced', () => {
    const action = fc.tuple(
      fc.constantFrom('add', 'replace', 'remove', 'store'),
      fc.nat(2 * HISTORY_SIZE),
      fc.nat(99),
    );
    fc.assert(
      fc.property(fc.array(action, { maxLength: 3 * HISTORY_SIZE, minLength: HISTORY_SIZE }), (actions) => {
        const whole = new History();
        let loaded = new History();
        for (const [index, [what, nth, remaining]] of actions.entries()) {
          for (const history of [whole, loaded]) {
            if (what === 'add') history.add({ code: `B${index}`, remaining, endedAt: 0 });
            else if (what === 'replace') history.replace({ code: `B${nth}`, remaining, endedAt: 0 });
            else if (what === 'remove') history.remove(`B${nth}`);
          }
          if (what === 'store') loaded = new History(loaded.samples.toReversed(), loaded.added);
        }
        expect(loaded.samples).toEqual(whole.samples);
        expect(loaded.added).toBe(whole.added);
        expect(new Set(whole.samples.map(slotOf)).size).toBe(whole.samples.length);
      }),
      { numRuns: 30 },
    );
  });
});

describe('whether a dossier will be late', () => {
  const forecast = { cases: 10, median: 100, p90: 200 };
  it.each([
    [99, 'likely'],
    [100, 'possible'],
    [199, 'possible'],
    [200, 'unlikely'],
    [null, null],
  ] as const)('with %s working seconds left is %s', (left, chance) => {
    expect(chanceOf(forecast, left)).toBe(chance);
  });

  it('is unknown without a forecast', () => {
    expect(chanceOf(null, 1)).toBeNull();
  });
});
