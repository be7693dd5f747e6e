import { describe, expect, it } from '@jest/globals';
import type { CalendarDefinition, DayHours } from './calendar.js';
import { compileCalendar } from './compile-calendar.js';
import { dueInstant, workingSeconds } from './working-time.js';

const everyDay = (zone: string, hours: DayHours, more: Partial<CalendarDefinition> = {}) =>
  compileCalendar({
    zone,
    startRule: 'immediate',
    week: { mon: hours, tue: hours, wed: hours, thu: hours, fri: hours, sat: hours, sun: hours },
    ...more,
  });
const roundTheClock: DayHours = [['00:00', '24:00']];

describe('a day worked round the clock', () => {
  it.each([
    ['Europe/Amsterdam', '2024-03-31T00:00:00+01:00', '2024-04-01T00:00:00+02:00', 23],
    ['Europe/Amsterdam', '2024-10-27T00:00:00+02:00', '2024-10-28T00:00:00+01:00', 25],
    ['Australia/Lord_Howe', '2024-10-06T00:00:00+10:30', '2024-10-07T00:00:00+11:00', 23.5],
    ['Australia/Lord_Howe', '2024-04-07T00:00:00+11:00', '2024-04-08T00:00:00+10:30', 24.5],
    ['America/Sao_Paulo', '2018-11-04T01:00:00-02:00', '2018-11-05T00:00:00-02:00', 23],
    ['America/Sao_Paulo', '2018-02-17T00:00:00-02:00', '2018-02-18T00:00:00-03:00', 25],
    ['Asia/Beirut', '2022-03-27T01:00:00+03:00', '2022-03-28T00:00:00+03:00', 23],
    ['Asia/Ho_Chi_Minh', '2024-03-31T00:00:00+07:00', '2024-04-01T00:00:00+07:00', 24],
    ['Europe/Amsterdam', '3024-03-28T00:00:00+01:00', '3024-03-29T00:00:00+02:00', 23],
  ])('in %s from %s to %s has %d hours', (zone, from, to, hours) => {
    const calendar = everyDay(zone, roundTheClock);
    expect(workingSeconds(calendar, from, to)).toBe(hours * 3600);
    const limit = { value: hours, unit: 'working_hour' } as const;
    expect(dueInstant(calendar, from, limit)).toBe(new Date(to).toISOString());
  });
});

describe('hours over a change of the clocks', () => {
  const sunday = (hours: DayHours) => everyDay('Europe/Amsterdam', hours);
  const worked = (hours: DayHours, date: string) =>
    workingSeconds(sunday(hours), `${date}T00:00:00Z`, `${date}T12:00:00Z`) / 3600;

  it('that the clocks skip are not worked', () => {
    expect(worked([['02:00', '03:00']], '2024-03-31')).toBe(0);
    expect(worked([['01:00', '05:00']], '2024-03-31')).toBe(3);
  });
  it('that come twice are worked twice, from the first', () => {
    expect(worked([['02:00', '04:00']], '2024-10-27')).toBe(3);
  });
  it('are never counted twice where a closing is skipped', () => {
    const hours: DayHours = [
      ['01:00', '02:30'],
      ['03:00', '05:00'],
    ];
    expect(worked(hours, '2024-03-31')).toBe(3);
  });
  it('make no working day of a date that did not exist', () => {
    const apia = everyDay('Pacific/Apia', [['08:00', '16:00']], { startRule: 'next_day' });
    const limit = { value: 1, unit: 'working_day' } as const;
    expect(dueInstant(apia, '2011-12-29T10:00:00-10:00', limit)).toBe('2011-12-30T20:00:00.000Z');
  });
});

describe('days of the wall clock', () => {
  const calendar = everyDay('America/New_York', roundTheClock);
  const due = (start: string, value: number) => dueInstant(calendar, start, { value, unit: 'day' });

  it('have 23 or 25 hours across a change of the clocks', () => {
    expect(due('2024-03-09T12:00:00-05:00', 1)).toBe('2024-03-10T16:00:00.000Z');
    expect(due('2024-11-02T12:00:00-04:00', 1)).toBe('2024-11-03T17:00:00.000Z');
  });
  it('end as long after a skipped hour as they would have after its beginning', () => {
    expect(due('2024-03-09T02:30:00-05:00', 1)).toBe('2024-03-10T07:30:00.000Z');
  });
  it('end in the first of two equal hours', () => {
    expect(due('2024-11-02T01:30:00-04:00', 1)).toBe('2024-11-03T05:30:00.000Z');
  });
  it('may begin at a midnight that is skipped', () => {
    const beirut = everyDay('Asia/Beirut', roundTheClock);
    expect(dueInstant(beirut, '2022-03-26T00:00:00+02:00', { value: 1, unit: 'day' })).toBe(
      '2022-03-26T22:00:00.000Z',
    );
  });
});
