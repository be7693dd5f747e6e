import type { Limit, LimitUnit, Pause } from './calendar.js';
import { CalendarError } from './calendar-error.js';
import type { Calendar, Span } from './compile-calendar.js';
import { DAY_MS, formatDay, formatInstant, parseInstant } from './instants.js';
import { limitOf } from './limit.js';
import { pausesSince } from './pauses.js';
import { Zone } from './zone.js';

/**
 * When a limit that starts at `start` runs out, pauses left out: ISO 8601 in UTC with milliseconds.
 * Pauses may come in any order and overlap; those that begin at or after the due instant change nothing.
 * Throws CalendarError: bad instant or limit, too little working time, due beyond the year 9999, or `clock is paused`
 * when an open pause begins before the due instant.
 */
export function dueInstant(
  calendar: Calendar,
  start: string,
  limit: Limit,
  pauses: readonly Pause[] = [],
): string {
  return formatInstant(countLimit(calendar, start, limit, pauses).due, 'the due instant');
}

/** Working seconds (with decimals) between two instants, pauses left out; an open pause lasts to the end. */
export function workingSeconds(
  calendar: Calendar,
  from: string,
  to: string,
  pauses: readonly Pause[] = [],
): number {
  const begin = parseInstant(from, 'from');
  const end = parseInstant(to, 'to');
  if (end < begin) throw new CalendarError(`to lies before from: ${from} to ${to}`);
  let working = calendar.workedUntil(end) - calendar.workedUntil(begin);
  for (const pause of pausesSince(begin, pauses)) {
    if (pause.from >= end) break;
    working -= calendar.workedUntil(Math.min(pause.to, end)) - calendar.workedUntil(pause.from);
  }
  return working / 1000;
}

/** A clock that stood still. Instants with an offset. */
export interface Standstill {
  /** When it was to run out, had it not stood still. */
  readonly due: string;
  readonly unit: LimitUnit;
  readonly pausedAt: string;
  readonly resumedAt: string;
  /** Start of the limit. If given, a standstill before time began to run under `next_day` changes nothing. */
  readonly start?: string;
}

/**
 * The new due instant of a clock that stood still for once: working time goes on with what was left, `day` moves by
 * what the wall clock showed between. A clock that was paused at or after its due instant had run out: unchanged.
 */
export function resume(calendar: Calendar, standstill: Standstill): string {
  const due = parseInstant(standstill.due, 'due');
  const from = parseInstant(standstill.pausedAt, 'pausedAt');
  const to = parseInstant(standstill.resumedAt, 'resumedAt');
  if (to < from) throw new CalendarError(`resumedAt lies before pausedAt: ${standstill.resumedAt}`);
  const { start, unit } = standstill;
  const since = start === undefined ? from : runsFrom(calendar, parseInstant(start, 'start'), unit);
  const pause = { from: Math.max(from, since), to };
  return formatInstant(pause.from < to ? afterPause(calendar, due, unit, pause) : due, 'the due instant');
}

/** The date `YYYY-MM-DD` at an instant in a calendar's zone, or in the zone of that name. */
export function localDate(where: Calendar | string, instant: string): string {
  const zone = typeof where === 'string' ? Zone.of(where) : where.zone;
  return formatDay(Math.floor(zone.toWall(parseInstant(instant)) / DAY_MS));
}

/** A limit counted out, in milliseconds since 1970. */
export interface CountedLimit {
  readonly start: number;
  /** From when on time runs. */
  readonly since: number;
  readonly due: number;
  /** Those that moved the due instant. */
  readonly pauses: readonly Span[];
}

/** `dueInstant` with what led to it. */
export function countLimit(
  calendar: Calendar,
  start: string,
  limit: Limit,
  pauses: readonly Pause[],
): CountedLimit {
  const begin = parseInstant(start, 'start');
  const { value, unit, ms } = limitOf(limit);
  const since = runsFrom(calendar, begin, unit);
  let due: number;
  if (unit === 'day') due = afterDays(calendar, begin, value);
  else if (unit === 'working_day') due = afterWorkingDays(calendar, begin, value);
  else due = ms > 0 ? calendar.after(since, ms) : since;
  const counted: Span[] = [];
  for (const pause of pausesSince(since, pauses)) {
    if (pause.from >= due) break;
    if (pause.to === Infinity) throw new CalendarError('clock is paused');
    due = afterPause(calendar, due, unit, pause);
    counted.push(pause);
  }
  return { start: begin, since, due, pauses: counted };
}

function runsFrom(calendar: Calendar, start: number, unit: LimitUnit): number {
  // Whole days keep the hour of the start, so that the rest of its day is given back on the last one.
  if (unit === 'day' || unit === 'working_day') return start;
  if (calendar.startRule === 'immediate') return calendar.nextOpening(start);
  return calendar.openingOf(calendar.workedDay(1, calendar.dayOf(start) + 1));
}

function afterDays(calendar: Calendar, start: number, days: number): number {
  if (days === 0 && calendar.whyOff(calendar.dayOf(start)) === null) return start;
  return onWorkedDay(calendar, calendar.zone.toWall(start) + days * DAY_MS);
}

function onWorkedDay(calendar: Calendar, wall: number): number {
  const day = Math.floor(wall / DAY_MS);
  return calendar.zone.toInstant(wall + (calendar.workedDay(1, day) - day) * DAY_MS);
}

function afterWorkingDays(calendar: Calendar, start: number, days: number): number {
  if (days === 0) return calendar.nextOpening(start);
  const begin = calendar.startRule === 'immediate' ? calendar.nextOpening(start) : start;
  const first = calendar.dayOf(begin);
  if (calendar.startRule === 'immediate' && begin === calendar.openingOf(first)) {
    const spans = calendar.spansOn(calendar.workedDay(days, first));
    return spans.at(-1)?.to ?? begin;
  }
  const due = calendar.workedDay(days, first + 1);
  const sameHour = calendar.zone.toInstant(calendar.zone.toWall(begin) + (due - first) * DAY_MS);
  const span = calendar.spansOn(due).find(({ to }) => sameHour <= to);
  return span ? Math.max(sameHour, span.from) : calendar.openingOf(calendar.workedDay(1, due + 1));
}

function afterPause(calendar: Calendar, due: number, unit: LimitUnit, pause: Span): number {
  if (pause.from >= due) return due;
  if (unit === 'day') {
    const { zone } = calendar;
    return onWorkedDay(calendar, zone.toWall(due) + zone.toWall(pause.to) - zone.toWall(pause.from));
  }
  const paused = calendar.workedUntil(pause.from);
  if (pause.to <= due && calendar.workedUntil(pause.to) === paused) return due;
  const left = calendar.workedUntil(due) - paused;
  return left > 0 ? calendar.after(pause.to, left) : calendar.nextOpening(pause.to);
}
