import { describe, expect, it } from '@jest/globals';
import { compileCalendar } from '#libs/calendar/compile-calendar.js';
import { CALENDAR } from '#libs/dossier/testing/reference.js';
import { desk } from '#libs/dossier/testing/scenario.js';
import { mailWish } from './mail-wish.js';
import { NO_PREFERENCE, type Preference } from './preference.js';

const calendar = compileCalendar(CALENDAR);
/** When a mail leaves, on the desk's wall clock. */
function leaves(preference: Partial<Preference>, raised: string, now = raised): string {
  const [raisedAt, from] = [Date.parse(desk(raised)), Date.parse(desk(now))];
  const { at } = mailWish({ ...NO_PREFERENCE, ...preference }, { raisedAt, now: from, calendar });
  return new Date(at + 7 * 3_600_000).toISOString().slice(0, 16).replace('T', ' ');
}

describe('a mail', () => {
  it('leaves at once where nothing else is wanted', () => {
    expect(leaves({}, '2024-01-18 09:12')).toBe('2024-01-18 09:12');
  });

  it('waits for the end of quiet hours', () => {
    const quietHours = [{ from: '11:30', to: '13:30' }];
    expect(leaves({ quietHours }, '2024-01-18 11:45')).toBe('2024-01-18 13:30');
    expect(leaves({ quietHours }, '2024-01-18 13:30')).toBe('2024-01-18 13:30');
  });

  it('is part of the digest when the office opens the next time, over a weekend and a day off', () => {
    expect(leaves({ mail: 'digest' }, '2024-01-18 09:12')).toBe('2024-01-19 07:00');
    expect(leaves({ mail: 'digest' }, '2024-01-19 07:00')).toBe('2024-01-23 07:00');
    expect(leaves({ mail: 'digest' }, '2024-01-18 09:12', '2024-01-19 08:00')).toBe('2024-01-19 08:00');
    const quietHours = [{ from: '22:00', to: '08:00' }];
    expect(leaves({ mail: 'digest', quietHours }, '2024-01-18 09:12')).toBe('2024-01-19 08:00');
  });
});
