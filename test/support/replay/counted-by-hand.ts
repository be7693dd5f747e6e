import { readFileSync } from 'node:fs';
import { parse } from 'csv-parse/sync';
import { Temporal } from 'temporal-polyfill';
import type { ReminderRule } from '#libs/reference/reminder-rules.js';
import { RECEIPT } from './receipt.js';

/**
 * What the reminders of a case must be, day by day: none of the product's planning, folding or calendar is used here.
 * The office of the test's mapping is open from Monday to Friday, from 9 to 17, and has no day off.
 */
const ZONE = 'Europe/Amsterdam';
const [OPENS, CLOSES, LAST_WEEKDAY] = [9, 17, 5];

export interface Case {
  readonly code: string;
  readonly start: number;
  readonly due: number;
  readonly end: number | null;
}

export interface Expected {
  readonly code: string;
  readonly id: string;
  /** ISO 8601 in UTC. */
  readonly at: string;
}

/** As the file has them, without the import. */
export function readCases(): Case[] {
  const rows: Record<string, string>[] = parse(readFileSync(RECEIPT), { columns: true });
  const at = (text = ''): number => Date.parse(text.replace(' ', 'T'));
  const cases = rows.map((row): [string, Case] => {
    const code = row['case:concept:name'] ?? '';
    const end = row['case:enddate'] ? at(row['case:enddate']) : null;
    return [code, { code, start: at(row['case:startdate']), due: at(row['case:deadline']), end }];
  });
  return [...new Map(cases).values()];
}

/** When the case ended as far as a desk could know: none ends before it comes in. */
export const knownEnd = ({ start, end }: Case): number => (end === null ? Infinity : Math.max(start, end));

/** The due instant, if it passed by then while the case was open. */
export function overdueOf(one: Case, until: number): string | null {
  return one.due < knownEnd(one) && one.due <= until ? iso(one.due) : null;
}

/** Every reminder of a case by these rules up to an instant, each with when it is to be raised. */
export function remindersOf(one: Case, rules: readonly ReminderRule[], until: number): Expected[] {
  const end = knownEnd(one);
  return rules.flatMap((rule): Expected[] => {
    const collecting = rule.about === 'collection';
    if (!collecting && rule.about !== 'result' && rule.about !== 'apology') return [];
    if (collecting && one.end === null) return [];
    // A result is to be fetched since the case ended, and there is no deadline.
    const since = collecting ? (one.end ?? 0) : one.due;
    const [known, over] = collecting ? [end, Infinity] : [one.start, end];
    const wanted = wantedAt(rule.when, one, since);
    const told = wanted === null ? null : nextOfficeHour(wanted);
    // What is told at the deadline is told when that has passed.
    const at = told === one.due ? told + 1 : told;
    if (at === null || at < known || at >= over || at > until) return [];
    // What is to come before the deadline is of no use after it.
    if (isBefore(rule.when) && at >= one.due) return [];
    return [
      { code: one.code, id: [rule.about, nameOf(rule.when), rule.to, iso(since)].join('/'), at: iso(at) },
    ];
  });
}

export function isOfficeHour(at: string): boolean {
  const { hours } = dayAt(Date.parse(at));
  return hours !== null && hours[0] <= Date.parse(at) && Date.parse(at) <= hours[1];
}

function wantedAt(when: ReminderRule['when'], { start, due }: Case, since: number): number | null {
  if ('share' in when) return shareOfWork(start, due, when.share);
  if ('on' in when) {
    if (when.on === 'due') return due;
    const opening = dayAt(due).hours?.[0];
    return opening !== undefined && opening > start && opening <= due ? opening : null;
  }
  const [step, { value, unit }] =
    'before' in when ? ([-1, when.before] as const) : ([1, when.after] as const);
  if (unit !== 'day' && unit !== 'working_day') throw new Error(`no rule in ${unit} is counted by hand`);
  let day = dayAt(since);
  for (let left = value; left > 0;) {
    day = beside(day, step);
    if (unit === 'day' || day.hours) left -= 1;
  }
  const plainTime = Temporal.Instant.fromEpochMilliseconds(since).toZonedDateTimeISO(ZONE).toPlainTime();
  return day.date.toZonedDateTime({ timeZone: ZONE, plainTime }).epochMilliseconds;
}

/** When that part of the office hours between two instants is over; null where there are none. */
function shareOfWork(from: number, to: number, share: number): number | null {
  const open: [number, number][] = [];
  for (let day = dayAt(from); day.midnight < to; day = beside(day, 1)) {
    const [opens, closes] = day.hours ? [Math.max(from, day.hours[0]), Math.min(to, day.hours[1])] : [0, 0];
    if (opens < closes) open.push([opens, closes]);
  }
  let left = open.reduce((sum, [opens, closes]) => sum + closes - opens, 0) * share;
  for (const [opens, closes] of open) {
    if (left <= closes - opens) return Math.floor(opens + left);
    left -= closes - opens;
  }
  return null;
}

export function nextOfficeHour(at: number): number {
  let day = dayAt(at);
  while (!day.hours || at > day.hours[1]) day = beside(day, 1);
  return Math.max(at, day.hours[0]);
}

interface Day {
  readonly index: number;
  readonly date: Temporal.PlainDate;
  readonly midnight: number;
  readonly hours: readonly [number, number] | null;
}

/** The days of the log, and enough before and after it. */
const DAYS: readonly Day[] = Array.from({ length: 1_200 }, (_, index) => {
  const date = Temporal.PlainDate.from('2010-07-01').add({ days: index });
  const at = (hour: number): number =>
    date.toZonedDateTime({ timeZone: ZONE, plainTime: { hour } }).epochMilliseconds;
  const hours = date.dayOfWeek <= LAST_WEEKDAY ? ([at(OPENS), at(CLOSES)] as const) : null;
  return { index, date, midnight: at(0), hours };
});

function dayAt(ms: number): Day {
  const day = DAYS.findLast(({ midnight }) => midnight <= ms);
  if (!day || day.index === DAYS.length - 1) throw new RangeError(`no day is known at ${iso(ms)}`);
  return day;
}

function beside({ index }: Day, step: 1 | -1): Day {
  const day = DAYS[index + step];
  if (!day) throw new RangeError('the days that are known are over');
  return day;
}

const isBefore = (when: ReminderRule['when']): boolean =>
  'share' in when || 'before' in when || ('on' in when && when.on === 'last_day');

function nameOf(when: ReminderRule['when']): string {
  if ('share' in when) return `share-${when.share}`;
  if ('on' in when) return when.on;
  return 'before' in when
    ? `before-${when.before.value}-${when.before.unit}`
    : `after-${when.after.value}-${when.after.unit}`;
}

const iso = (ms: number): string => new Date(ms).toISOString();
