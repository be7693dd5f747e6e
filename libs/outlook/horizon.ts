import { CalendarError } from '#libs/calendar/calendar-error.js';
import type { Calendar } from '#libs/calendar/compile-calendar.js';
import { DAY_MS, formatInstant, parseInstant } from '#libs/calendar/instants.js';
import { compiled } from '#libs/dossier/decision.js';
import { inForce } from '#libs/dossier/in-force.js';
import { Problem } from '#libs/problem/problem.js';
import type { ReferenceData } from '#libs/reference/reference.events.js';

/** How far ahead one looks for a unit, and the calendar by which its days are told. */
export interface Horizon {
  readonly unit: string;
  /** Not included. */
  readonly until: string;
  readonly calendar: Calendar;
}

/** Midnight after the n-th working day that follows today's date; n = 0: after today. ISO 8601 in UTC. */
export function endOfDays(calendar: Calendar, now: string, days: number): string {
  const today = calendar.dayOf(parseInstant(now));
  return formatInstant(calendar.zone.toInstant((lastDay(calendar, today, days) + 1) * DAY_MS));
}

/** Plain days where a calendar ends before. */
function lastDay(calendar: Calendar, today: number, days: number): number {
  try {
    return days === 0 ? today : calendar.workedDay(days, today + 1);
  } catch (error) {
    if (error instanceof CalendarError) return today + days;
    throw error;
  }
}

/** Of every unit that has a calendar in force. */
export function horizons(reference: ReferenceData, now: string, days: number): Horizon[] {
  const units = new Set(reference.all().units.map(({ code }) => code));
  return [...units].flatMap((unit) => {
    const calendar = calendarOf(unit, now, reference);
    return calendar ? [{ unit, calendar, until: endOfDays(calendar, now, days) }] : [];
  });
}

function calendarOf(unit: string, now: string, reference: ReferenceData): Calendar | undefined {
  try {
    const { id, version } = inForce(unit, now, reference).calendar;
    const found = reference.calendarVersion(id, version);
    return found && compiled(found.definition);
  } catch (error) {
    if (error instanceof Problem) return undefined;
    throw error;
  }
}
