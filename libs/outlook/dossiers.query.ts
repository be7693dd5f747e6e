import type { Units } from '#libs/access/principal.js';
import { CalendarError } from '#libs/calendar/calendar-error.js';
import type { Calendar } from '#libs/calendar/compile-calendar.js';
import { workingSeconds } from '#libs/calendar/working-time.js';
import { compiled } from '#libs/dossier/decision.js';
import { readCursor, writeCursor } from '#libs/dossier/worklist/filter.js';
import type { ReferenceData } from '#libs/reference/reference.events.js';
import { chanceOf } from './forecast.js';
import { GROUPED, groupedBy, utc } from './groups.query.js';
import { type Horizon, horizons } from './horizon.js';
import type { OutlookDossier, OutlookPage, OutlookPageQuery } from './outlook.js';
import { inSnapshot, type ReadModels } from './snapshot.query.js';

interface Row extends Omit<OutlookDossier, 'spent' | 'late' | 'willBeLate' | 'forecast'> {
  readonly at: string;
  readonly isLate: boolean;
  readonly lateUntil: string;
  readonly reckoned: string | null;
  readonly left: number | null;
  readonly cases: number | null;
  readonly median: number | null;
  readonly p90: number | null;
  readonly calendar: string | null;
  readonly version: number | null;
}

/**
 * The dossiers of groups of the outlook, the earliest first, page by page.
 * @throws Problem `read-model-behind` while one of the read models is being made; `invalid-request` for a bad cursor
 */
export function outlookDossiers(
  models: ReadModels,
  reference: ReferenceData,
  units: Units,
  query: OutlookPageQuery,
): Promise<OutlookPage> {
  const ahead = horizons(reference, query.now, query.days);
  const { kind, part, official, limit, cursor } = query;
  const after = cursor === undefined ? null : readCursor(cursor, 'due');
  return inSnapshot(models, async (db, position) => {
    const { rows } = await db.query<Row>(
      `${GROUPED} SELECT code, unit, official, procedure, state, clock, ${utc('since')} AS since, ${utc('due_at')} AS "dueAt",
              coalesce(${utc('at')}, 'infinity') AS at, late AS "isLate", ${utc('late_until')} AS "lateUntil", reckoned,
              left_seconds AS left, cases, median, p90, calendar, calendar_version AS version
         FROM grouped
        WHERE kind = $8 AND ($9::text IS NULL OR part = $9) AND ($10::boolean OR official IS NOT DISTINCT FROM $11)
          AND ($12::timestamptz IS NULL OR (coalesce(at, 'infinity'), code) > ($12, $13::text))
        ORDER BY coalesce(at, 'infinity'), code LIMIT $14`,
      [
        ...groupedBy(ahead, units, query),
        ...[kind, part ?? null, official === undefined, official ?? null],
        ...[after?.at ?? null, after?.code ?? null, limit + 1],
      ],
    );
    const last = rows.length > limit ? rows[limit - 1] : undefined;
    const timed = new Timed(reference, ahead, query.now);
    return {
      items: rows.slice(0, limit).map((row) => timed.dossier(row)),
      next: last ? writeCursor({ sort: 'due', at: last.at, code: last.code }) : null,
      position,
    };
  });
}

/** Knows how much working time passed. */
class Timed {
  private readonly ofUnit: ReadonlyMap<string, Calendar>;

  constructor(
    private readonly reference: ReferenceData,
    ahead: readonly Horizon[],
    private readonly now: string,
  ) {
    this.ofUnit = new Map(ahead.map(({ unit, calendar }) => [unit, calendar]));
  }

  dossier(row: Row): OutlookDossier {
    const { code, unit, official, procedure, state, clock, since, dueAt, left, cases, median, p90 } = row;
    const calendar = this.calendarOf(row);
    const known = clock === 'running' && left !== null && cases !== null && median !== null && p90 !== null;
    const forecast = known && !row.isLate ? { cases, median, p90, left } : null;
    return {
      ...{ code, unit, official, procedure, state, clock, since, dueAt, forecast },
      spent: clock === 'running' ? between(calendar, since, this.now) : null,
      late: row.isLate ? between(calendar, dueAt, row.lateUntil) : null,
      willBeLate: chanceOf(forecast, left),
    };
  }

  /** What was not accepted yet has no calendar of its own: the unit's counts. */
  private calendarOf({ calendar, version, reckoned }: Row): Calendar | undefined {
    const frozen = calendar !== null && version !== null && this.reference.calendarVersion(calendar, version);
    return frozen ? compiled(frozen.definition) : this.ofUnit.get(reckoned ?? '');
  }
}

function between(calendar: Calendar | undefined, from: string | null, to: string): number | null {
  if (!calendar || from === null || from > to) return null;
  try {
    return workingSeconds(calendar, from, to);
  } catch (error) {
    if (error instanceof CalendarError) return null;
    throw error;
  }
}
