import type { Calendar } from '#libs/calendar/compile-calendar.js';
import { DAY_MS } from '#libs/calendar/instants.js';
import { type Preference, quietMinutes } from './preference.js';

const MINUTE_MS = 60_000;

/**
 * The first instant at or after `at` that is outside quiet hours on the wall clock of the calendar's zone; both in
 * milliseconds since 1970. The hours must leave some time of the day, see `checkQuietHours`.
 */
export function quietUntil(
  { quietHours }: Pick<Preference, 'quietHours'>,
  at: number,
  { zone }: Pick<Calendar, 'zone'>,
): number {
  for (let instant = at; ;) {
    const wall = zone.toWall(instant);
    const intoDay = wall - Math.floor(wall / DAY_MS) * DAY_MS;
    const minutes = quietMinutes(quietHours, Math.floor(intoDay / MINUTE_MS));
    if (minutes === 0) return instant;
    const intoMinute = intoDay % MINUTE_MS;
    const left = minutes * MINUTE_MS - intoMinute;
    // Where the clocks change before the end of it, by the minute.
    const steady = zone.toWall(instant + left) - wall === left;
    instant += steady ? left : MINUTE_MS - intoMinute;
  }
}
