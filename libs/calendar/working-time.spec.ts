import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { parse } from 'csv-parse/sync';
import type { CalendarDefinition, DayHours, LimitUnit, StartRule } from './calendar.js';
import { compileCalendar } from './compile-calendar.js';
import { loadDaysOff } from './load-days-off.js';
import { dueInstant, localDate, resume, workingSeconds } from './working-time.js';

const hours: DayHours = [
  ['07:00', '11:30'],
  ['13:30', '17:00'],
];
const week = { mon: hours, tue: hours, wed: hours, thu: hours, fri: hours };
const vn = (startRule: StartRule, more: Partial<CalendarDefinition> = {}) =>
  compileCalendar({ zone: 'Asia/Ho_Chi_Minh', startRule, week, ...more });
/** 4 March 2024 is a Monday; times are those of the desk, UTC+7. */
const at = (day: number, time: string) => `2024-03-${String(day).padStart(2, '0')}T${time}:00+07:00`;
const utc = (text: string) => new Date(text).toISOString();
const nextDay = vn('next_day');
const immediate = vn('immediate');

describe('the published examples', () => {
  const read = (file: string) => readFileSync(file, 'utf8');
  const { definition } = JSON.parse(read('config/calendars/vn.json'));
  const days = loadDaysOff(parse(read('config/calendars/vn-days.csv'), { columns: true }));
  const calendar = compileCalendar({ ...definition, ...days });
  const examples: Record<string, string>[] = parse(read('config/calendars/clock-examples.csv'), {
    columns: true,
  });

  it('are nine', () => expect(examples).toHaveLength(9));

  it.each(examples)(
    '$received and $working_days working days: $due ($note)',
    ({ received, working_days, due }) => {
      const start = `${received}T10:15:00+07:00`;
      const limit = { value: Number(working_days), unit: 'working_day' } as const;
      expect(dueInstant(calendar, start, limit)).toBe(utc(`${due}T10:15:00+07:00`));
    },
  );
});

describe('a limit under next_day', () => {
  it.each([
    ['day 1 is the next working day, at the hour of the start', 4, '10:00', 1, 'working_day', 5, '10:00'],
    ['a start on a day off counts from the working day after it', 9, '10:00', 1, 'working_day', 11, '10:00'],
    ['a weekend is left out', 8, '10:00', 1, 'working_day', 11, '10:00'],
    ['an hour before opening becomes the opening', 4, '05:00', 1, 'working_day', 5, '07:00'],
    ['an hour in the break becomes its end', 4, '12:00', 1, 'working_day', 5, '13:30'],
    ['an hour exactly at the break stays', 4, '11:30', 1, 'working_day', 5, '11:30'],
    ['an hour exactly at closing stays', 4, '17:00', 1, 'working_day', 5, '17:00'],
    ['an hour after closing becomes the next working morning', 4, '18:00', 4, 'working_day', 11, '07:00'],
    ['no days are due at the start', 4, '10:00', 0, 'working_day', 4, '10:00'],
    ['no days from a day off are due at the next opening', 9, '10:00', 0, 'working_day', 11, '07:00'],
    ['hours run from the opening of the next working day', 8, '10:00', 2, 'working_hour', 11, '09:00'],
    ['hours leave out the break', 4, '10:00', 5, 'working_hour', 5, '14:00'],
    ['hours that run out exactly at the break are due there', 4, '10:00', 4.5, 'working_hour', 5, '11:30'],
    ['hours that run out exactly at closing are due there', 7, '10:00', 8, 'working_hour', 8, '17:00'],
    ['no hours are due when time begins to run', 4, '10:00', 0, 'working_hour', 5, '07:00'],
    ['minutes', 4, '10:00', 271, 'working_minute', 5, '13:31'],
    ['seconds', 4, '10:00', 60, 'working_second', 5, '07:01'],
  ] as const)('%s', (_rule, day, time, value, unit, dueDay, dueTime) => {
    expect(dueInstant(nextDay, at(day, time), { value, unit })).toBe(utc(at(dueDay, dueTime)));
  });
});

describe('a limit under immediate', () => {
  it.each([
    ['time runs from the start', 4, '10:00', 2, 'working_hour', 4, '14:00'],
    ['time runs from the next opening of a start in the break', 4, '12:00', 1, 'working_hour', 4, '14:30'],
    ['time runs from the next opening of a start after closing', 8, '17:30', 1, 'working_hour', 11, '08:00'],
    ['time that runs out exactly at closing is due there', 4, '15:00', 2, 'working_hour', 4, '17:00'],
    ['time goes on after closing', 4, '15:00', 2.5, 'working_hour', 5, '07:30'],
    ['no time is due at the start', 4, '10:00', 0, 'working_second', 4, '10:00'],
    ['no time from a closed office is due at the next opening', 4, '18:00', 0, 'working_second', 5, '07:00'],
    ['a day later at the same hour', 4, '10:00', 1, 'working_day', 5, '10:00'],
    ['a day from the break is the end of the next break', 4, '12:00', 1, 'working_day', 5, '13:30'],
    ['a full day from the opening ends at closing', 4, '07:00', 1, 'working_day', 4, '17:00'],
    ['full days from before opening end at closing', 4, '05:00', 2, 'working_day', 5, '17:00'],
    ['full days from a day off end at closing', 9, '10:00', 5, 'working_day', 15, '17:00'],
  ] as const)('%s', (_rule, day, time, value, unit, dueDay, dueTime) => {
    expect(dueInstant(immediate, at(day, time), { value, unit })).toBe(utc(at(dueDay, dueTime)));
  });
});

describe('a limit in days of the wall clock', () => {
  it.each([
    ['keeps the hour, also outside office hours', 4, '20:00', 2, 6, '20:00'],
    ['moves from a day off to the next working day and keeps the hour', 4, '20:00', 5, 11, '20:00'],
    ['of none from a day off moves too', 9, '10:00', 0, 11, '10:00'],
  ] as const)('%s', (_rule, day, time, value, dueDay, dueTime) => {
    for (const calendar of [nextDay, immediate]) {
      expect(dueInstant(calendar, at(day, time), { value, unit: 'day' })).toBe(utc(at(dueDay, dueTime)));
    }
  });
});

describe('which days are worked', () => {
  const due = (more: Partial<CalendarDefinition>, days: number) =>
    dueInstant(vn('next_day', more), at(8, '16:00'), { value: days, unit: 'working_day' });

  it('leaves out days off and yearly days off', () => {
    expect(due({ daysOff: ['2024-03-11'], daysOffYearly: ['03-12', '02-29'] }, 1)).toBe(utc(at(13, '16:00')));
  });
  it('works a make-up Saturday at the hours of Monday', () => {
    expect(due({ workingDays: ['2024-03-09'] }, 1)).toBe(utc(at(9, '16:00')));
  });
  it('works a make-up day that is also off, at the hours of its weekday', () => {
    const tue: DayHours = [['08:00', '12:00']];
    const more = {
      workingDays: ['2024-03-12'],
      daysOff: ['2024-03-12'],
      daysOffYearly: ['03-12'],
      week: { mon: hours, tue },
    };
    expect(due(more, 2)).toBe(utc(at(18, '07:00')));
  });
  it('lets the hours of a date win over all', () => {
    const more = {
      hours: { '2024-03-09': hours, '2024-03-11': [] },
      daysOff: ['2024-03-09'],
      workingDays: ['2024-03-11'],
    };
    expect(due(more, 1)).toBe(utc(at(9, '16:00')));
    expect(due(more, 2)).toBe(utc(at(12, '16:00')));
  });
});

describe('pauses', () => {
  const due = (pauses: [string, string | null][], unit: LimitUnit = 'working_hour', value = 8) =>
    dueInstant(
      immediate,
      at(4, '13:30'),
      { value, unit },
      pauses.map(([from, to]) => ({ from, to })),
    );

  it('let working time go on with what was left', () => {
    expect(due([[at(4, '14:30'), at(6, '07:00')]])).toBe(utc(at(6, '16:00')));
  });
  it('may overlap and come in any order', () => {
    const overlapping = due([
      [at(5, '08:00'), at(5, '10:00')],
      [at(5, '07:00'), at(5, '09:00')],
    ]);
    expect(overlapping).toBe(due([[at(5, '07:00'), at(5, '10:00')]]));
  });
  it('change nothing outside office hours, before the start or after the due instant', () => {
    const without = due([]);
    expect(due([[at(4, '18:00'), at(5, '06:00')]])).toBe(without);
    expect(due([[at(1, '08:00'), at(4, '13:30')]])).toBe(without);
    expect(due([[without, null]])).toBe(without);
  });
  it('change nothing before time began to run', () => {
    const limit = { value: 2, unit: 'working_hour' } as const;
    const pauses = [{ from: at(4, '11:00'), to: at(4, '15:00') }];
    expect(dueInstant(nextDay, at(4, '10:00'), limit, pauses)).toBe(utc(at(5, '09:00')));
    const standstill = {
      due: at(5, '09:00'),
      unit: limit.unit,
      pausedAt: at(4, '11:00'),
      resumedAt: at(4, '15:00'),
    };
    expect(resume(nextDay, { ...standstill, start: at(4, '10:00') })).toBe(utc(at(5, '09:00')));
  });
  it('move days of the wall clock by what the wall clock showed, and off days off', () => {
    expect(due([[at(5, '08:00'), at(6, '09:00')]], 'day', 2)).toBe(utc(at(7, '14:30')));
    expect(due([[at(5, '08:00'), at(8, '08:00')]], 'day', 2)).toBe(utc(at(11, '13:30')));
  });
  it('that are open stop the clock', () => {
    expect(() => due([[at(4, '14:00'), null]])).toThrow('clock is paused');
  });
  it('that end before they begin are an error', () => {
    expect(() => due([[at(5, '14:00'), at(5, '13:00')]])).toThrow('a pause ends before it begins');
  });
  it('leave the due instant where the clock had run out', () => {
    const standstill = {
      due: at(4, '17:00'),
      unit: 'working_day',
      pausedAt: at(4, '17:00'),
      resumedAt: at(8, '10:00'),
    } as const;
    expect(resume(nextDay, standstill)).toBe(utc(at(4, '17:00')));
  });
  it('that last past a due instant outside office hours end in the next opening', () => {
    const standstill = { due: at(11, '07:00'), unit: 'working_day', pausedAt: at(9, '10:00') } as const;
    expect(resume(nextDay, { ...standstill, resumedAt: at(12, '18:00') })).toBe(utc(at(13, '07:00')));
    expect(resume(nextDay, { ...standstill, resumedAt: at(10, '18:00') })).toBe(utc(at(11, '07:00')));
  });
});

describe('working time between two instants', () => {
  it('leaves out nights, breaks, days off and pauses', () => {
    expect(workingSeconds(nextDay, at(8, '16:00'), at(11, '14:30'))).toBe((1 + 4.5 + 1) * 3600);
    expect(
      workingSeconds(nextDay, at(8, '16:00'), at(11, '14:30'), [{ from: at(11, '11:00'), to: null }]),
    ).toBe(5 * 3600);
  });
  it('counts parts of a second', () => {
    expect(workingSeconds(nextDay, '2024-03-04T08:00:00.250+07:00', '2024-03-04T08:00:01+07:00')).toBe(0.75);
  });
  it('takes no span that ends before it begins', () => {
    expect(() => workingSeconds(nextDay, at(5, '10:00'), at(4, '10:00'))).toThrow('to lies before from');
  });
});

describe('what cannot be computed', () => {
  const empty = { zone: 'Asia/Ho_Chi_Minh', startRule: 'immediate', week: {} } as const;
  const one = { value: 1, unit: 'working_day' } as const;

  it.each(['working_second', 'working_minute', 'working_hour', 'working_day', 'day'] as const)(
    'a calendar with no working time (%s)',
    (unit) => {
      const never = { ...empty, hours: { '2020-01-01': hours } };
      for (const definition of [empty, never, { ...never, week: { mon: [] } }]) {
        expect(() => dueInstant(compileCalendar(definition), at(4, '10:00'), { value: 1, unit })).toThrow(
          'too little working time',
        );
      }
    },
  );
  it('a limit longer than the few days that are worked', () => {
    const calendar = compileCalendar({ ...empty, hours: { '2024-03-08': hours, '2031-05-05': hours } });
    expect(dueInstant(calendar, at(4, '10:00'), { value: 2, unit: 'working_day' })).toBe(
      utc('2031-05-05T17:00:00+07:00'),
    );
    expect(() => dueInstant(calendar, at(4, '10:00'), { value: 3, unit: 'working_day' })).toThrow(
      'too little working time',
    );
  });
  it('a week of which every day is a yearly day off', () => {
    const every = Array.from({ length: 366 }, (_, day) =>
      new Date(Date.UTC(2000, 0, 1 + day)).toISOString().slice(5, 10),
    );
    expect(() => dueInstant(vn('next_day', { daysOffYearly: every }), at(4, '10:00'), one)).toThrow(
      'too little working time',
    );
    const leapDays = vn('next_day', { daysOffYearly: every.filter((date) => date !== '02-29') });
    expect(dueInstant(leapDays, at(4, '10:00'), one)).toBe(utc('2028-02-29T10:00:00+07:00'));
  });
  it.each([
    [{ value: -1, unit: 'working_day' }, '0 or more'],
    [{ value: NaN, unit: 'working_hour' }, '0 or more'],
    [{ value: Infinity, unit: 'working_hour' }, '0 or more'],
    [{ value: 1.5, unit: 'working_day' }, 'whole number'],
    [{ value: 0.5, unit: 'day' }, 'whole number'],
    [{ value: 1e9, unit: 'day' }, 'too large'],
  ] as const)('the limit %j', (limit, message) => {
    expect(() => dueInstant(nextDay, at(4, '10:00'), limit)).toThrow(message);
  });
  it('an instant without an offset, or that is none', () => {
    for (const start of ['2024-03-04T10:00:00', '2024-02-30T10:00:00Z', 'Monday', '']) {
      expect(() => dueInstant(nextDay, start, one)).toThrow('start is not an instant with an offset');
    }
  });
  it('a due instant beyond the year 9999', () => {
    for (const unit of ['day', 'working_day', 'working_hour'] as const) {
      expect(() => dueInstant(nextDay, '9999-12-20T10:00:00+07:00', { value: 300, unit })).toThrow('9999');
    }
  });
});

describe('long limits', () => {
  it('of 10,000 working days come out as a walk over the days says', () => {
    const daysOff = ['2024-12-25', '2030-06-06', '2030-06-08'];
    const calendar = vn('next_day', {
      daysOff,
      workingDays: ['2040-01-07'],
      daysOffYearly: ['01-01', '09-02'],
    });
    let left = 10_000;
    let day = Date.parse('2024-03-04T00:00:00Z');
    while (left > 0) {
      day += 86_400_000;
      const date = new Date(day).toISOString().slice(0, 10);
      const off =
        [0, 6].includes(new Date(day).getUTCDay()) || daysOff.includes(date) || /-(01-01|09-02)$/.test(date);
      if (date === '2040-01-07' || !off) left--;
    }
    const due = `${new Date(day).toISOString().slice(0, 10)}T10:00:00+07:00`;
    expect(dueInstant(calendar, at(4, '10:00'), { value: 10_000, unit: 'working_day' })).toBe(utc(due));
  });
  it('of minutes over years agree with the working time counted back', () => {
    const limit = { value: 10_000 * 480, unit: 'working_minute' } as const;
    const due = dueInstant(immediate, at(4, '10:00'), limit);
    expect(workingSeconds(immediate, at(4, '10:00'), due)).toBe(limit.value * 60);
  });
});

describe('the date of an instant', () => {
  it('is that of the zone', () => {
    expect(localDate(nextDay, '2024-03-04T17:00:00Z')).toBe('2024-03-05');
    expect(localDate('America/New_York', '2024-03-04T02:00:00Z')).toBe('2024-03-03');
    expect(() => localDate('Mars/Olympus', '2024-03-04T02:00:00Z')).toThrow(
      'unknown time zone "Mars/Olympus"',
    );
  });
});
