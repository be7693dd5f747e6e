/** Whether a dossier will be late; null: too few finished ones, or no due instant, to say anything. */
export type Chance = 'likely' | 'possible' | 'unlikely' | null;

/** How long it took finished dossiers from their last entry into a phase to their end, in working seconds. */
export interface Forecast {
  readonly cases: number;
  readonly median: number;
  readonly p90: number;
}

/** One finished dossier. */
export interface Sample {
  readonly code: string;
  /** Counts up in the order in which the log took the ends. */
  readonly n: number;
  /** Working seconds from its last entry into the phase to its end. */
  readonly remaining: number;
  /** Claimed end, in milliseconds since 1970. */
  readonly endedAt: number;
}

/** A forecast rests on so many finished dossiers at most, */
export const HISTORY_SIZE = 200;
/** and on so many at least. */
export const FEWEST_CASES = 10;

/** The value that a share of the sorted values does not exceed (nearest rank, so one of them). */
export function percentile(sorted: readonly number[], share: number): number | undefined {
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)];
}

/** @param left working seconds from the entry into the phase to the due instant */
export function chanceOf(forecast: Forecast | null, left: number | null): Chance {
  if (!forecast || left === null) return null;
  if (forecast.median > left) return 'likely';
  return forecast.p90 > left ? 'possible' : 'unlikely';
}

/** Of one phase: the dossiers that finished last, each in a slot of a ring, so that a row is a slot. */
export class History {
  /** Slots that differ from what was given. */
  readonly changed = new Set<number>();
  private readonly sorted: Sample[];

  /** @param taken how many were ever added */
  constructor(
    samples: readonly Sample[] = [],
    private taken = 0,
  ) {
    this.sorted = [...samples].sort((a, b) => a.remaining - b.remaining || a.n - b.n);
  }

  get samples(): readonly Sample[] {
    return this.sorted;
  }

  get added(): number {
    return this.taken;
  }

  /** Takes the place of the one that was added `HISTORY_SIZE` times ago. */
  add(sample: Omit<Sample, 'n'>): void {
    const n = this.taken++;
    this.takeOut((old) => old.n <= n - HISTORY_SIZE);
    this.insert({ ...sample, n });
  }

  /** Nothing if others have taken its place. */
  replace(sample: Omit<Sample, 'n'>): void {
    const old = this.takeOut(({ code }) => code === sample.code);
    if (old) this.insert({ ...sample, n: old.n });
  }

  remove(code: string): void {
    this.takeOut((old) => old.code === code);
  }

  /** Null with too few. @param until only what had ended by then, in milliseconds since 1970 */
  forecast(until = Infinity): Forecast | null {
    const known = this.sorted.filter(({ endedAt }) => endedAt <= until).map(({ remaining }) => remaining);
    const median = percentile(known, 0.5);
    const p90 = percentile(known, 0.9);
    if (known.length < FEWEST_CASES || median === undefined || p90 === undefined) return null;
    return { cases: known.length, median, p90 };
  }

  private insert(sample: Sample): void {
    const at = this.sorted.findIndex(
      ({ remaining, n }) => remaining > sample.remaining || (remaining === sample.remaining && n > sample.n),
    );
    this.sorted.splice(at < 0 ? this.sorted.length : at, 0, sample);
    this.changed.add(slotOf(sample));
  }

  private takeOut(which: (sample: Sample) => boolean): Sample | undefined {
    const at = this.sorted.findIndex(which);
    const [old] = at < 0 ? [] : this.sorted.splice(at, 1);
    if (old) this.changed.add(slotOf(old));
    return old;
  }
}

export const slotOf = ({ n }: Pick<Sample, 'n'>): number => n % HISTORY_SIZE;
