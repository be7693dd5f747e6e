import { describe, expect, it } from '@jest/globals';
import { compileCalendar } from '#libs/calendar/compile-calendar.js';
import { endOfDays } from './horizon.js';

const calendar = compileCalendar({
  zone: 'Asia/Ho_Chi_Minh',
  startRule: 'next_day',
  week: Object.fromEntries(['mon', 'tue', 'wed', 'thu', 'fri'].map((day) => [day, [['07:00', '17:00']]])),
  daysOff: ['2024-03-12'],
});

describe('so many working days ahead', () => {
  // Monday, 11 March 2024, 09:00 in Vietnam; the Tuesday is off.
  it.each([
    [0, '2024-03-11T17:00:00.000Z'],
    [1, '2024-03-13T17:00:00.000Z'],
    [3, '2024-03-15T17:00:00.000Z'],
    [4, '2024-03-18T17:00:00.000Z'],
  ])('%i end at the midnight %s', (days, end) => {
    expect(endOfDays(calendar, '2024-03-11T02:00:00.000Z', days)).toBe(end);
  });
});
