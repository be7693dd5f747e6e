import type { CalendarDefinition, StartRule } from './calendar.js';
import { CalendarError } from './calendar-error.js';
import { checkCalendar, type CheckedCalendar, type Hours } from './check-calendar.js';
import { DayTally } from './day-tally.js';
import { DAY_MS, firstDayOfYear, formatDay, LAST_DAY, weekdayOf, yearOfDay } from './instants.js';
import { Zone } from './zone.js';

/** A stretch of time in milliseconds since 1970, the end not included. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** Why a date is not worked. */
export type WhyOff = 'weekend' | 'day_off' | 'yearly_day_off' | 'no_hours';

/**
 * Checks a definition and makes it ready to be asked. Keep the result: it remembers what it has worked out.
 * Throws CalendarError, which says what is wrong with the definition.
 */
export function compileCalendar(definition: CalendarDefinition): Calendar {
  return new Calendar(checkCalendar(definition));
}

/** A calendar that can be asked. Days are numbered from 1970-01-01; instants are milliseconds since then. */
export class Calendar {
  readonly zone: Zone;
  readonly startRule: StartRule;
  private readonly singleDays = new Map<number, number[]>();
  private readonly irregular = new Map<number, readonly { day: number; days: number; ms: number }[]>();
  private readonly lastDay: number;
  private readonly starts = new Remembered((day) => this.zone.toInstant(day * DAY_MS));
  private readonly spans = new Remembered((day) => this.spansFrom(day));
  private readonly days: DayTally;
  private readonly ms: DayTally;

  constructor(private readonly checked: CheckedCalendar) {
    const { week, daysOff, daysOffYearly, workingDays, hours } = checked;
    this.zone = Zone.of(checked.zone);
    this.startRule = checked.startRule;
    let lastSingleDay = -Infinity;
    for (const day of new Set([...daysOff, ...workingDays, ...hours.keys()])) {
      const year = yearOfDay(day);
      const sameYear = this.singleDays.get(year);
      if (sameYear) sameYear.push(day);
      else this.singleDays.set(year, [day]);
      lastSingleDay = Math.max(lastSingleDay, day);
    }
    const goesOn = week.some((of) => of.length > 0) && daysOffYearly.size < 366;
    this.lastDay = goesOn ? LAST_DAY : lastSingleDay;
    const pick = (of: 'days' | 'ms') => (year: number) =>
      this.irregularDays(year).map((irregular) => ({ day: irregular.day, worth: irregular[of] }));
    this.days = new DayTally(
      week.map((of) => (of.length > 0 ? 1 : 0)),
      pick('days'),
    );
    this.ms = new DayTally(week.map(lengthOf), pick('ms'));
  }

  /** The date the wall clock of the zone shows. */
  dayOf(ms: number): number {
    return Math.floor(this.zone.toWall(ms) / DAY_MS);
  }

  /** Why a date is off, or null if it is worked. */
  whyOff(day: number): WhyOff | null {
    return this.spansOn(day).length > 0 ? null : (this.plan(day).why ?? 'no_hours');
  }

  /** The office hours of a date as they really pass: a night over a change of the clocks is shorter or longer. */
  spansOn(day: number): readonly Span[] {
    return this.spans.of(day);
  }

  private spansFrom(day: number): readonly Span[] {
    const { hours } = this.plan(day);
    if (hours.length === 0) return [];
    const end = this.startOf(day + 1);
    let shut = this.startOf(day);
    const spans: Span[] = [];
    for (const { open, close } of hours) {
      const from = Math.max(shut, this.zone.toInstant(day * DAY_MS + open));
      const to = Math.min(end, this.zone.toInstant(day * DAY_MS + close));
      if (from < to) {
        spans.push({ from, to });
        shut = to;
      }
    }
    return spans;
  }

  /** The n-th worked day from `from` on, which is the first itself if it is worked. */
  workedDay(n: number, from: number): number {
    return this.find(this.days, this.days.before(from) + n, from);
  }

  /** The instant itself while the office is open, else the next opening. */
  nextOpening(ms: number): number {
    const day = this.dayAround(ms);
    const span = this.spansOn(day).find(({ to }) => ms < to);
    return span ? Math.max(ms, span.from) : this.openingOf(this.workedDay(1, day + 1));
  }

  /** The first opening of a worked day. */
  openingOf(day: number): number {
    return this.spansOn(day)[0]?.from ?? this.startOf(day);
  }

  /** Working milliseconds passed until an instant, from an origin that stays the same: only differences mean something. */
  workedUntil(ms: number): number {
    const day = this.dayAround(ms);
    let sum = this.ms.before(day);
    for (const { from, to } of this.spansOn(day)) if (ms > from) sum += Math.min(ms, to) - from;
    return sum;
  }

  /** When `working` milliseconds (more than 0) of working time after an instant have run out; a closing stays a closing. */
  after(ms: number, working: number): number {
    const target = this.workedUntil(ms) + working;
    const day = this.find(this.ms, target, this.dayAround(ms));
    let left = target - this.ms.before(day);
    for (const { from, to } of this.spansOn(day)) {
      if (left <= to - from) return from + left;
      left -= to - from;
    }
    return this.startOf(day + 1);
  }

  private startOf(day: number): number {
    return this.starts.of(day);
  }

  /** The day whose beginning and end lie around an instant, also where midnight comes twice. */
  private dayAround(ms: number): number {
    const day = this.dayOf(ms);
    if (ms < this.startOf(day)) return day - 1;
    return ms < this.startOf(day + 1) ? day : day + 1;
  }

  private find(tally: DayTally, target: number, from: number): number {
    const day = tally.find(target, from, this.lastDay);
    if (day !== null) return day;
    throw new CalendarError(
      this.lastDay === LAST_DAY
        ? 'the due instant lies beyond the year 9999'
        : `the calendar has too little working time from ${formatDay(from)} on`,
    );
  }

  private plan(day: number): { hours: Hours; why: WhyOff | null } {
    const { week, daysOff, daysOffYearly, workingDays, hours } = this.checked;
    const usual = week[weekdayOf(day)] ?? [];
    const own = hours.get(day);
    if (own) return { hours: own, why: null };
    if (workingDays.has(day)) return { hours: usual.length > 0 ? usual : (week[0] ?? []), why: null };
    if (daysOff.has(day)) return { hours: [], why: 'day_off' };
    if (daysOffYearly.size > 0 && daysOffYearly.has(formatDay(day).slice(5))) {
      return { hours: [], why: 'yearly_day_off' };
    }
    return { hours: usual, why: usual.length > 0 ? null : 'weekend' };
  }

  private irregularDays(year: number): readonly { day: number; days: number; ms: number }[] {
    let irregular = this.irregular.get(year);
    if (!irregular) {
      const first = firstDayOfYear(year);
      const next = firstDayOfYear(year + 1);
      const days = new Set([...(this.singleDays.get(year) ?? []), ...this.yearlyDaysOff(first, next)]);
      // A change of the clocks can reach over the turn of a year.
      for (const near of [year - 1, year, year + 1]) {
        for (const day of this.zone.daysOfChange(near)) if (day >= first && day < next) days.add(day);
      }
      irregular = [...days]
        .sort((a, b) => a - b)
        .map((day) => {
          const spans = this.spansOn(day);
          return {
            day,
            days: spans.length > 0 ? 1 : 0,
            ms: spans.reduce((sum, { from, to }) => sum + to - from, 0),
          };
        });
      this.irregular.set(year, irregular);
    }
    return irregular;
  }

  private yearlyDaysOff(first: number, next: number): number[] {
    const leap = next - first === 366;
    return [...this.checked.daysOffYearly]
      .filter((date) => leap || date !== '02-29')
      .map((date) => {
        const inLeapYear =
          Date.UTC(2000, Number(date.slice(0, 2)) - 1, Number(date.slice(3))) / DAY_MS - firstDayOfYear(2000);
        return first + inLeapYear - (!leap && inLeapYear > 59 ? 1 : 0);
      });
  }
}

/** Days remembered, at most: some ten years. */
const MOST_DAYS = 4_000;

/** What follows from a day, worked out once: the same days are asked for again and again. */
class Remembered<T> {
  private readonly byDay = new Map<number, T>();

  constructor(private readonly workOut: (day: number) => T) {}

  of(day: number): T {
    let known = this.byDay.get(day);
    if (known === undefined) {
      if (this.byDay.size >= MOST_DAYS) this.byDay.clear();
      this.byDay.set(day, (known = this.workOut(day)));
    }
    return known;
  }
}

function lengthOf(hours: Hours): number {
  return hours.reduce((sum, { open, close }) => sum + close - open, 0);
}
