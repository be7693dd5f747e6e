import { Problem } from '#libs/problem/problem.js';
import type { Period } from '../ii-06a/columns.js';
import { periodEdge, presetPeriod, type ReportPeriods } from './preset-period.js';

/** A period as it was asked for: by name, or from one instant to another. */
export interface PeriodChoice {
  readonly period?: string | undefined;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

/** Whether its instants depend on a zone: names of periods and bare dates do. */
export function needsZone({ period, from, to }: PeriodChoice): boolean {
  return period !== undefined || [from, to].some((edge) => edge !== undefined && !edge.includes('T'));
}

/** @throws Problem `period-missing`, `period-inverted`, and those of `presetPeriod` and `periodEdge` */
export function chosenPeriod(choice: PeriodChoice, zone: string, periods: ReportPeriods): Period {
  const { period, from, to } = choice;
  if (period !== undefined) {
    if (from !== undefined || to !== undefined) throw new Problem('period-missing');
    return presetPeriod(period, zone, periods);
  }
  if (from === undefined || to === undefined) throw new Problem('period-missing');
  const edges = { from: periodEdge(from, zone), to: periodEdge(to, zone) };
  if (edges.from >= edges.to) throw new Problem('period-inverted', edges);
  return edges;
}
