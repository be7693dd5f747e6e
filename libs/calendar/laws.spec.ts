import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Temporal } from 'temporal-polyfill';
import type { CalendarDefinition, DayHours, LimitUnit, Weekday } from './calendar.js';
import { compileCalendar } from './compile-calendar.js';
import { explain, explainWorkingSeconds } from './explain.js';
import { dueInstant, resume, workingSeconds } from './working-time.js';

const MINUTE = 60_000;
const DAY = 1440 * MINUTE;
const WEEKDAYS: readonly Weekday[] = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];

// Around changes of the clocks in all of the zones, and the turn of a year.
const begins = [
  '2018-02-15',
  '2018-11-01',
  '2024-03-28',
  '2024-04-05',
  '2024-10-04',
  '2024-10-25',
  '2024-12-29',
];
const zone = fc.constantFrom(
  'Asia/Ho_Chi_Minh',
  'Europe/Amsterdam',
  'Australia/Lord_Howe',
  'America/Sao_Paulo',
  'UTC',
);
const minutes = (min: number, days: number) =>
  fc
    .tuple(fc.constantFrom(...begins), fc.integer({ min, max: days * 1440 }))
    .map(([date, after]) => Date.parse(`${date}T00:00:00Z`) + after * MINUTE);
const time = (quarter: number) =>
  `${String(Math.floor(quarter / 4)).padStart(2, '0')}:${String((quarter % 4) * 15).padStart(2, '0')}`;
const hours: fc.Arbitrary<DayHours> = fc
  .uniqueArray(fc.integer({ min: 0, max: 96 }), { minLength: 0, maxLength: 4 })
  .map((marks) => marks.sort((a, b) => a - b).map(time))
  .map((times) =>
    times.length < 2
      ? []
      : times.length < 4
        ? [[times[0]!, times[1]!]]
        : [
            [times[0]!, times[1]!],
            [times[2]!, times[3]!],
          ],
  );
const date = minutes(0, 9).map((ms) => iso(ms).slice(0, 10));
const definition: fc.Arbitrary<CalendarDefinition> = fc.record({
  zone,
  startRule: fc.constantFrom('next_day', 'immediate'),
  week: fc
    .tuple(fc.tuple(...WEEKDAYS.map(() => hours)), fc.constant<DayHours>([['08:00', '16:00']]))
    .map(([of, sure]) => ({ ...Object.fromEntries(WEEKDAYS.map((day, n) => [day, of[n]])), wed: sure })),
  daysOff: fc.array(date, { maxLength: 5 }),
  daysOffYearly: fc.array(
    date.map((one) => one.slice(5)),
    { maxLength: 3 },
  ),
  workingDays: fc.array(date, { maxLength: 4 }),
  hours: fc.dictionary(date, hours, { maxKeys: 3 }),
});
const pauses = fc.array(
  fc.tuple(minutes(0, 8), fc.integer({ min: 0, max: 3000 })).map(([from, length]) => ({
    from: iso(from),
    to: iso(from + length * MINUTE),
  })),
  { maxLength: 3 },
);
const timeLimit = fc.record({
  value: fc.integer({ min: 1, max: 5000 }),
  unit: fc.constantFrom<LimitUnit>('working_minute', 'working_second'),
});
const anyLimit = fc.oneof(
  timeLimit,
  fc.record({
    value: fc.integer({ min: 0, max: 40 }),
    unit: fc.constantFrom<LimitUnit>('working_hour', 'working_day', 'day'),
  }),
);

function iso(ms: number): string {
  return new Date(ms).toISOString();
}

/** The office hours of a date, found the long way round. */
function openSpans(calendar: CalendarDefinition, day: Temporal.PlainDate): [number, number][] {
  const usual = calendar.week[WEEKDAYS[day.dayOfWeek - 1]!] ?? [];
  const name = day.toString();
  const off = calendar.daysOff?.includes(name) || calendar.daysOffYearly?.includes(name.slice(5));
  const worked = calendar.workingDays?.includes(name);
  const madeUp = usual.length > 0 ? usual : (calendar.week.mon ?? []);
  const plan = calendar.hours?.[name] ?? (worked ? madeUp : off ? [] : usual);
  const instant = (clock: string) =>
    clock === '24:00'
      ? day.add({ days: 1 }).toZonedDateTime(calendar.zone).epochMilliseconds
      : day.toZonedDateTime({ timeZone: calendar.zone, plainTime: clock }).epochMilliseconds;
  return plan.map(([open, close]) => [instant(open), instant(close)]);
}

/** Working minutes by looking at every minute. */
function countMinutes(calendar: CalendarDefinition, from: number, to: number): number {
  const spans: [number, number][] = [];
  const last = Temporal.Instant.fromEpochMilliseconds(to + DAY)
    .toZonedDateTimeISO(calendar.zone)
    .toPlainDate();
  let day = Temporal.Instant.fromEpochMilliseconds(from - DAY)
    .toZonedDateTimeISO(calendar.zone)
    .toPlainDate();
  for (; Temporal.PlainDate.compare(day, last) <= 0; day = day.add({ days: 1 }))
    spans.push(...openSpans(calendar, day));
  let count = 0;
  for (let minute = from; minute < to; minute += MINUTE) {
    if (spans.some(([open, close]) => open <= minute && minute < close)) count++;
  }
  return count;
}

describe('laws of working time', () => {
  it('it is what looking at every minute gives', () => {
    fc.assert(
      fc.property(definition, minutes(0, 5), fc.integer({ min: 0, max: 8000 }), (calendar, from, length) => {
        const to = from + length * MINUTE;
        const compiled = compileCalendar(calendar);
        expect(workingSeconds(compiled, iso(from), iso(to))).toBe(countMinutes(calendar, from, to) * 60);
      }),
      { numRuns: 150 },
    );
  });

  it('it adds up over any split, pauses or not', () => {
    fc.assert(
      fc.property(
        definition,
        fc.tuple(minutes(0, 9), minutes(0, 9), minutes(0, 9)),
        pauses,
        (calendar, three, stops) => {
          const compiled = compileCalendar(calendar);
          const [a, b, c] = three.sort((x, y) => x - y).map(iso) as [string, string, string];
          const parts = workingSeconds(compiled, a, b, stops) + workingSeconds(compiled, b, c, stops);
          expect(workingSeconds(compiled, a, c, stops)).toBe(parts);
        },
      ),
    );
  });

  it('until the due instant of an immediate limit it equals the limit, pauses or not', () => {
    fc.assert(
      fc.property(definition, minutes(0, 9), timeLimit, pauses, (calendar, start, limit, stops) => {
        const compiled = compileCalendar({ ...calendar, startRule: 'immediate' });
        const due = dueInstant(compiled, iso(start), limit, stops);
        const seconds = limit.value * (limit.unit === 'working_minute' ? 60 : 1);
        expect(workingSeconds(compiled, iso(start), due, stops)).toBe(seconds);
      }),
    );
  });

  it('the due instant is the first by which the limit has passed', () => {
    fc.assert(
      fc.property(definition, minutes(0, 9), timeLimit, (calendar, start, limit) => {
        const compiled = compileCalendar({ ...calendar, startRule: 'immediate' });
        const due = Date.parse(dueInstant(compiled, iso(start), limit));
        const seconds = limit.value * (limit.unit === 'working_minute' ? 60 : 1);
        expect(workingSeconds(compiled, iso(start), iso(due - 1))).toBeCloseTo(seconds - 0.001, 6);
      }),
    );
  });
});

describe('laws of days', () => {
  const dateAt = (calendar: CalendarDefinition, ms: number) =>
    Temporal.Instant.fromEpochMilliseconds(ms).toZonedDateTimeISO(calendar.zone);
  const open = (calendar: CalendarDefinition, day: Temporal.PlainDate) =>
    openSpans(calendar, day).filter(([from, to]) => from < to);

  it('working days are what walking over the dates gives', () => {
    fc.assert(
      fc.property(definition, minutes(0, 9), fc.integer({ min: 1, max: 60 }), (random, start, value) => {
        const calendar: CalendarDefinition = { ...random, startRule: 'next_day' };
        const begin = dateAt(calendar, start);
        let day = begin.toPlainDate();
        for (let left = value; left > 0;) {
          day = day.add({ days: 1 });
          if (open(calendar, day).length > 0) left--;
        }
        const sameHour = day.toZonedDateTime({
          timeZone: calendar.zone,
          plainTime: begin.toPlainTime(),
        }).epochMilliseconds;
        let span = open(calendar, day).find(([, to]) => sameHour <= to);
        while (!span) {
          day = day.add({ days: 1 });
          span = open(calendar, day)[0];
        }
        const due = dueInstant(compileCalendar(calendar), iso(start), { value, unit: 'working_day' });
        expect(due).toBe(iso(Math.max(sameHour, span[0])));
      }),
      { numRuns: 300 },
    );
  });

  it('days of the wall clock are what the date library adds, moved to a working day', () => {
    fc.assert(
      fc.property(definition, minutes(0, 9), fc.integer({ min: 0, max: 400 }), (calendar, start, value) => {
        const begin = dateAt(calendar, start);
        let moved = value;
        while (open(calendar, begin.toPlainDate().add({ days: moved })).length === 0) moved++;
        const due = dueInstant(compileCalendar(calendar), iso(start), { value, unit: 'day' });
        expect(due).toBe(moved === 0 ? iso(start) : iso(begin.add({ days: moved }).epochMilliseconds));
      }),
    );
  });
});

describe('laws of pauses', () => {
  it('a pause of no length, or at or after the due instant, changes nothing', () => {
    fc.assert(
      fc.property(definition, minutes(0, 9), anyLimit, minutes(0, 9), (calendar, start, limit, pausedAt) => {
        const compiled = compileCalendar(calendar);
        const due = dueInstant(compiled, iso(start), limit);
        const at = iso(pausedAt);
        expect(dueInstant(compiled, iso(start), limit, [{ from: at, to: at }])).toBe(due);
        expect(dueInstant(compiled, iso(start), limit, [{ from: due, to: iso(Date.parse(due) + DAY) }])).toBe(
          due,
        );
        expect(resume(compiled, { due, unit: limit.unit, pausedAt: at, resumedAt: at })).toBe(due);
      }),
    );
  });

  it('a pause never brings the due instant forward, nor ends after it (if there is something to count)', () => {
    fc.assert(
      fc.property(definition, minutes(0, 9), anyLimit, pauses, (calendar, start, limit, stops) => {
        const compiled = compileCalendar(calendar);
        fc.pre(limit.value > 0);
        const without = dueInstant(compiled, iso(start), limit);
        // Where an hour comes twice, a day of the wall clock ends in the first.
        const slack = limit.unit === 'day' ? 60 * MINUTE : 0;
        const due = Date.parse(dueInstant(compiled, iso(start), limit, stops)) + slack;
        expect(due).toBeGreaterThanOrEqual(Date.parse(without));
        for (const { from, to } of stops) {
          if (to > from && to > iso(start) && from < without)
            expect(due).toBeGreaterThanOrEqual(Date.parse(to));
        }
      }),
    );
  });
});

describe('laws of explanations', () => {
  it('what is counted sums up to the working time', () => {
    fc.assert(
      fc.property(definition, fc.tuple(minutes(0, 9), minutes(0, 9)), pauses, (calendar, two, stops) => {
        const compiled = compileCalendar(calendar);
        const [from, to] = two.sort((x, y) => x - y).map(iso) as [string, string];
        if (Date.parse(to) - Date.parse(from) > 400 * DAY) return;
        const { counted, workingSeconds: sum } = explainWorkingSeconds(compiled, from, to, stops);
        expect(counted.reduce((all, { seconds }) => all + seconds, 0)).toBe(sum);
      }),
    );
  });

  it('what is counted sums up to the limit, and the last of it ends when it is due', () => {
    fc.assert(
      fc.property(definition, minutes(0, 9), timeLimit, pauses, (calendar, start, limit, stops) => {
        const compiled = compileCalendar(calendar);
        const { counted, due } = explain(compiled, iso(start), limit, stops);
        const seconds = limit.value * (limit.unit === 'working_minute' ? 60 : 1);
        expect(counted.reduce((all, one) => all + one.seconds, 0)).toBe(seconds);
        expect(counted.at(-1)?.to).toBe(due);
      }),
    );
  });
});
