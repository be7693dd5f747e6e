/**
 * What the other libraries know of the calendar: definitions (data) and the functions over them.
 * Pure: no clock, no framework. Instants are ISO 8601 strings; results are in UTC with milliseconds.
 */
export type LimitUnit = 'working_second' | 'working_minute' | 'working_hour' | 'working_day' | 'day';

export interface Limit {
  readonly value: number;
  readonly unit: LimitUnit;
}

export type StartRule = 'next_day' | 'immediate';
export type Weekday = 'mon' | 'tue' | 'wed' | 'thu' | 'fri' | 'sat' | 'sun';

/** Office hours of a day: `["07:00","11:30"]` pairs in order; `24:00` is the end of the day. */
export type DayHours = readonly (readonly [string, string])[];

/** A calendar as files and events hold it. Dates are `YYYY-MM-DD`, yearly ones `MM-DD`, in the zone. */
export interface CalendarDefinition {
  /** IANA time zone. */
  readonly zone: string;
  readonly startRule: StartRule;
  readonly week: Readonly<Partial<Record<Weekday, DayHours>>>;
  readonly daysOff?: readonly string[];
  readonly daysOffYearly?: readonly string[];
  /** Worked although off: at the hours of the weekday or, where it has none, of Monday. */
  readonly workingDays?: readonly string[];
  /** Hours of single dates; they win over all. */
  readonly hours?: Readonly<Record<string, DayHours>>;
}

/** A span in which the clock stands still; `to` null: it still does. */
export interface Pause {
  readonly from: string;
  readonly to: string | null;
}
