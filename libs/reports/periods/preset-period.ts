import { Temporal } from 'temporal-polyfill';
import { Problem } from '#libs/problem/problem.js';
import type { Period } from '../ii-06a/columns.js';

/** How reporting periods differ from calendar ones; data, see config/report-periods.json. */
export interface ReportPeriods {
  /** IANA zone whose midnights cut periods where there is no dossier to tell. */
  readonly zone: string;
  readonly reporting: {
    /** Day of the month on which they begin. */
    readonly firstDay: number;
    /** So many months before the calendar period of the same name. */
    readonly monthsBefore: number;
  };
}

const PRESET = /^(R?)([1-9]\d{3})(?:-(?:Q([1-4])|H([12])|(0[1-9]|1[0-2])))?$/;

/**
 * The instants of a period by name, cut at midnight in the zone: `2024-05`, `2024-Q1`, `2024-H1`, `2024`, and with
 * `R` in front the reporting month, quarter, half-year or year.
 * @throws Problem `unknown-period`
 */
export function presetPeriod(preset: string, zone: string, { reporting }: ReportPeriods): Period {
  const match = PRESET.exec(preset);
  if (!match) throw new Problem('unknown-period', { period: preset });
  const [, cutOff, year = '', quarter, half, month] = match;
  const [first, months] = quarter
    ? [Number(quarter) * 3 - 2, 3]
    : half
      ? [Number(half) * 6 - 5, 6]
      : month
        ? [Number(month), 1]
        : [1, 12];
  const begin = Temporal.PlainDate.from({ year: Number(year), month: first, day: 1 });
  const edge = (date: Temporal.PlainDate): string => {
    const day = cutOff
      ? date.subtract({ months: reporting.monthsBefore }).with({ day: reporting.firstDay })
      : date;
    return midnight(day, zone);
  };
  return { from: edge(begin), to: edge(begin.add({ months })) };
}

/**
 * An instant of a period as people write it: ISO 8601 with an offset, or a date, which means its midnight in the zone.
 * @throws Problem `unknown-instant`
 */
export function periodEdge(text: string, zone: string): string {
  try {
    if (/^\d{4}-\d{2}-\d{2}$/.test(text)) return midnight(Temporal.PlainDate.from(text), zone);
    // In a query string, `+` arrives as a blank.
    const instant = Temporal.Instant.from(text.replace(/ (\d{2}:\d{2})$/, '+$1'));
    return iso(instant);
  } catch {
    throw new Problem('unknown-instant', { instant: text.slice(0, 100) });
  }
}

/** Whether it is an IANA zone that this machine knows. */
export function isZone(zone: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: zone }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}

function midnight(date: Temporal.PlainDate, zone: string): string {
  return iso(date.toZonedDateTime(zone).toInstant());
}

function iso(instant: Temporal.Instant): string {
  const text = new Date(instant.epochMilliseconds).toISOString();
  if (text.length !== 24 || text < '0001') throw new RangeError('a year of four digits is needed');
  return text;
}
