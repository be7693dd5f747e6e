import type { Channel } from '#libs/dossier/dossier.events.js';
import type { FactState, Reason } from './fact-state.js';
import { inFuture } from './fold-fact.js';
import { localDay } from './local-day.js';

export type EndClass = 'before' | 'on' | 'late';

/** One dossier as reports count it. Instants are ISO 8601 in UTC with milliseconds. */
export interface Fact {
  readonly code: string;
  readonly unit: string | null;
  readonly procedure: string | null;
  readonly field: string | null;
  readonly channel: Channel | null;
  readonly zone: string | null;
  /** As claimed; null while not accepted (registered only, rejected, or reversed): such a dossier is not counted. */
  readonly acceptedAt: string | null;
  readonly acceptedRecordedAt: string | null;
  /** The due instant that counts: one given after the old one had passed does not. */
  readonly dueAt: string | null;
  /** From when it is late (for as long as it is pending); null: it is not, and will not be unless the clock goes on. */
  readonly overdueFrom: string | null;
  /** End as claimed: resolved, withdrawn or stopped, whichever came first. */
  readonly endedAt: string | null;
  /** End as counted: never before the acceptance. */
  readonly countedEndAt: string | null;
  readonly endClass: EndClass | null;
  readonly endRecordedAt: string | null;
  readonly onTimeRecorded: boolean | null;
  /** The end was taken over from another system's log, so that `endRecordedAt` is the time of the import. */
  readonly endImported: boolean;
  readonly imported: boolean;
  readonly reversed: boolean;
  readonly needsExplanation: readonly Reason[];
}

/** The fact that a state amounts to. */
export function factOf(state: FactState): Fact {
  const { accepted } = state;
  const end = accepted ? state.end : null;
  const countedEndAt = accepted && end ? later(end.at, accepted.at) : null;
  return {
    code: state.code,
    unit: state.unit,
    procedure: state.procedure,
    field: state.field,
    channel: state.channel,
    zone: state.zone,
    acceptedAt: accepted?.at ?? null,
    acceptedRecordedAt: accepted?.recordedAt ?? null,
    dueAt: state.due,
    overdueFrom: overdueFrom(state, countedEndAt),
    endedAt: end?.at ?? null,
    countedEndAt,
    endClass: end ? endClass(state, end.at) : null,
    endRecordedAt: end?.recordedAt ?? null,
    onTimeRecorded: end?.onTimeRecorded ?? null,
    endImported: typeof end?.file === 'string',
    imported: typeof accepted?.file === 'string',
    reversed: state.reversed,
    needsExplanation: reasons(state),
  };
}

/** Late is told by the instant, before or on time as the policy says: by the date at the desk, or by the instant. Without a due instant nothing is late. */
function endClass(state: FactState, endedAt: string): EndClass {
  if (state.due === null) return 'on';
  const judged = state.stopped?.at ?? endedAt;
  if (judged > state.due) return 'late';
  if (state.beforeByInstant) return judged < state.due ? 'before' : 'on';
  const zone = state.zone ?? 'UTC';
  return localDay(judged, zone) < localDay(state.due, zone) ? 'before' : 'on';
}

function overdueFrom(state: FactState, countedEndAt: string | null): string | null {
  const { accepted, due, stopped } = state;
  if (!accepted || due === null || (stopped && stopped.at <= due)) return null;
  const from = later(due, accepted.at);
  return countedEndAt !== null && from >= countedEndAt ? null : from;
}

function reasons(state: FactState): readonly Reason[] {
  const { accepted, due } = state;
  if (!accepted) return state.reasons;
  const found = new Set(state.reasons);
  const end = state.end;
  if (due === null) found.add('due_unknown');
  else if (due < accepted.at) found.add('due_before_accepted');
  if (inFuture(accepted.at, accepted.saidAt)) found.add('in_future');
  if (accepted.file === null && recordedOnLaterDate(accepted.at, accepted.recordedAt, state.zone))
    found.add('accepted_late_recorded');
  if (end) {
    if (end.at < accepted.at) found.add('ended_before_accepted');
    if (inFuture(end.at, end.saidAt)) found.add('in_future');
    if (end.at === due) found.add('end_exactly_at_due');
    if (end.file === null && !end.onTimeRecorded && endClass(state, end.at) !== 'late')
      found.add('end_recorded_after_due');
  }
  return [...found].sort();
}

function recordedOnLaterDate(at: string, recordedAt: string, zone: string | null): boolean {
  return recordedAt > at && localDay(at, zone ?? 'UTC') < localDay(recordedAt, zone ?? 'UTC');
}

function later(a: string, b: string): string {
  return a > b ? a : b;
}
