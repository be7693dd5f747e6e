import { Temporal } from 'temporal-polyfill';
import { CalendarError } from './calendar-error.js';
import { DAY_MS, firstDayOfYear, weekdayOf, yearOfDay } from './instants.js';

/** A year (of UTC) of a zone: the offset it begins with, and the changes of the clocks in it. All in milliseconds. */
interface YearOffsets {
  readonly first: number;
  readonly changes: readonly { readonly at: number; readonly offset: number }[];
}

/** Beyond the last dated rule of the zone database only yearly rules go on, so that years of one shape are alike. */
const FIRST_RULED_YEAR = 2101;
const RULED_YEARS = 28;

const zones = new Map<string, Zone>();

/**
 * The offsets of one time zone. Asking the date library costs some 100 µs a change of the clocks, so each year is asked once
 * and kept, for all calendars.
 */
export class Zone {
  private readonly years = new Map<number, YearOffsets>();
  private quiet: { readonly year: number; readonly offset: number } | null = null;

  private constructor(readonly id: string) {}

  /** Throws CalendarError for an unknown zone. */
  static of(id: string): Zone {
    let zone = zones.get(id);
    if (!zone) {
      zone = new Zone(id);
      if (!isZone(id)) throw new CalendarError(`unknown time zone ${JSON.stringify(id) ?? ''}`.trimEnd());
      zones.set(id, zone);
    }
    return zone;
  }

  /** What the wall clock shows at an instant, as milliseconds since 1970 on that clock. */
  toWall(ms: number): number {
    const year = this.year(yearOfDay(Math.floor(ms / DAY_MS)));
    let offset = year.first;
    for (const change of year.changes) if (change.at <= ms) offset = change.offset;
    return ms + offset;
  }

  /** The instant at which the wall clock shows `wall`: the first of two; where it skips that time, as long after the skip. */
  toInstant(wall: number): number {
    const before = this.toWall(wall - DAY_MS) - (wall - DAY_MS);
    const after = this.toWall(wall + DAY_MS) - (wall + DAY_MS);
    const early = wall - before;
    if (before === after || this.toWall(early) === wall) return early;
    const late = wall - after;
    return this.toWall(late) === wall ? late : early;
  }

  /** Days of the wall clock, and their neighbours, on which the clocks change in a year. */
  daysOfChange(year: number): number[] {
    return this.year(year).changes.flatMap(({ at, offset }) => {
      const day = Math.floor((at + offset) / DAY_MS);
      return [day - 1, day, day + 1];
    });
  }

  private year(year: number): YearOffsets {
    const known = this.years.get(year);
    if (known) return known;
    if (this.quiet && year >= this.quiet.year) return { first: this.quiet.offset, changes: [] };
    const like = year < FIRST_RULED_YEAR + RULED_YEARS ? year : yearAlike(year);
    if (like === year) return this.look(year);
    const shift = (firstDayOfYear(year) - firstDayOfYear(like)) * DAY_MS;
    const { first, changes } = this.year(like);
    const shifted = { first, changes: changes.map(({ at, offset }) => ({ at: at + shift, offset })) };
    this.years.set(year, shifted);
    return shifted;
  }

  private look(year: number): YearOffsets {
    const end = firstDayOfYear(year + 1) * DAY_MS;
    let at: Temporal.ZonedDateTime | null = Temporal.Instant.fromEpochMilliseconds(
      firstDayOfYear(year) * DAY_MS,
    ).toZonedDateTimeISO(this.id);
    const first = at.offsetNanoseconds / 1e6;
    const changes: { at: number; offset: number }[] = [];
    while ((at = at.getTimeZoneTransition('next')) && at.epochMilliseconds < end) {
      changes.push({ at: at.epochMilliseconds, offset: at.offsetNanoseconds / 1e6 });
    }
    const last = changes.at(-1)?.offset ?? first;
    if (!at) this.quiet = { year: year + 1, offset: last };
    this.years.set(year, { first, changes });
    const next = at ? yearOfDay(Math.floor(at.epochMilliseconds / DAY_MS)) : year;
    for (let still = year + 1; still < next; still++) this.years.set(still, { first: last, changes: [] });
    return { first, changes };
  }
}

function isZone(id: string): boolean {
  // The library also takes offsets and whole timestamps for a zone.
  if (typeof id !== 'string' || !/^[A-Z][\w+/-]*$/i.test(id)) return false;
  try {
    Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(id);
    return true;
  } catch {
    return false;
  }
}

function yearAlike(year: number): number {
  const shape = (y: number): number =>
    weekdayOf(firstDayOfYear(y)) * 2 + firstDayOfYear(y + 1) - firstDayOfYear(y);
  let like = FIRST_RULED_YEAR;
  while (shape(like) !== shape(year)) like++;
  return like;
}
