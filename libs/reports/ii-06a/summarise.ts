import type { Fact } from '../facts/fact.js';
import {
  addCounts,
  type Columns,
  columnsOf,
  type Counts,
  countsOf,
  NOTHING,
  type Period,
} from './columns.js';

/** What a row stands for: a field, or a procedure within its field. */
export type Grouping = 'field' | 'procedure';

/** A row before its columns: `procedure` is null when rows are by field. */
export interface CountedRow {
  readonly field: string;
  readonly procedure: string | null;
  readonly counts: Counts;
}

export interface Row {
  readonly field: string;
  readonly procedure: string | null;
  readonly columns: Columns;
}

/** Shares of the resolved (0 to 1); null where nothing was resolved. */
export interface Rates {
  /** Ended before or on time, by the times the desk claimed. */
  readonly claimed: number | null;
  /** Ended no later than due, by the time the store took the end. */
  readonly recorded: number | null;
  readonly resolved: number;
  readonly onTimeClaimed: number;
  readonly onTimeRecorded: number;
  /** How many of the resolved were imported: recorded when imported, whatever the desk did. */
  readonly recordedAtImport: number;
}

export interface Summary {
  readonly rows: readonly Row[];
  readonly total: Columns;
  readonly rates: Rates;
}

/** Counts one fact after the other, so that a recount needs no more memory than the report has rows. */
export class Tally {
  private readonly rows = new Map<string, CountedRow>();

  constructor(
    private readonly period: Period,
    private readonly by: Grouping,
  ) {}

  add(fact: Fact): void {
    if (fact.field === null || fact.procedure === null) return;
    const procedure = this.by === 'procedure' ? fact.procedure : null;
    const key = JSON.stringify([fact.field, procedure]);
    const row = this.rows.get(key) ?? { field: fact.field, procedure, counts: NOTHING };
    this.rows.set(key, { ...row, counts: addCounts(row.counts, countsOf(fact, this.period)) });
  }

  counted(): CountedRow[] {
    return [...this.rows.values()];
  }
}

/** Form II.06a of a period, by definition: the sum over all facts. */
export function summarise(facts: Iterable<Fact>, period: Period, by: Grouping): Summary {
  const tally = new Tally(period, by);
  for (const fact of facts) tally.add(fact);
  return summaryOf(tally.counted());
}

/** Rows in the order of the form, without those that are empty; the total row; the rates. */
export function summaryOf(counted: readonly CountedRow[]): Summary {
  const collator = new Intl.Collator('vi');
  const rows = counted
    .filter(({ counts }) => Object.values(counts).some((n) => n !== 0))
    .sort(
      (a, b) => collator.compare(a.field, b.field) || collator.compare(a.procedure ?? '', b.procedure ?? ''),
    );
  const total = rows.reduce((sum, row) => addCounts(sum, row.counts), NOTHING);
  return {
    rows: rows.map(({ field, procedure, counts }) => ({ field, procedure, columns: columnsOf(counts) })),
    total: columnsOf(total),
    rates: ratesOf(total),
  };
}

function ratesOf(total: Counts): Rates {
  const resolved = total.before + total.on + total.late;
  const onTimeClaimed = total.before + total.on;
  const share = (n: number): number | null => (resolved === 0 ? null : n / resolved);
  return {
    claimed: share(onTimeClaimed),
    recorded: share(total.onTimeRecorded),
    resolved,
    onTimeClaimed,
    onTimeRecorded: total.onTimeRecorded,
    recordedAtImport: total.recordedAtImport,
  };
}
