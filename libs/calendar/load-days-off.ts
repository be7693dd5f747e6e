import type { CalendarDefinition } from './calendar.js';
import { CalendarError } from './calendar-error.js';

/** A row of a table of days: what the date is, where that is laid down, and how sure that is. */
export interface DayRow {
  readonly date: string;
  readonly kind: string;
  readonly name: string;
  readonly source: string;
  readonly certainty: string;
}

type Certainty = 'high' | 'medium' | 'low';
const CERTAINTIES: readonly string[] = ['high', 'medium', 'low'];
const OFF: readonly string[] = ['holiday', 'compensatory_off', 'swap_off'];

/**
 * Turns a table of days into the lists of a calendar. Rows of `low` certainty are proposals: they are left out unless asked
 * for, since a due date is a promise. Throws CalendarError for a row of an unknown kind or certainty.
 */
export function loadDaysOff(
  rows: readonly DayRow[],
  certainties: readonly Certainty[] = ['high', 'medium'],
): Required<Pick<CalendarDefinition, 'daysOff' | 'workingDays'>> {
  const daysOff: string[] = [];
  const workingDays: string[] = [];
  for (const { date, kind, certainty } of rows) {
    if (!CERTAINTIES.includes(certainty))
      throw new CalendarError(`${date} has an unknown certainty: ${certainty}`);
    if (!OFF.includes(kind) && kind !== 'working_weekend') {
      throw new CalendarError(`${date} is of an unknown kind: ${kind}`);
    }
    if (!certainties.some((wanted) => wanted === certainty)) continue;
    (kind === 'working_weekend' ? workingDays : daysOff).push(date);
  }
  return { daysOff, workingDays };
}
