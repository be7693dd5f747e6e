import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Zone } from '#libs/calendar/zone.js';
import { Problem } from '#libs/problem/problem.js';
import { checkQuietHours, quietMinutes, type QuietHours } from './preference.js';
import { quietUntil } from './quiet-until.js';

const NIGHT: QuietHours = { from: '18:00', to: '07:00' };
const NOON: QuietHours = { from: '11:30', to: '13:30' };
const clockTime = (minute: number): string =>
  `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;

function faultsOf(given: readonly QuietHours[]): string[] {
  try {
    checkQuietHours(given);
  } catch (error) {
    if (error instanceof Problem) return error.fields.map(({ pointer, rule }) => `${pointer} ${rule}`);
    throw error;
  }
  return [];
}

describe('quiet hours', () => {
  it('may go over midnight, and there may be several of them, or none', () => {
    expect(faultsOf([])).toEqual([]);
    expect(faultsOf([NIGHT, NOON, { from: '22:00', to: '00:00' }])).toEqual([]);
  });

  it('that have no length are refused', () => {
    expect(faultsOf([NOON, { from: '08:00', to: '08:00' }])).toEqual(['/quietHours/1/to otherTime']);
  });

  it('must leave some time of the day', () => {
    expect(faultsOf([NIGHT, { from: '07:00', to: '18:00' }])).toEqual(['/quietHours quietAllDay']);
    expect(faultsOf([NIGHT, { from: '07:00', to: '17:59' }])).toEqual([]);
  });
});

const hours = fc
  .tuple(fc.nat(1_439), fc.integer({ min: 1, max: 1_439 }))
  .map(([from, length]): QuietHours => ({ from: clockTime(from), to: clockTime((from + length) % 1_440) }));
const quietHours = fc.array(hours, { maxLength: 4 }).filter((given) => faultsOf(given).length === 0);
const zone = fc
  .constantFrom('Asia/Ho_Chi_Minh', 'Europe/Amsterdam', 'Australia/Lord_Howe', 'America/New_York')
  .map((id) => Zone.of(id));
/** Any time of 2024, and often when the clocks change somewhere. */
const CHANGES = ['2024-03-31T01:00Z', '2024-10-27T01:00Z', '2024-04-06T15:00Z', '2024-11-03T06:00Z'];
const at = fc.oneof(
  fc.integer({ min: Date.parse('2024-01-01T00:00Z'), max: Date.parse('2024-12-31T00:00Z') }),
  fc
    .tuple(fc.constantFrom(...CHANGES), fc.integer({ min: -86_400_000, max: 86_400_000 }))
    .map(([change, off]) => Date.parse(change) + off),
);
const isQuiet = (given: readonly QuietHours[], of: Zone, instant: number): boolean => {
  const time = new Intl.DateTimeFormat('en-GB', { timeZone: of.id, hour: '2-digit', minute: '2-digit' });
  const shown = time.format(instant);
  return given.some(({ from, to }) =>
    from < to ? from <= shown && shown < to : from <= shown || shown < to,
  );
};

describe('waiting for the end of quiet hours', () => {
  const vietnam = { zone: Zone.of('Asia/Ho_Chi_Minh') };
  const until = (given: readonly QuietHours[], instant: string): string =>
    new Date(quietUntil({ quietHours: given }, Date.parse(instant), vietnam)).toISOString();

  it('is over at once outside of them, and at their very end', () => {
    expect(until([NIGHT, NOON], '2024-03-11T09:00:00+07:00')).toBe('2024-03-11T02:00:00.000Z');
    expect(until([NIGHT], '2024-03-11T07:00:00+07:00')).toBe('2024-03-11T00:00:00.000Z');
  });

  it('lasts to the end of them, also over midnight, and through those that follow at once', () => {
    expect(until([NIGHT], '2024-03-11T18:00:00.001+07:00')).toBe('2024-03-12T00:00:00.000Z');
    expect(until([NIGHT], '2024-03-11T00:30:00+07:00')).toBe('2024-03-11T00:00:00.000Z');
    const morning = { from: '07:00', to: '07:30' };
    expect(until([NIGHT, morning], '2024-03-11T23:00:00+07:00')).toBe('2024-03-12T00:30:00.000Z');
  });

  it('ends outside of them, never before it began, and there was no such moment earlier', () => {
    fc.assert(
      fc.property(
        quietHours,
        at,
        zone,
        fc.double({ min: 0, max: 1, noNaN: true }),
        (given, from, of, part) => {
          const end = quietUntil({ quietHours: given }, from, { zone: of });
          expect(end).toBeGreaterThanOrEqual(from);
          expect(isQuiet(given, of, end)).toBe(false);
          if (end === from) return;
          for (const before of [from, end - 1, Math.floor(from + (end - 1 - from) * part)]) {
            expect(isQuiet(given, of, before)).toBe(true);
          }
        },
      ),
    );
  });

  it('changes nothing the second time', () => {
    fc.assert(
      fc.property(quietHours, at, zone, (given, from, of) => {
        const end = quietUntil({ quietHours: given }, from, { zone: of });
        expect(quietUntil({ quietHours: given }, end, { zone: of })).toBe(end);
      }),
    );
  });
});

describe('the minutes that are left of quiet hours', () => {
  it('become less by one each minute, down to none', () => {
    fc.assert(
      fc.property(hours, fc.nat(1_439), (given, minute) => {
        const left = quietMinutes([given], minute);
        if (left > 0) expect(quietMinutes([given], (minute + 1) % 1_440)).toBe(left - 1);
      }),
    );
  });
});
