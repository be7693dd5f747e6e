import type { Calendar } from '#libs/calendar/compile-calendar.js';
import type { Limit } from '#libs/calendar/calendar.js';
import { DAY_MS } from '#libs/calendar/instants.js';
import { limitOf } from '#libs/calendar/limit.js';
import type { ReminderMoment } from '#libs/reference/reminder-rules.js';

/** What is to be done, from when to when; in milliseconds since 1970. */
export interface Span {
  readonly from: number;
  readonly due: number;
  /** The deadline as it was given, before any standstill. */
  readonly granted: number;
}

/** No office is shut for longer. */
const LONGEST_SHUT_DAYS = 400;

/**
 * The instant of a moment, as the calendar of the desk counts it; null where it would lie before the beginning. Whole
 * days keep the hour of the deadline.
 */
export function instantOf(
  moment: ReminderMoment,
  { from, due, granted }: Span,
  calendar: Calendar,
): number | null {
  if ('share' in moment)
    return backInHours(calendar, from, due, (1 - moment.share) * worked(calendar, from, granted));
  if ('after' in moment) return after(calendar, due, moment.after);
  if ('before' in moment) return before(calendar, from, due, moment.before);
  if (moment.on === 'due') return due;
  const opening = calendar.openingOf(calendar.dayOf(due));
  return from < opening && opening <= due ? opening : null;
}

/** The instant itself while the office is open, its closing included; else the next opening. */
export function inOfficeHours(calendar: Calendar, at: number): number {
  const closing = calendar.spansOn(calendar.dayOf(at)).some(({ to }) => to === at);
  return closing ? at : calendar.nextOpening(at);
}

function before(calendar: Calendar, from: number, due: number, given: Limit): number | null {
  const { unit, value, ms } = limitOf(given);
  if (unit !== 'working_day' && unit !== 'day') return backInHours(calendar, from, due, ms);
  const last = calendar.dayOf(due);
  const day = unit === 'day' ? last - value : workedDays(calendar, last, value, -1);
  const at = day === null ? null : onDay(calendar, due, day);
  return at !== null && from < at ? at : null;
}

function after(calendar: Calendar, since: number, given: Limit): number | null {
  const { unit, value, ms } = limitOf(given);
  if (unit !== 'working_day' && unit !== 'day') return ms > 0 ? calendar.after(since, ms) : since;
  const first = calendar.dayOf(since);
  const day = unit === 'day' ? first + value : workedDays(calendar, first, value, 1);
  return day === null ? null : onDay(calendar, since, day);
}

/** So much working time before the deadline. */
function backInHours(calendar: Calendar, from: number, due: number, ms: number): number | null {
  const left = worked(calendar, from, due) - ms;
  return left > 0 ? calendar.after(from, left) : null;
}

function worked(calendar: Calendar, from: number, to: number): number {
  return calendar.workedUntil(to) - calendar.workedUntil(from);
}

/** The n-th worked day before or after a day; null where the calendar has none so near. */
function workedDays(calendar: Calendar, from: number, n: number, step: 1 | -1): number | null {
  let day = from;
  let shut = 0;
  for (let left = n; left > 0;) {
    day += step;
    if (calendar.whyOff(day) === null) {
      left -= 1;
      shut = 0;
    } else if ((shut += 1) > LONGEST_SHUT_DAYS) return null;
  }
  return day;
}

function onDay(calendar: Calendar, at: number, day: number): number {
  return calendar.zone.toInstant(calendar.zone.toWall(at) + (day - calendar.dayOf(at)) * DAY_MS);
}
