import type { Units } from '#libs/access/principal.js';
import type { Horizon } from './horizon.js';
import type { OutlookQuery } from './outlook.js';

const LATE = `d.due_at < CASE d.clock WHEN 'paused' THEN least(d.paused_at, $1::timestamptz) ELSE $1::timestamptz END`;
const WAITING = `'supplement_requested', 'financial_obligation'`;

/** As our instants are written; null stays null. */
export const utc = (instant: string): string =>
  `to_char(${instant} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;

/**
 * `grouped`: open dossiers, each in all the groups that it belongs to; `at` is what they are ordered by.
 * $1 now, $2 units with $3 their horizons and $4 zones, $5 the last horizon, $6 whose dossiers (null: all), $7 one unit
 * (null: all). A unit that is not known goes by the desk's calendar.
 */
export const GROUPED = `
WITH horizon AS (SELECT * FROM unnest($2::text[], $3::timestamptz[], $4::text[]) AS t(unit, until, zone)),
open AS (
  SELECT d.code, d.state, d.unit, d.official, d.procedure, d.due_at, d.clock,
         coalesce(d.paused_at, c.since::timestamptz) AS since, coalesce(d.paused_at, $1::timestamptz) AS late_until,
         coalesce(own.unit, desk.unit) AS reckoned, coalesce(own.until, desk.until, $5::timestamptz) AS until,
         coalesce(own.zone, desk.zone, 'UTC') AS zone, coalesce(${LATE}, false) AS late,
         c.left_seconds, c.calendar, c.calendar_version, f.cases, f.median, f.p90,
         CASE WHEN f.median > c.left_seconds THEN 'likely' WHEN f.p90 > c.left_seconds THEN 'possible'
              WHEN f.p90 <= c.left_seconds THEN 'unlikely' ELSE 'unknown' END AS chance
    FROM worklist.dossiers d
    LEFT JOIN horizon own ON own.unit = d.unit
    LEFT JOIN horizon desk ON desk.unit = d.desk
    LEFT JOIN durations.cases c ON (c.code, c.state, c.unit) = (d.code, d.state, d.unit)
    LEFT JOIN durations.forecasts f ON (f.procedure, f.state, f.unit) = (c.procedure, c.state, c.unit)
   WHERE NOT d.reversed AND d.clock <> 'ended'
     AND ($6::text[] IS NULL OR d.desk = ANY($6) OR d.unit = ANY($6)) AND ($7::text IS NULL OR d.unit = $7)
),
grouped AS (
  SELECT 'due' AS kind, to_char(due_at AT TIME ZONE zone, 'YYYY-MM-DD') AS part, due_at AS at, * FROM open
   WHERE NOT late AND clock <> 'paused' AND due_at < until
  UNION ALL SELECT 'late', NULL, due_at, * FROM open WHERE late
  UNION ALL SELECT 'still', state, since, * FROM open WHERE clock = 'paused' OR state IN (${WAITING})
  UNION ALL SELECT 'forecast', chance, due_at, * FROM open
   WHERE NOT late AND clock = 'running' AND due_at IS NOT NULL
)`;

/** $1 to $7 of {@link GROUPED}. */
export function groupedBy(ahead: readonly Horizon[], units: Units, { now, unit }: OutlookQuery): unknown[] {
  const ends = ahead.map(({ until }) => until);
  return [
    now,
    ahead.map((horizon) => horizon.unit),
    ends,
    ahead.map(({ calendar }) => calendar.zone.id),
    ends.reduce((latest, end) => (end > latest ? end : latest), now),
    units === 'all' ? null : units,
    unit ?? null,
  ];
}
