import type { Chance, Forecast } from './forecast.js';

/** `due` in the next days; `late`; standing `still`; `forecast`: what is not late yet and whose clock runs. */
export const KINDS = ['due', 'late', 'still', 'forecast'] as const;
export type Kind = (typeof KINDS)[number];

/** Dossiers of one kind, one unit and one official. */
export interface Group {
  readonly kind: Kind;
  /** `due`: the date at the desk; `still`: the state; `forecast`: the chance, or `unknown`; `late`: null. */
  readonly part: string | null;
  readonly unit: string;
  readonly official: string | null;
  readonly count: number;
  /** The earliest of them: when it is due, or since when it is late or stands still. */
  readonly first: string | null;
  /** These very dossiers. */
  readonly list: string;
}

/** What a supervisor has to expect. Every event of the log up to `position` is in it. */
export interface Outlook {
  readonly asOf: string;
  readonly position: bigint;
  readonly groups: readonly Group[];
}

export interface OutlookQuery {
  readonly now: string;
  /** Working days ahead, today not counted. */
  readonly days: number;
  readonly unit?: string | undefined;
}

/** One dossier of a group. Seconds are working seconds by the calendar that it was accepted under. */
export interface OutlookDossier {
  readonly code: string;
  readonly unit: string;
  readonly official: string | null;
  readonly procedure: string;
  readonly state: string;
  readonly clock: string;
  /** When it came where it is, or its clock stopped. */
  readonly since: string | null;
  readonly dueAt: string | null;
  /** Since it came where it is; null if its clock does not run. */
  readonly spent: number | null;
  /** Since it was due, until now or until its clock stopped; null if it is not late, or no calendar is known. */
  readonly late: number | null;
  readonly willBeLate: Chance;
  /** What that rests on, with the time from the entry into where it is now to the due instant. */
  readonly forecast: (Forecast & { readonly left: number }) | null;
}

export interface OutlookPage {
  readonly items: readonly OutlookDossier[];
  /** Cursor of the next page; null if this is the last one. */
  readonly next: string | null;
  readonly position: bigint;
}

export interface OutlookPageQuery extends OutlookQuery {
  readonly kind: Kind;
  readonly part?: string | undefined;
  /** Null: those without one. */
  readonly official?: string | null | undefined;
  readonly limit: number;
  readonly cursor?: string | undefined;
}
