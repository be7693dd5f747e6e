import type { Limit, LimitUnit } from './calendar.js';
import { CalendarError } from './calendar-error.js';
import { DAY_MS } from './instants.js';

const UNIT_MS: Readonly<Record<LimitUnit, number>> = {
  working_second: 1000,
  working_minute: 60_000,
  working_hour: 3_600_000,
  working_day: DAY_MS,
  day: DAY_MS,
};

/** A thousand years: beyond that a limit is a slip of the pen. */
const LONGEST_MS = 365_250 * DAY_MS;

/** A limit that was found sound; `ms` is its length, rounded, for units that are lengths of time. */
export function limitOf(limit: Limit): Limit & { readonly ms: number } {
  const { value, unit } = limit;
  if (typeof unit !== 'string' || !Object.hasOwn(UNIT_MS, unit)) {
    throw new CalendarError(`limit.unit must be one of ${Object.keys(UNIT_MS).join(', ')}`);
  }
  if (typeof value !== 'number' || !Number.isFinite(value) || value < 0) {
    throw new CalendarError('limit.value must be a number of 0 or more');
  }
  if ((unit === 'working_day' || unit === 'day') && !Number.isInteger(value)) {
    throw new CalendarError(`limit.value must be a whole number of ${unit}`);
  }
  const ms = Math.round(value * UNIT_MS[unit]);
  if (ms > LONGEST_MS)
    throw new CalendarError(`limit.value is too large: ${value} ${unit} is more than 1000 years`);
  return { value, unit, ms };
}
