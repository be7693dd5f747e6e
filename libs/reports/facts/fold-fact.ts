import type { DossierEvent, DossierEventType } from '#libs/dossier/dossier.events.js';
import { idOf, type RecordedEvent } from '#libs/event-log/event-log.js';
import { type Claim, type End, type FactState, initialFactState, type Reason } from './fact-state.js';

/** Two machines' clocks may differ by so much before a claimed instant counts as lying in the future. */
const CLOCK_SKEW_MS = 60_000;

const COUNTED: ReadonlySet<string> = new Set<DossierEventType>([
  'DossierRegistered',
  'DossierAccepted',
  'SupplementRequested',
  'SupplementReceived',
  'PaymentRequested',
  'PaymentConfirmed',
  'DeadlineExtended',
  'DossierWithdrawn',
  'DossierStopped',
  'DossierResolved',
  'DossierCorrected',
  'ImportReversed',
]);

/** Whether an event can change a fact; all others need not be looked at. */
export function changesFact(event: RecordedEvent): boolean {
  return COUNTED.has(event.type) || inFuture(event.occurredAt, event.recordedAt);
}

export function inFuture(claimed: string, recordedAt: string): boolean {
  return claimed > recordedAt && Date.parse(claimed) - Date.parse(recordedAt) > CLOCK_SKEW_MS;
}

/** Total: an event that happened is never refused, and types that are not known are passed over. */
export function foldFact(before: FactState | undefined, recorded: RecordedEvent): FactState {
  const state = before ?? initialFactState(idOf(recorded.stream));
  const event = recorded as unknown as DossierEvent;
  switch (event.type) {
    case 'DossierRegistered': {
      const { unit, procedure, channel } = event.data;
      return flagFuture({ ...state, unit, procedure, channel }, event);
    }
    case 'DossierAccepted': {
      if (state.accepted) return state;
      const { unit, channel, terms, dueAt } = event.data;
      return {
        ...state,
        unit,
        channel,
        procedure: terms.procedure.id,
        field: terms.field,
        zone: terms.zone,
        ...(terms.beforeTimeBy === 'instant' ? { beforeByInstant: true } : {}),
        accepted: claimOf(event),
        due: dueAt,
        stopped: null,
        reversed: false,
      };
    }
    case 'SupplementRequested': {
      const supplements = state.supplements + 1;
      const next = supplements === 2 ? flag(state, 'supplement_twice') : state;
      return stop({ ...next, supplements }, event, event.data.stopsClock);
    }
    case 'PaymentRequested':
      return stop(state, event, event.data.stopsClock);
    case 'SupplementReceived':
    case 'PaymentConfirmed':
      return resume(state, event, event.data.dueAt);
    case 'DeadlineExtended': {
      const { due } = state;
      const afterDue = due !== null && (event.occurredAt > due || event.recordedAt > due);
      const next = afterDue ? flag(state, 'extended_after_due') : state;
      return moveDue(stepAfterEnd(next, event), event.occurredAt, event.data.newDueAt);
    }
    case 'DossierWithdrawn':
    case 'DossierStopped':
    case 'DossierResolved':
      return state.end ? stepAfterEnd(state, event) : { ...state, end: endOf(state, event) };
    case 'DossierCorrected':
      return correct(state, event);
    case 'ImportReversed':
      return reverse(state, event.data.file);
    default:
      return flagFuture(state, event);
  }
}

type Timed = Pick<RecordedEvent, 'occurredAt' | 'recordedAt' | 'metadata'>;

function claimOf(event: Timed): Claim {
  return {
    at: event.occurredAt,
    saidAt: event.recordedAt,
    recordedAt: event.recordedAt,
    file: event.metadata.source?.file ?? null,
  };
}

function endOf(state: FactState, event: Timed): End {
  // While the clock stands still, what counts is how it stood when it stopped.
  const recordedAt = state.stopped?.recordedAt ?? event.recordedAt;
  return { ...claimOf(event), onTimeRecorded: state.due === null || recordedAt <= state.due };
}

function stop(state: FactState, event: Timed, stopsClock: boolean): FactState {
  if (state.end) return stepAfterEnd(state, event);
  const stopped = state.stopped ?? (stopsClock ? claimOf(event) : null);
  return flagFuture({ ...state, stopped }, event);
}

function resume(state: FactState, event: Timed, dueAt: string | null): FactState {
  if (state.end) return stepAfterEnd(state, event);
  const moved = dueAt === null ? state : moveDue(state, event.occurredAt, dueAt);
  return flagFuture({ ...moved, stopped: null }, event);
}

/**
 * A later due instant given after the old one had passed does not make the dossier on time (apology slip, form 04):
 * the old one stays in force for the report. Only a correction replaces it.
 */
function moveDue(state: FactState, at: string, due: string): FactState {
  if (state.end || (state.due !== null && (state.stopped?.at ?? at) > state.due)) return state;
  return { ...state, due };
}

function correct(state: FactState, event: Extract<DossierEvent, { type: 'DossierCorrected' }>): FactState {
  const claim = { at: event.data.to, saidAt: event.recordedAt };
  switch (event.data.field) {
    case 'accepted_at':
      return state.accepted ? { ...state, accepted: { ...state.accepted, ...claim } } : state;
    case 'resolved_at':
      return state.end ? { ...state, end: { ...state.end, ...claim } } : state;
    case 'due_at':
      return flag({ ...state, due: event.data.to }, 'due_corrected');
    default:
      return state;
  }
}

/** What the import brought is gone; what the desk recorded itself stays. */
function reverse(state: FactState, file: string): FactState {
  const end = state.end?.file === file ? null : state.end;
  if (state.accepted?.file !== file) return { ...state, end };
  return {
    ...state,
    accepted: null,
    due: null,
    stopped: null,
    supplements: 0,
    reasons: [],
    end,
    reversed: true,
  };
}

function stepAfterEnd(state: FactState, event: Timed): FactState {
  return state.end ? flag(flagFuture(state, event), 'step_after_end') : flagFuture(state, event);
}

function flagFuture(state: FactState, event: Timed): FactState {
  return inFuture(event.occurredAt, event.recordedAt) ? flag(state, 'in_future') : state;
}

function flag(state: FactState, reason: Reason): FactState {
  return state.reasons.includes(reason) ? state : { ...state, reasons: [...state.reasons, reason] };
}
