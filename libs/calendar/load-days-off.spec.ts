import { describe, expect, it } from '@jest/globals';
import { loadDaysOff } from './load-days-off.js';

const row = (date: string, kind: string, certainty: string) => ({
  date,
  kind,
  certainty,
  name: '',
  source: '',
});

describe('a table of days', () => {
  const rows = [
    row('2026-01-01', 'holiday', 'high'),
    row('2026-01-02', 'swap_off', 'high'),
    row('2026-01-10', 'working_weekend', 'high'),
    row('2026-04-27', 'compensatory_off', 'medium'),
    row('2026-11-23', 'swap_off', 'low'),
    row('2026-11-28', 'working_weekend', 'low'),
  ];

  it('gives days off and make-up days, proposals left out', () => {
    const daysOff = ['2026-01-01', '2026-01-02', '2026-04-27'];
    expect(loadDaysOff(rows)).toEqual({ daysOff, workingDays: ['2026-01-10'] });
  });
  it('gives proposals to who asks for them', () => {
    expect(loadDaysOff(rows, ['low'])).toEqual({ daysOff: ['2026-11-23'], workingDays: ['2026-11-28'] });
  });
  it('of an unknown kind or certainty is refused', () => {
    expect(() => loadDaysOff([row('2026-01-01', 'feast', 'high')])).toThrow(
      '2026-01-01 is of an unknown kind: feast',
    );
    expect(() => loadDaysOff([row('2026-01-01', 'holiday', 'sure')])).toThrow('unknown certainty: sure');
  });
});
