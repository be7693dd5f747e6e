import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { parse } from 'csv-parse/sync';
import type { CalendarDefinition } from '#libs/calendar/calendar.js';
import { CalendarError } from '#libs/calendar/calendar-error.js';
import { type Calendar, compileCalendar } from '#libs/calendar/compile-calendar.js';
import { type DayRow, loadDaysOff } from '#libs/calendar/load-days-off.js';

/**
 * Reads a calendar: a definition by itself, or a published version of one (`definition`, with the table of days in
 * `daysFile` beside it). Throws CalendarError that names the file.
 */
export async function readCalendar(file: string): Promise<Calendar> {
  try {
    const read = JSON.parse(await readFile(file, 'utf8')) as CalendarDefinition | PublishedFile;
    return compileCalendar(await definitionOf(file, read));
  } catch (error) {
    const { message } = error as Error;
    throw new CalendarError(`calendar ${file}: ${message.replaceAll(/\s+/g, ' ')}`);
  }
}

type PublishedFile = { readonly definition: CalendarDefinition; readonly daysFile?: string };

async function definitionOf(
  file: string,
  read: CalendarDefinition | PublishedFile,
): Promise<CalendarDefinition> {
  if (typeof read !== 'object' || read === null || !('definition' in read)) return read;
  if (read.daysFile === undefined) return read.definition;
  const table = await readFile(join(dirname(file), read.daysFile));
  const rows: DayRow[] = parse(table, { columns: true, bom: true, skip_empty_lines: true });
  return { ...read.definition, ...loadDaysOff(rows) };
}
