import type { CalendarDefinition, Limit, Pause } from '#libs/calendar/calendar.js';
import { CalendarError } from '#libs/calendar/calendar-error.js';
import { type Calendar, compileCalendar } from '#libs/calendar/compile-calendar.js';
import { explain, explainWorkingSeconds } from '#libs/calendar/explain.js';
import { dueInstant, workingSeconds } from '#libs/calendar/working-time.js';

/** Calendars that lines brought along, by their text; as many are kept as any one file is likely to mix. */
const KEPT_CALENDARS = 1000;

interface Question {
  readonly calendar?: CalendarDefinition;
  readonly start?: string;
  readonly limit?: Limit;
  readonly from?: string;
  readonly to?: string;
  readonly pauses?: readonly Pause[] | null;
}

/** Answers one line of JSON after the other, each by itself: a line that is wrong gets an answer that says why. */
export class LineAnswerer {
  private readonly calendars = new Map<string, Calendar>();

  constructor(
    private readonly calendar: Calendar | null,
    private readonly explaining: boolean,
  ) {}

  /** A line of JSON for a line of JSON. */
  answer(line: string): string {
    let id: string | number | null = null;
    try {
      const question = objectOf('the line', parseJson(line));
      id = idOf(question['id']);
      return JSON.stringify({ id, ...this.reply(question) });
    } catch (error) {
      if (error instanceof CalendarError) return JSON.stringify({ id, error: error.message });
      if (error instanceof RangeError) return JSON.stringify({ id, error: 'the line is nested too deeply' });
      throw error;
    }
  }

  private reply(question: Question): object {
    const { start, limit, from, to } = question;
    const calendar = this.calendarOf(question);
    const pauses = pausesOf(question.pauses);
    if (start !== undefined) {
      const checked = objectOf('limit', limit) as unknown as Limit;
      if (this.explaining) return explain(calendar, start, checked, pauses);
      return { due: dueInstant(calendar, start, checked, pauses) };
    }
    if (from === undefined || to === undefined)
      throw new CalendarError('give start and limit, or from and to');
    if (this.explaining) return explainWorkingSeconds(calendar, from, to, pauses);
    return { workingSeconds: workingSeconds(calendar, from, to, pauses) };
  }

  private calendarOf({ calendar: own }: Question): Calendar {
    if (own === undefined || own === null) {
      if (this.calendar) return this.calendar;
      throw new CalendarError('no calendar: give --calendar FILE, or "calendar" in the line');
    }
    const text = JSON.stringify(own);
    let calendar = this.calendars.get(text);
    if (!calendar) {
      calendar = compileCalendar(own);
      if (this.calendars.size >= KEPT_CALENDARS) this.calendars.clear();
      this.calendars.set(text, calendar);
    }
    return calendar;
  }
}

function parseJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    throw new CalendarError('the line is not JSON');
  }
}

function idOf(id: unknown): string | number | null {
  if (id === undefined || id === null) return null;
  if (typeof id === 'string' || typeof id === 'number') return id;
  throw new CalendarError('id must be a string or a number');
}

function objectOf(what: string, value: unknown): Record<string, unknown> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value))
    return value as Record<string, unknown>;
  throw new CalendarError(`${what} must be a JSON object`);
}

function pausesOf(pauses: unknown): readonly Pause[] {
  if (pauses === undefined || pauses === null) return [];
  if (!Array.isArray(pauses)) throw new CalendarError('pauses must be a list');
  for (const pause of pauses) objectOf('a pause', pause);
  return pauses as readonly Pause[];
}
