import { describe, expect, it } from '@jest/globals';
import { checkCalendar } from './check-calendar.js';
import { compileCalendar } from './compile-calendar.js';

const sound = {
  zone: 'Asia/Ho_Chi_Minh',
  startRule: 'next_day',
  week: { mon: [['07:00', '11:30']] },
} as const;

describe('a calendar definition', () => {
  it('may name hours up to the end of the day, and hours that touch', () => {
    const week = {
      mon: [
        ['00:00', '12:00'],
        ['12:00', '24:00'],
      ],
    };
    expect(checkCalendar({ ...sound, week }).week[0]).toEqual([
      { open: 0, close: 43_200_000 },
      { open: 43_200_000, close: 86_400_000 },
    ]);
  });

  it('counts from the next day where it names no start rule', () => {
    expect(checkCalendar({ zone: 'UTC', week: {} }).startRule).toBe('next_day');
  });

  it.each([
    [null, 'calendar must be an object'],
    [{ ...sound, dayOff: [] }, 'calendar has an unknown member "dayOff"'],
    [{ ...sound, zone: 7 }, 'zone must be the name of a time zone'],
    [{ ...sound, startRule: 'later' }, 'startRule must be next_day or immediate'],
    [{ zone: 'UTC', startRule: 'immediate' }, 'week must be an object'],
    [{ ...sound, week: { monday: [] } }, 'week has an unknown member "monday"'],
    [{ ...sound, week: { mon: '07:00' } }, 'week.mon must be a list of hours'],
    [{ ...sound, week: { mon: ['07:00', '11:30'] } }, 'week.mon must hold pairs'],
    [{ ...sound, week: { mon: [['7:00', '11:30']] } }, 'week.mon has a bad time "7:00"'],
    [{ ...sound, week: { mon: [['07:00', '24:30']] } }, 'week.mon has a bad time "24:30"'],
    [{ ...sound, week: { mon: [['11:30', '07:00']] } }, 'week.mon closes before it opens'],
    [{ ...sound, week: { mon: [['07:00', '07:00']] } }, 'week.mon closes before it opens'],
    [
      {
        ...sound,
        week: {
          mon: [
            ['07:00', '11:30'],
            ['11:00', '17:00'],
          ],
        },
      },
      'week.mon overlaps or is out of order',
    ],
    [
      {
        ...sound,
        week: {
          mon: [
            ['13:30', '17:00'],
            ['07:00', '11:30'],
          ],
        },
      },
      'week.mon overlaps or is out of order',
    ],
    [{ ...sound, daysOff: '2024-01-01' }, 'daysOff must be a list of dates'],
    [{ ...sound, daysOff: ['2023-02-29'] }, 'daysOff has a bad date "2023-02-29"'],
    [{ ...sound, workingDays: [20240101] }, 'workingDays has a bad date 20240101'],
    [{ ...sound, daysOffYearly: ['02-30'] }, 'daysOffYearly has a bad date "02-30"'],
    [{ ...sound, hours: { tomorrow: [] } }, 'hours has a bad date "tomorrow"'],
    [{ ...sound, hours: { '2024-01-01': [['x', 'y']] } }, 'hours.2024-01-01 has a bad time "x"'],
  ])('that is wrong says what is wrong: %j', (definition, message) => {
    expect(() => checkCalendar(definition)).toThrow(message);
  });

  it.each(['Asia/Saigon_', '+07:00', '2024-01-01T00:00Z', ''])('knows no zone %j', (zone) => {
    expect(() => compileCalendar({ ...sound, zone })).toThrow('unknown time zone');
  });
});
