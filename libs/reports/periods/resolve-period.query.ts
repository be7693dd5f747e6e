import { Problem } from '#libs/problem/problem.js';
import type { Period } from '../ii-06a/columns.js';
import { inSnapshot, type ReportTables } from '../snapshot.query.js';
import { chosenPeriod, needsZone, type PeriodChoice } from './chosen-period.js';
import { isZone, type ReportPeriods } from './preset-period.js';

/** Where a period is cut, if its edges do not say so themselves. */
export interface Place {
  readonly unit: string | null;
  /** IANA zone; default: the one in which the unit's dossiers were accepted. */
  readonly zone?: string | undefined;
}

/** A period, and the zone whose wall clock it is shown by. */
export interface ResolvedPeriod extends Period {
  readonly zone: string;
}

/** @throws Problem as `chosenPeriod` and `inSnapshot`; `unknown-zone`; `zone-needed` if the unit's dossiers lie in several zones */
export async function resolvePeriod(
  tables: ReportTables,
  choice: PeriodChoice,
  { unit, zone }: Place,
  periods: ReportPeriods,
): Promise<ResolvedPeriod> {
  if (zone !== undefined && !isZone(zone)) throw new Problem('unknown-zone', { zone });
  const known = zone ?? (needsZone(choice) ? await zoneOfUnit(tables, unit) : undefined) ?? periods.zone;
  return { ...chosenPeriod(choice, known, periods), zone: known };
}

async function zoneOfUnit(tables: ReportTables, unit: string | null): Promise<string | undefined> {
  const { rows } = await inSnapshot(tables, (db) =>
    db.query<{ zone: string }>(
      `SELECT DISTINCT zone FROM report.totals WHERE level = 'year' AND ($1::text IS NULL OR unit = $1) ORDER BY 1`,
      [unit],
    ),
  );
  if (rows.length > 1) throw new Problem('zone-needed', { zones: rows.map((row) => row.zone).join(', ') });
  return rows[0]?.zone;
}
