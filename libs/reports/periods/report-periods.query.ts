import { readFile } from 'node:fs/promises';
import { Problem } from '#libs/problem/problem.js';
import { isZone, type ReportPeriods } from './preset-period.js';

/** Nest token of `ReportPeriods`. */
export const REPORT_PERIODS = Symbol('ReportPeriods');

/** Reads config/report-periods.json of the installation. */
export async function readReportPeriods(file: string): Promise<ReportPeriods> {
  const read = JSON.parse(await readFile(file, 'utf8')) as Partial<ReportPeriods>;
  const { zone } = read;
  const { firstDay = 0, monthsBefore = -1 } = read.reporting ?? {};
  const whole = (n: number, min: number, max: number): boolean => Number.isInteger(n) && n >= min && n <= max;
  if (!whole(firstDay, 1, 28) || !whole(monthsBefore, 0, 12) || zone === undefined || !isZone(zone)) {
    throw new Problem('report-periods-wrong', { file });
  }
  return { zone, reporting: { firstDay, monthsBefore } };
}
