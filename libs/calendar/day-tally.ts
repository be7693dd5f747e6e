import { firstDayOfYear, weekdayOf, yearOfDay } from './instants.js';

/** A day that differs from what its weekday is worth. */
export interface IrregularDay {
  readonly day: number;
  readonly worth: number;
}

interface YearTally {
  readonly days: readonly number[];
  /** Sum of the differences of the first n irregular days; one longer than `days`. */
  readonly sums: readonly number[];
}

/**
 * Sums the worth of days (1 for a worked day, or its working milliseconds) without walking over them: whole weeks by
 * multiplication, days that differ from their weekday by a running sum over years that is filled as far as it is asked for.
 */
export class DayTally {
  private readonly week: readonly number[];
  private readonly perWeek: number;
  private readonly years = new Map<number, YearTally>();
  private firstYear: number | null = null;
  private readonly after: number[] = [0];
  private readonly until: number[] = [0];

  constructor(
    private readonly worth: readonly number[],
    private readonly irregularDays: (year: number) => readonly IrregularDay[],
  ) {
    this.week = runningSums(worth);
    this.perWeek = this.week[7] ?? 0;
  }

  /** Worth of all days before `day`, from an origin that stays the same: only differences mean something. */
  before(day: number): number {
    const weeks = Math.floor((day + 3) / 7);
    const year = yearOfDay(day);
    const { days, sums } = this.year(year);
    let passed = 0;
    while (passed < days.length && (days[passed] ?? 0) < day) passed++;
    return (
      weeks * this.perWeek + (this.week[weekdayOf(day)] ?? 0) + this.beforeYear(year) + (sums[passed] ?? 0)
    );
  }

  /** First day from `from` to `last` with which the sum reaches `target`, or null. */
  find(target: number, from: number, last: number): number | null {
    if (from > last) return null;
    let low = from;
    let high = from;
    let stride = 7;
    // From guess to guess by what is still missing; the stride doubles in case that next to nothing is worked.
    while (this.before(high + 1) < target) {
      if (high >= last) return null;
      const missing = target - this.before(high + 1);
      const guess = this.perWeek > 0 ? Math.ceil(missing / this.perWeek) * 7 : last;
      low = high + 1;
      high = Math.min(last, high + Math.max(guess, stride));
      stride *= 2;
    }
    while (low < high) {
      const middle = Math.floor((low + high) / 2);
      if (this.before(middle + 1) < target) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  private beforeYear(year: number): number {
    this.firstYear ??= year;
    const ahead = year - this.firstYear;
    const sums = ahead >= 0 ? this.after : this.until;
    for (let n = sums.length; n <= Math.abs(ahead); n++) {
      const sum = sums[n - 1] ?? 0;
      sums.push(ahead >= 0 ? sum + this.sumOf(this.firstYear + n - 1) : sum - this.sumOf(this.firstYear - n));
    }
    return sums[Math.abs(ahead)] ?? 0;
  }

  private sumOf(year: number): number {
    return this.year(year).sums.at(-1) ?? 0;
  }

  private year(year: number): YearTally {
    let tally = this.years.get(year);
    if (!tally) {
      const first = firstDayOfYear(year);
      const next = firstDayOfYear(year + 1);
      const irregular = this.irregularDays(year).filter(({ day }) => day >= first && day < next);
      tally = {
        days: irregular.map(({ day }) => day),
        sums: runningSums(irregular.map(({ day, worth }) => worth - (this.worth[weekdayOf(day)] ?? 0))),
      };
      this.years.set(year, tally);
    }
    return tally;
  }
}

function runningSums(values: readonly number[]): number[] {
  const sums = [0];
  for (const value of values) sums.push((sums.at(-1) ?? 0) + value);
  return sums;
}
