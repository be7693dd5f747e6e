import { CalendarError } from '#libs/calendar/calendar-error.js';
import { type DayRow, loadDaysOff } from '#libs/calendar/load-days-off.js';
import { isDate } from './checks.js';
import { csvRecords, unreadable } from './csv-records.js';

const COLUMNS = ['date', 'kind', 'name', 'source', 'certainty'] as const;

/**
 * Days off and make-up days of a table of days; rows of low certainty are left out.
 * @throws Problem `reference-file-unreadable` with file, line and column
 */
export function daysOffOf(text: string, file: string): { daysOff: string[]; workingDays: string[] } {
  const daysOff: string[] = [];
  const workingDays: string[] = [];
  for (const { line, fields } of csvRecords(text, file, COLUMNS)) {
    const row = Object.fromEntries(
      COLUMNS.map((name) => [name, fields.get(name) ?? '']),
    ) as unknown as DayRow;
    if (!isDate(row.date)) throw unreadable(file, line, 'date', `"${row.date}" is not like 2026-01-31`);
    try {
      const days = loadDaysOff([row]);
      daysOff.push(...days.daysOff);
      workingDays.push(...days.workingDays);
    } catch (error) {
      if (!(error instanceof CalendarError)) throw error;
      throw unreadable(file, line, '–', error.message);
    }
  }
  return { daysOff, workingDays };
}
