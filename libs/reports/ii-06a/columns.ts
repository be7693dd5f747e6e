import type { Fact } from '../facts/fact.js';

/** Numbered columns of form II.06a; the handbook of the form begins counting figures at 3. */
export const COLUMNS = ['3', '4', '5', '6', '7', '8', '9', '10', '11', '12', '13'] as const;
export type Column = (typeof COLUMNS)[number];
export type Columns = Readonly<Record<Column, number>>;

/** From the first instant (inclusive) to the second (exclusive): ISO 8601 in UTC with milliseconds. */
export interface Period {
  readonly from: string;
  readonly to: string;
}

/** What one row counts; all columns follow from it. */
export interface Counts {
  readonly online: number;
  readonly offline: number;
  readonly carried: number;
  readonly before: number;
  readonly on: number;
  readonly late: number;
  readonly pending: number;
  readonly overdue: number;
  /** Of the resolved: the store had the end no later than it was due. */
  readonly onTimeRecorded: number;
  /** Of the resolved: the end was taken over by an import, so its recording says nothing about the desk. */
  readonly recordedAtImport: number;
}

export function columnsOf(c: Counts): Columns {
  return {
    '3': c.online + c.offline + c.carried,
    '4': c.online,
    '5': c.offline,
    '6': c.carried,
    '7': c.before + c.on + c.late,
    '8': c.before,
    '9': c.on,
    '10': c.late,
    '11': c.pending,
    '12': c.pending - c.overdue,
    '13': c.overdue,
  };
}

/** Whether the figures can be true: carried over + received = resolved + pending, and none is below zero. */
export function reconciles(counts: Counts): boolean {
  const columns = columnsOf(counts);
  return columns['3'] === columns['7'] + columns['11'] && COLUMNS.every((column) => columns[column] >= 0);
}

export function addCounts(a: Counts, b: Counts): Counts {
  const sum = { ...a };
  for (const key of Object.keys(a) as (keyof Counts)[]) sum[key] = a[key] + b[key];
  return sum;
}

export const NOTHING: Counts = {
  online: 0,
  offline: 0,
  carried: 0,
  before: 0,
  on: 0,
  late: 0,
  pending: 0,
  overdue: 0,
  onTimeRecorded: 0,
  recordedAtImport: 0,
};

/** What a single dossier adds to its row. This is the definition of the form; the totals in SQL must agree with it. */
export function countsOf(fact: Fact, { from, to }: Period): Counts {
  const { acceptedAt, countedEndAt: end } = fact;
  if (acceptedAt === null || acceptedAt >= to) return NOTHING;
  const received = acceptedAt >= from;
  const endedBy = (instant: string): boolean => end !== null && end < instant;
  const ended = endedBy(to) && !endedBy(from);
  const pending = !endedBy(to);
  const one = (condition: boolean): number => (condition ? 1 : 0);
  return {
    online: one(received && fact.channel === 'online'),
    offline: one(received && fact.channel !== 'online'),
    carried: one(!received && !endedBy(from)),
    before: one(ended && fact.endClass === 'before'),
    on: one(ended && fact.endClass === 'on'),
    late: one(ended && fact.endClass === 'late'),
    pending: one(pending),
    overdue: one(pending && fact.overdueFrom !== null && fact.overdueFrom < to),
    onTimeRecorded: one(ended && fact.onTimeRecorded === true),
    recordedAtImport: one(ended && fact.endImported),
  };
}
