import type { PoolClient } from 'pg';
import type { Units } from '#libs/access/principal.js';
import type { Calendar } from '#libs/calendar/compile-calendar.js';
import { workingSeconds } from '#libs/calendar/working-time.js';
import { compiled } from '#libs/dossier/decision.js';
import type { ReferenceData } from '#libs/reference/reference.events.js';
import { chanceOf } from './forecast.js';
import { type Horizon, horizons } from './horizon.js';
import type { DueGroup, LateDossier, Outlook, OutlookQuery } from './outlook.js';
import { inSnapshot, type ReadModels } from './snapshot.query.js';

const LATE = `d.due_at < CASE d.clock WHEN 'paused' THEN least(d.paused_at, $1::timestamptz) ELSE $1::timestamptz END`;
const WAITING = `'supplement_requested', 'financial_obligation'`;
const utc = (instant: string): string =>
  `to_char(${instant} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;

/**
 * $1 now, $2 units with $3 their horizons and $4 zones, $5 the last horizon, $6 whose dossiers (null: all), $7 one unit
 * (null: all), $8 how many to name. A unit that is not known goes by the desk's calendar.
 */
const GROUPS = `
WITH horizon AS (SELECT * FROM unnest($2::text[], $3::timestamptz[], $4::text[]) AS t(unit, until, zone)),
open AS (
  SELECT d.code, d.state, d.unit, d.official, d.due_at, d.clock, coalesce(d.paused_at, c.since::timestamptz) AS since,
         coalesce(d.paused_at, $1::timestamptz) AS late_until, coalesce(own.unit, desk.unit) AS reckoned,
         coalesce(own.until, desk.until, $5::timestamptz) AS until, coalesce(own.zone, desk.zone, 'UTC') AS zone,
         ${LATE} AS late, c.left_seconds, c.calendar, c.calendar_version, f.cases, f.median, f.p90,
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
ofinterest AS (
  SELECT 'due' AS kind, to_char(due_at AT TIME ZONE zone, 'YYYY-MM-DD') AS bucket, due_at AS at, * FROM open
   WHERE NOT late AND clock <> 'paused' AND due_at < until
  UNION ALL SELECT 'late', '', due_at, * FROM open WHERE late
  UNION ALL SELECT 'still', state, since, * FROM open WHERE clock = 'paused' OR state IN (${WAITING})
),
ranked AS (
  SELECT *, row_number() OVER (PARTITION BY kind, bucket, unit, official ORDER BY at, code) AS place FROM ofinterest
)
SELECT kind, bucket, unit, official, count(*)::int AS count,
       ${['likely', 'possible', 'unlikely', 'unknown'].map((c) => `count(*) FILTER (WHERE chance = '${c}')::int AS ${c}`).join(', ')},
       ${utc(`greatest($1::timestamptz, min((due_at AT TIME ZONE zone)::date::timestamp AT TIME ZONE zone))`)} AS "dueFrom",
       ${utc(`max(((due_at AT TIME ZONE zone)::date + 1)::timestamp AT TIME ZONE zone)`)} AS "dueBefore",
       coalesce(json_agg(json_build_object('code', code, 'dueAt', ${utc('due_at')}, 'since', ${utc('since')}, 'clock', clock,
         'lateUntil', ${utc('late_until')}, 'reckoned', reckoned, 'left', left_seconds, 'cases', cases,
         'median', median, 'p90', p90, 'calendar', calendar, 'version', calendar_version
       ) ORDER BY place) FILTER (WHERE place <= $8), '[]') AS dossiers
  FROM ranked GROUP BY kind, bucket, unit, official ORDER BY kind, bucket, unit, official NULLS FIRST`;

interface Named {
  readonly code: string;
  readonly dueAt: string;
  readonly since: string | null;
  readonly clock: string;
  readonly lateUntil: string;
  readonly reckoned: string | null;
  readonly left: number | null;
  readonly cases: number | null;
  readonly median: number | null;
  readonly p90: number | null;
  readonly calendar: string | null;
  readonly version: number | null;
}

type Found = Omit<DueGroup, 'date' | 'chances' | 'dossiers' | 'list'> &
  DueGroup['chances'] & {
    readonly kind: 'due' | 'late' | 'still';
    readonly bucket: string;
    readonly dueFrom: string;
    readonly dueBefore: string;
    readonly dossiers: readonly Named[];
  };

/**
 * What falls due, what is late and what stands still, of dossiers that one of these units took in or has.
 * @throws Problem `read-model-behind` while one of the read models is being made
 */
export function outlook(
  models: ReadModels,
  reference: ReferenceData,
  units: Units,
  query: OutlookQuery,
): Promise<Outlook> {
  const ahead = horizons(reference, query.now, query.days);
  return inSnapshot(models, async (db, position) => {
    const found = await groups(db, ahead, units, query);
    const of = (kind: Found['kind']): Found[] => found.filter((group) => group.kind === kind);
    const lateBy = new Lateness(reference, ahead);
    return {
      asOf: query.now,
      position,
      due: of('due').map(dueGroup),
      late: of('late').map((group) => ({
        ...common(group, { overdueAt: query.now }),
        dossiers: group.dossiers.map((dossier) => lateBy.of(dossier)),
      })),
      still: of('still').map((group) => ({
        ...common(group, { state: group.bucket }),
        state: group.bucket,
        dossiers: group.dossiers.map(({ code, since, clock }) => ({ code, since, clock })),
      })),
    };
  });
}

async function groups(
  db: PoolClient,
  ahead: readonly Horizon[],
  units: Units,
  { now, unit, limit }: OutlookQuery,
): Promise<Found[]> {
  const ends = ahead.map(({ until }) => until);
  const { rows } = await db.query<Found>(GROUPS, [
    now,
    ahead.map((horizon) => horizon.unit),
    ends,
    ahead.map(({ calendar }) => calendar.zone.id),
    ends.reduce((latest, end) => (end > latest ? end : latest), now),
    units === 'all' ? null : units,
    unit ?? null,
    limit,
  ]);
  return rows;
}

function dueGroup(group: Found): DueGroup {
  const { bucket, likely, possible, unlikely, unknown, dueFrom, dueBefore } = group;
  return {
    date: bucket,
    ...common(group, { dueFrom, dueBefore }),
    chances: { likely, possible, unlikely, unknown },
    dossiers: group.dossiers.map(({ code, dueAt, left, cases, median, p90 }) => {
      const known = left !== null && cases !== null && median !== null && p90 !== null;
      const forecast = known ? { cases, median, p90, left } : null;
      return { code, dueAt, willBeLate: chanceOf(forecast, left), forecast };
    }),
  };
}

/** The list has no filter for dossiers without an official: it then shows all of the unit. */
function common(
  { unit, official, count }: Found,
  filter: Record<string, string>,
): { unit: string; official: string | null; count: number; list: string } {
  const narrowed = new URLSearchParams({ ...filter, unit, ...(official === null ? {} : { official }) });
  return { unit, official, count, list: `/api/dossiers?${narrowed.toString()}` };
}

class Lateness {
  private readonly ofUnit: ReadonlyMap<string, Calendar>;

  constructor(
    private readonly reference: ReferenceData,
    ahead: readonly Horizon[],
  ) {
    this.ofUnit = new Map(ahead.map(({ unit, calendar }) => [unit, calendar]));
  }

  of(dossier: Named): LateDossier {
    const { code, dueAt, lateUntil, clock } = dossier;
    const calendar = this.calendarOf(dossier);
    const lateWorkingSeconds = calendar ? workingSeconds(calendar, dueAt, lateUntil) : null;
    return { code, dueAt, lateWorkingSeconds, clock };
  }

  /** What was not accepted yet has no calendar of its own: the unit's counts. */
  private calendarOf({ calendar, version, reckoned }: Named): Calendar | undefined {
    const frozen = calendar !== null && version !== null && this.reference.calendarVersion(calendar, version);
    return frozen ? compiled(frozen.definition) : this.ofUnit.get(reckoned ?? '');
  }
}
