import type { Chance, Forecast } from './forecast.js';

/** Dossiers of one unit and one official that have something in common. */
interface Group<D> {
  readonly unit: string;
  readonly official: string | null;
  readonly count: number;
  /** The first of them; never more than was asked for. */
  readonly dossiers: readonly D[];
  /** All of them, in the list of dossiers. */
  readonly list: string;
}

export interface DueDossier {
  readonly code: string;
  readonly dueAt: string;
  readonly willBeLate: Chance;
  /** What that rests on: working seconds from the entry into where it is now; null if nothing can be said. */
  readonly forecast: (Forecast & { readonly left: number }) | null;
}

export interface DueGroup extends Group<DueDossier> {
  /** Of the desk's zone. */
  readonly date: string;
  readonly chances: Readonly<Record<NonNullable<Chance> | 'unknown', number>>;
}

export interface LateDossier {
  readonly code: string;
  /** Late since then. */
  readonly dueAt: string;
  /** By the calendar it was accepted under, until now or until its clock stopped; null where no calendar is known. */
  readonly lateWorkingSeconds: number | null;
  readonly clock: string;
}

export interface StillDossier {
  readonly code: string;
  readonly since: string | null;
  /** `running` where the policy lets time go on meanwhile. */
  readonly clock: string;
}

export interface StillGroup extends Group<StillDossier> {
  readonly state: string;
}

/** What a supervisor has to expect. Every event of the log up to `position` is in it. */
export interface Outlook {
  readonly asOf: string;
  readonly position: bigint;
  readonly due: readonly DueGroup[];
  readonly late: readonly Group<LateDossier>[];
  readonly still: readonly StillGroup[];
}

export interface OutlookQuery {
  readonly now: string;
  /** Working days ahead, today not counted. */
  readonly days: number;
  readonly unit?: string | undefined;
  /** Dossiers named in a group, at most. */
  readonly limit: number;
}
