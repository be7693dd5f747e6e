import type { CalendarDefinition, StartRule, Weekday } from './calendar.js';
import { CalendarError } from './calendar-error.js';
import { DAY_MS, MINUTE_MS, parseDay } from './instants.js';

/** Opening and closing, in milliseconds of the wall clock after midnight. */
export type Hours = readonly { readonly open: number; readonly close: number }[];

/** A definition that was found sound, in numbers. Days are numbered from 1970-01-01; the week begins on Monday. */
export interface CheckedCalendar {
  readonly zone: string;
  readonly startRule: StartRule;
  readonly week: readonly Hours[];
  readonly daysOff: ReadonlySet<number>;
  readonly daysOffYearly: ReadonlySet<string>;
  readonly workingDays: ReadonlySet<number>;
  readonly hours: ReadonlyMap<number, Hours>;
}

const WEEKDAYS: readonly Weekday[] = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];
const MEMBERS: readonly (keyof CalendarDefinition)[] = [
  'zone',
  'startRule',
  'week',
  'daysOff',
  'daysOffYearly',
  'workingDays',
  'hours',
];

/** Takes anything, as definitions come out of files; throws CalendarError at the first thing that is wrong. */
export function checkCalendar(definition: unknown): CheckedCalendar {
  const given = objectAt('calendar', definition, MEMBERS);
  const { zone, startRule = 'next_day' } = given;
  if (typeof zone !== 'string')
    throw new CalendarError('zone must be the name of a time zone, like Asia/Ho_Chi_Minh');
  if (startRule !== 'next_day' && startRule !== 'immediate') {
    throw new CalendarError(`startRule must be next_day or immediate, not ${show(startRule)}`);
  }
  const week = objectAt('week', given['week'], WEEKDAYS);
  const hours = Object.entries(objectAt('hours', given['hours'] ?? {}));
  return {
    zone,
    startRule,
    week: WEEKDAYS.map((weekday) => hoursAt(`week.${weekday}`, week[weekday] ?? [])),
    daysOff: new Set(textsAt('daysOff', given['daysOff']).map((date) => dayAt('daysOff', date))),
    daysOffYearly: new Set(textsAt('daysOffYearly', given['daysOffYearly']).map(yearlyDate)),
    workingDays: new Set(
      textsAt('workingDays', given['workingDays']).map((date) => dayAt('workingDays', date)),
    ),
    hours: new Map(hours.map(([date, of]) => [dayAt('hours', date), hoursAt(`hours.${date}`, of)])),
  };
}

function objectAt(where: string, value: unknown, known?: readonly string[]): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new CalendarError(`${where} must be an object, not ${show(value)}`);
  }
  const unknown = known && Object.keys(value).find((key) => !known.includes(key));
  if (known && unknown !== undefined) {
    throw new CalendarError(`${where} has an unknown member ${show(unknown)}; known are ${known.join(', ')}`);
  }
  return { ...value };
}

function textsAt(where: string, value: unknown): unknown[] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) throw new CalendarError(`${where} must be a list of dates, not ${show(value)}`);
  return value;
}

function dayAt(where: string, date: unknown): number {
  const day = typeof date === 'string' ? parseDay(date) : null;
  if (day === null) throw new CalendarError(`${where} has a bad date ${show(date)}; write YYYY-MM-DD`);
  return day;
}

function yearlyDate(date: unknown): string {
  if (typeof date !== 'string' || parseDay(`2000-${date}`) === null) {
    throw new CalendarError(`daysOffYearly has a bad date ${show(date)}; write MM-DD`);
  }
  return date;
}

function hoursAt(where: string, value: unknown): Hours {
  if (!Array.isArray(value)) throw new CalendarError(`${where} must be a list of hours, not ${show(value)}`);
  let closed = 0;
  return value.map((pair: unknown) => {
    if (!Array.isArray(pair) || pair.length !== 2) {
      throw new CalendarError(`${where} must hold pairs like ["07:00","11:30"], not ${show(pair)}`);
    }
    const open = timeAt(where, pair[0]);
    const close = timeAt(where, pair[1]);
    if (open >= close) throw new CalendarError(`${where} closes before it opens: ${show(pair)}`);
    if (open < closed) throw new CalendarError(`${where} overlaps or is out of order at ${show(pair)}`);
    closed = close;
    return { open, close };
  });
}

function timeAt(where: string, time: unknown): number {
  if (time === '24:00') return DAY_MS;
  const parts = typeof time === 'string' ? /^([01]\d|2[0-3]):([0-5]\d)$/.exec(time) : null;
  if (!parts)
    throw new CalendarError(`${where} has a bad time ${show(time)}; write HH:MM from 00:00 to 24:00`);
  return (Number(parts[1]) * 60 + Number(parts[2])) * MINUTE_MS;
}

function show(value: unknown): string {
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}
