import { describe, expect, it } from '@jest/globals';
import { Problem } from '#libs/problem/problem.js';
import { chosenPeriod } from './chosen-period.js';
import { periodEdge, presetPeriod } from './preset-period.js';

const PERIODS = { zone: 'Asia/Ho_Chi_Minh', reporting: { firstDay: 15, monthsBefore: 1 } };
const ZONE = 'Asia/Ho_Chi_Minh';

describe('a period by name', () => {
  it.each([
    ['2024-05', '2024-04-30T17:00:00.000Z', '2024-05-31T17:00:00.000Z'],
    ['2024-Q1', '2023-12-31T17:00:00.000Z', '2024-03-31T17:00:00.000Z'],
    ['2024-H2', '2024-06-30T17:00:00.000Z', '2024-12-31T17:00:00.000Z'],
    ['2024', '2023-12-31T17:00:00.000Z', '2024-12-31T17:00:00.000Z'],
    ['R2024', '2023-12-14T17:00:00.000Z', '2024-12-14T17:00:00.000Z'],
    ['R2024-Q1', '2023-12-14T17:00:00.000Z', '2024-03-14T17:00:00.000Z'],
    ['R2024-01', '2023-12-14T17:00:00.000Z', '2024-01-14T17:00:00.000Z'],
  ])('%s is cut at midnight at the desk', (preset, from, to) => {
    expect(presetPeriod(preset, ZONE, PERIODS)).toEqual({ from, to });
  });
  it('follows the clocks where they change', () => {
    expect(presetPeriod('2024-H1', 'Europe/Amsterdam', PERIODS)).toEqual({
      from: '2023-12-31T23:00:00.000Z',
      to: '2024-06-30T22:00:00.000Z',
    });
  });
  it.each(['', '2024-Q5', '2024-13', 'Q1', '2024-00', '24'])('refuses %p', (preset) => {
    expect(() => presetPeriod(preset, ZONE, PERIODS)).toThrow(Problem);
  });
});

describe('an edge of a period', () => {
  it.each([
    ['2024-01-01T00:00:00+07:00', '2023-12-31T17:00:00.000Z'],
    ['2024-01-01T00:00:00 07:00', '2023-12-31T17:00:00.000Z'],
    ['2024-01-01T00:00:00Z', '2024-01-01T00:00:00.000Z'],
    ['2024-01-01', '2023-12-31T17:00:00.000Z'],
  ])('%s', (text, instant) => {
    expect(periodEdge(text, ZONE)).toBe(instant);
  });
  it.each(['2024-01-01T00:00:00', '2024-02-30', 'now', '+012024-01-01T00:00:00Z', '0000-06-01'])(
    'refuses %p',
    (text) => {
      expect(() => periodEdge(text, ZONE)).toThrow(Problem);
    },
  );
});

describe('a chosen period', () => {
  const type = (choice: Parameters<typeof chosenPeriod>[0]): string => {
    try {
      chosenPeriod(choice, ZONE, PERIODS);
    } catch (error) {
      if (error instanceof Problem) return error.type;
    }
    return 'none';
  };
  it('is named or has both edges, in order', () => {
    expect(type({ period: '2024' })).toBe('none');
    expect(type({ from: '2024-01-01', to: '2024-01-02' })).toBe('none');
    expect(type({})).toBe('period-missing');
    expect(type({ from: '2024-01-01' })).toBe('period-missing');
    expect(type({ period: '2024', to: '2024-01-02' })).toBe('period-missing');
    expect(type({ from: '2024-01-02', to: '2024-01-02' })).toBe('period-inverted');
  });
});
