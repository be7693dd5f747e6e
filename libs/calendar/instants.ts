import { Temporal } from 'temporal-polyfill';
import { CalendarError } from './calendar-error.js';

export const DAY_MS = 86_400_000;
export const MINUTE_MS = 60_000;

/** Days are numbered from 1970-01-01 (0), whatever the zone. */
export const FIRST_DAY = firstDayOfYear(1);
export const LAST_DAY = firstDayOfYear(10_000) - 1;

const FIRST_MS = FIRST_DAY * DAY_MS;
const LAST_MS = (LAST_DAY + 1) * DAY_MS - 1;

/** Milliseconds since 1970 of an ISO 8601 instant with an offset or `Z`; `what` names it in the error. */
export function parseInstant(text: string, what = 'instant'): number {
  let ms: number;
  try {
    if (typeof text !== 'string') throw new TypeError(what);
    ms = isOurs(text) ? Date.parse(text) : Temporal.Instant.from(text).epochMilliseconds;
  } catch {
    const shown = JSON.stringify(text) ?? 'nothing';
    throw new CalendarError(
      `${what} is not an instant with an offset, like 2024-02-05T10:00:00+07:00: ${shown}`,
    );
  }
  return inRange(ms, what);
}

/** Written as `formatInstant` does, which is most of what there is to read: it need not go through the date library. */
function isOurs(text: string): boolean {
  if (text.length !== 24) return false;
  const ms = Date.parse(text);
  return !Number.isNaN(ms) && new Date(ms).toISOString() === text;
}

/** ISO 8601 in UTC with milliseconds. */
export function formatInstant(ms: number, what = 'instant'): string {
  return new Date(inRange(ms, what)).toISOString();
}

function inRange(ms: number, what: string): number {
  if (ms < FIRST_MS || ms > LAST_MS) throw new CalendarError(`${what} lies outside the years 1 to 9999`);
  return ms;
}

export function firstDayOfYear(year: number): number {
  const y = year - 1;
  return 365 * y + Math.floor(y / 4) - Math.floor(y / 100) + Math.floor(y / 400) - 719_162;
}

export function yearOfDay(day: number): number {
  const guess = Math.floor((day + 719_162) / 365.2425) + 1;
  if (day < firstDayOfYear(guess)) return guess - 1;
  return day >= firstDayOfYear(guess + 1) ? guess + 1 : guess;
}

/** Monday is 0. */
export function weekdayOf(day: number): number {
  return (((day + 3) % 7) + 7) % 7;
}

export function formatDay(day: number): string {
  return new Date(day * DAY_MS).toISOString().slice(0, 10);
}

/** The number of the day `YYYY-MM-DD`, or null where there is no such day. */
export function parseDay(text: string): number | null {
  if (!/^\d{4}-\d\d-\d\d$/.test(text)) return null;
  const day = Math.round(Date.parse(`${text}T00:00:00Z`) / DAY_MS);
  return day >= FIRST_DAY && formatDay(day) === text ? day : null;
}
