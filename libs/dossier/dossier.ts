import type { Pause } from '#libs/calendar/calendar.js';
import { type Beside, besideAfter } from './cancel-alert/beside.js';
import type { Alert, Change, Channel, DossierEvent, DossierEventData, Terms } from './dossier.events.js';
import { type Waiting, waitingAfter } from './proposals/waiting.js';

/** States of a dossier with their national codes (see docs/dossier-states.md). Late is never a state. */
export const STATUS_CODES = {
  registered: 1,
  accepted: 2,
  rejected: 3,
  processing: 4,
  supplement_requested: 5,
  financial_obligation: 6,
  withdrawn: 7,
  stopped: 8,
  resolved: 9,
  returned: 10,
} as const;
export type Status = keyof typeof STATUS_CODES;

/** A change that waits for a second person. */
export type Proposal = Waiting &
  Change & {
    readonly proposedBy: string;
    /** The account that had lent the grant by which it was proposed. */
    readonly onBehalfOf?: string;
    /** As claimed. */
    readonly proposedAt: string;
  };

/** What deciding the next step needs to know of a dossier: a fold over its events. */
export interface DossierState {
  readonly code: string;
  readonly status: Status;
  /** Unit that took it in. */
  readonly desk: string;
  /** Unit that has it now. */
  readonly unit: string;
  readonly official: string | null;
  readonly channel: Channel;
  readonly procedure: string;
  readonly case: string;
  readonly formerCode: string | null;
  /** Null until it is accepted. */
  readonly terms: Terms | null;
  readonly registeredAt: string | null;
  readonly answerDueAt: string | null;
  readonly acceptedAt: string | null;
  readonly dueAt: string | null;
  readonly dueBasis: 'computed' | 'stated' | 'extended' | 'corrected' | null;
  /** Spans in which the clock stood still; the last one is open while it does, and when it stood still at the end. */
  readonly pauses: readonly Pause[];
  /** Claimed end of the work: resolved, withdrawn or stopped. */
  readonly endedAt: string | null;
  readonly returnedAt: string | null;
  readonly supplementRequests: number;
  readonly extensions: number;
  readonly openConsultations: readonly string[];
  /** Changes that wait for a second person, at most one of a kind. */
  readonly proposals: readonly Proposal[];
  /** Its personal data must not be erased. */
  readonly held: boolean;
  /** Due instants that are noted to have passed. */
  readonly fellOverdue: readonly string[];
  /** What is waited for beside the result. */
  readonly beside: readonly Beside[];
  /** What nobody is reminded of any more. */
  readonly cancelledAlerts: readonly Alert[];
  /** Claimed instant of the last step that moved the dossier. */
  readonly lastStepAt: string;
  /** File whose import brought it, and whether that was taken back. */
  readonly importedFrom: string | null;
  readonly reversed: boolean;
  /** Place of its last event. */
  readonly revision: bigint;
}

/** What a dossier is after one more event. Total: what happened is never refused. */
export function evolve(state: DossierState | undefined, event: DossierEvent): DossierState {
  const next = change(state ?? unborn(event), event);
  const proposals = waitingAfter(next.proposals, event, proposalOf);
  return { ...next, proposals, beside: besideAfter(next.beside, event), revision: event.revision };
}

function change(state: DossierState, event: DossierEvent): DossierState {
  const at = event.occurredAt;
  const moved = { ...state, lastStepAt: at };
  switch (event.type) {
    case 'DossierRegistered': {
      const { code, unit, procedure, channel, answerDueAt, formerCode } = event.data;
      return {
        ...moved,
        ...{ code, unit, procedure, channel, answerDueAt, formerCode, case: event.data.case },
        desk: unit,
        status: 'registered',
        registeredAt: at,
      };
    }
    case 'DossierAccepted': {
      const { code, unit, official, channel, terms, dueAt, dueBasis, formerCode } = event.data;
      // What was taken back comes in again: nothing of the first time is left but a legal hold.
      const before = state.reversed ? { ...unborn(event), held: state.held } : state;
      return {
        ...before,
        lastStepAt: at,
        ...{ code, unit, official, channel, terms, dueAt, dueBasis, formerCode },
        desk: unit,
        procedure: terms.procedure.id,
        case: terms.case,
        status: before.status === 'supplement_requested' ? 'processing' : 'accepted',
        acceptedAt: at,
        importedFrom: event.metadata.source?.file ?? null,
      };
    }
    case 'DossierRejected':
      return { ...moved, status: 'rejected' };
    case 'DossierHandedOver':
      return { ...moved, status: 'processing', unit: event.data.toUnit, official: event.data.toOfficial };
    case 'ConsultationRequested':
      return {
        ...moved,
        status: 'processing',
        openConsultations: [...state.openConsultations, event.data.consultation],
      };
    case 'ConsultationReplied':
      return {
        ...moved,
        openConsultations: state.openConsultations.filter((id) => id !== event.data.consultation),
      };
    case 'SupplementRequested':
      return {
        ...(event.data.stopsClock ? pause(moved, at) : moved),
        status: 'supplement_requested',
        supplementRequests: state.supplementRequests + 1,
      };
    case 'SupplementReceived':
      return state.acceptedAt === null
        ? moved
        : { ...resume(moved, at, event.data.dueAt), status: 'processing' };
    case 'PaymentRequested':
      return { ...(event.data.stopsClock ? pause(moved, at) : moved), status: 'financial_obligation' };
    case 'PaymentConfirmed':
      return { ...resume(moved, at, event.data.dueAt), status: 'processing' };
    case 'DeadlineExtended':
      return { ...moved, dueAt: event.data.newDueAt, dueBasis: 'extended', extensions: state.extensions + 1 };
    case 'DossierWithdrawn':
      return end(moved, 'withdrawn', at);
    case 'DossierStopped':
      return end(moved, 'stopped', at);
    case 'DossierResolved':
      return end(moved, 'resolved', at);
    case 'ResultReturned':
      return { ...moved, status: 'returned', returnedAt: at };
    case 'DossierCorrected':
      return corrected(state, event.data);
    case 'DossierLinked':
      return { ...state, formerCode: event.data.formerCode };
    case 'ActivityRecorded':
      return state.status === 'accepted' ? { ...moved, status: 'processing' } : state;
    case 'ImportReversed':
      return event.data.file === state.importedFrom ? { ...state, reversed: true } : state;
    case 'LegalHoldPlaced':
      return { ...state, held: true };
    case 'LegalHoldLifted':
      return { ...state, held: false };
    case 'DossierFellOverdue':
      return { ...state, fellOverdue: [...state.fellOverdue, event.data.dueAt] };
    case 'AlertCancelled': {
      const { topic, dueAt } = event.data;
      return { ...state, cancelledAlerts: [...state.cancelledAlerts, { topic, dueAt }] };
    }
    case 'ChangeProposed':
    case 'ProposalApproved':
    case 'ProposalRefused':
    case 'DossierAnnotated':
      return state;
    default:
      return unhandled(state, event);
  }
}

/** The compiler asks here for a case of every event; an event of a later version of the software changes nothing. */
function unhandled(state: DossierState, _event: never): DossierState {
  return state;
}

function unborn(event: DossierEvent): DossierState {
  return {
    code: '',
    status: 'registered',
    desk: '',
    unit: '',
    official: null,
    channel: 'in_person',
    procedure: '',
    case: 'default',
    formerCode: null,
    terms: null,
    registeredAt: null,
    answerDueAt: null,
    acceptedAt: null,
    dueAt: null,
    dueBasis: null,
    pauses: [],
    endedAt: null,
    returnedAt: null,
    supplementRequests: 0,
    extensions: 0,
    openConsultations: [],
    proposals: [],
    held: false,
    fellOverdue: [],
    beside: [],
    cancelledAlerts: [],
    lastStepAt: event.occurredAt,
    importedFrom: null,
    reversed: false,
    revision: -1n,
  };
}

function pause(state: DossierState, from: string): DossierState {
  return { ...state, pauses: [...state.pauses, { from, to: null }] };
}

function resume(state: DossierState, to: string, dueAt: string | null): DossierState {
  const pauses = state.pauses.map((span) => (span.to === null ? { ...span, to } : span));
  return { ...state, pauses, dueAt };
}

function end(state: DossierState, status: Status, at: string): DossierState {
  return { ...state, status, endedAt: state.endedAt ?? at };
}

function proposalOf({
  data,
  metadata: { actor, onBehalfOf },
  occurredAt,
}: Extract<DossierEvent, { type: 'ChangeProposed' }>): Proposal {
  return {
    ...data,
    proposedBy: actor,
    ...(onBehalfOf === undefined ? {} : { onBehalfOf }),
    proposedAt: occurredAt,
  };
}

function corrected(
  state: DossierState,
  { field, from, to, basis }: DossierEventData['DossierCorrected'],
): DossierState {
  if (field === 'due_at') return { ...state, dueAt: to, dueBasis: basis ?? 'corrected' };
  // Where the last step itself is corrected, the next one may follow its right time.
  const lastStepAt = state.lastStepAt === from ? to : state.lastStepAt;
  switch (field) {
    case 'accepted_at':
      return { ...state, lastStepAt, acceptedAt: to };
    case 'resolved_at':
      return { ...state, lastStepAt, endedAt: to };
    case 'returned_at':
      return { ...state, lastStepAt, returnedAt: to };
  }
}

/** True while the legal clock stands still. */
export function isPaused(state: DossierState): boolean {
  return state.pauses.at(-1)?.to === null;
}
