import type { RecordedEvent } from '#libs/event-log/event-log.js';
import {
  type Channel,
  DOSSIER_CATEGORY,
  type DossierEvent,
  type DossierEventData,
} from '../dossier.events.js';
import type { Status } from '../dossier.js';

/** What the legal clock of a dossier does. `none`: it has not begun. */
export type ClockState = 'none' | 'running' | 'paused' | 'ended';

/** One line of the worklist. Instants are ISO 8601 in UTC with milliseconds. */
export interface Row {
  readonly code: string;
  readonly state: Status;
  readonly unit: string;
  readonly official: string | null;
  readonly procedure: string;
  readonly field: string | null;
  readonly channel: Channel;
  readonly registeredAt: string | null;
  readonly acceptedAt: string | null;
  /** What the desk owes next: the answer while it is registered, then the result. */
  readonly dueAt: string | null;
  readonly clock: ClockState;
  /** Since when the clock stands still. */
  readonly pausedAt: string | null;
  readonly endedAt: string | null;
  readonly applicant: string | null;
  readonly submitter: string | null;
  readonly formerCode: string | null;
  readonly imported: boolean;
  /** Taken back with its import: not shown. */
  readonly reversed: boolean;
  /** Its last event, in its stream and in the log. */
  readonly revision: bigint;
  readonly position: bigint;
}

/**
 * The line after one more event; undefined before the event that brings the dossier in.
 * Total: what happened is never refused, and an event of an unknown type changes nothing but the place.
 */
export function foldRow(row: Row | undefined, recorded: RecordedEvent): Row | undefined {
  const event = recorded as DossierEvent;
  const next = change(row, event);
  if (!next) return undefined;
  const parties = event.personal ? partiesIn(recorded, next) : undefined;
  return { ...next, ...parties, revision: event.revision, position: event.position };
}

function change(row: Row | undefined, event: DossierEvent): Row | undefined {
  if (event.type === 'DossierRegistered')
    return registered(bornOrAgain(row, event), event.data, event.occurredAt);
  if (event.type === 'DossierAccepted') {
    const file = event.metadata.source?.file;
    return accepted(bornOrAgain(row, event), event.data, event.occurredAt, file !== undefined);
  }
  return row && step(row, event);
}

/** The code that the stream of a dossier is named by: it is the same in every event. */
export function codeOf({ stream }: { readonly stream: string }): string {
  const id = stream.slice(DOSSIER_CATEGORY.length + 1);
  try {
    return id.includes('%') ? decodeURIComponent(id) : id;
  } catch {
    return id;
  }
}

/** A dossier whose import was taken back begins from nothing when it comes again. */
function bornOrAgain(row: Row | undefined, event: DossierEvent): Row {
  return row && !row.reversed ? row : blank(codeOf(event));
}

function registered(row: Row, data: DossierEventData['DossierRegistered'], at: string): Row {
  const { unit, procedure, channel, formerCode } = data;
  return {
    ...row,
    ...{ unit, procedure, channel, formerCode },
    state: 'registered',
    registeredAt: at,
    dueAt: data.answerDueAt,
    clock: 'none',
    pausedAt: null,
  };
}

function accepted(row: Row, data: DossierEventData['DossierAccepted'], at: string, imported: boolean): Row {
  const { unit, official, channel, dueAt, formerCode, terms } = data;
  return {
    ...row,
    ...{ unit, official, channel, dueAt, formerCode, imported },
    procedure: terms.procedure.id,
    field: terms.field,
    state: row.state === 'supplement_requested' ? 'processing' : 'accepted',
    acceptedAt: at,
    clock: 'running',
    pausedAt: null,
  };
}

/** A step on a dossier that is in. */
function step(row: Row, event: DossierEvent): Row {
  const at = event.occurredAt;
  switch (event.type) {
    case 'DossierRejected':
      return ended(row, 'rejected', at);
    case 'DossierHandedOver':
      return { ...processing(row), unit: event.data.toUnit, official: event.data.toOfficial };
    case 'ConsultationRequested':
      return processing(row);
    case 'SupplementRequested':
      return waiting(row, 'supplement_requested', event.data.stopsClock, at);
    case 'PaymentRequested':
      return waiting(row, 'financial_obligation', event.data.stopsClock, at);
    case 'SupplementReceived':
      return row.acceptedAt === null ? row : resumed(row, event.data.dueAt);
    case 'PaymentConfirmed':
      return resumed(row, event.data.dueAt);
    case 'DeadlineExtended':
      return { ...row, dueAt: event.data.newDueAt };
    case 'DossierWithdrawn':
      return ended(row, 'withdrawn', at);
    case 'DossierStopped':
      return ended(row, 'stopped', at);
    case 'DossierResolved':
      return ended(row, 'resolved', at);
    case 'ResultReturned':
      return ended(row, 'returned', at);
    case 'DossierCorrected':
      return corrected(row, event.data);
    case 'DossierLinked':
      return { ...row, formerCode: event.data.formerCode };
    case 'ActivityRecorded':
      return row.state === 'accepted' ? processing(row) : row;
    case 'ImportReversed':
      return { ...row, reversed: true };
    default:
      return row;
  }
}

function processing(row: Row): Row {
  return row.clock === 'ended' ? row : { ...row, state: 'processing' };
}

function waiting(row: Row, state: Status, stopsClock: boolean, at: string): Row {
  if (row.acceptedAt === null) return { ...row, state, dueAt: null };
  return stopsClock ? { ...row, state, clock: 'paused', pausedAt: row.pausedAt ?? at } : { ...row, state };
}

function resumed(row: Row, dueAt: string | null): Row {
  return { ...row, state: 'processing', dueAt, clock: 'running', pausedAt: null };
}

function ended(row: Row, state: Status, at: string): Row {
  return { ...row, state, clock: 'ended', pausedAt: null, endedAt: row.endedAt ?? at };
}

function corrected(row: Row, { field, to }: DossierEventData['DossierCorrected']): Row {
  switch (field) {
    case 'accepted_at':
      return { ...row, acceptedAt: to };
    case 'due_at':
      return { ...row, dueAt: to };
    case 'resolved_at':
      return row.endedAt === null ? row : { ...row, endedAt: to };
    case 'returned_at':
      return row;
  }
}

/** Names of the persons, where an event states them. */
function partiesIn(event: RecordedEvent, row: Row): Pick<Row, 'applicant' | 'submitter'> {
  const { applicant, submitter } = event.personal?.fields ?? {};
  return { applicant: nameOf(applicant) ?? row.applicant, submitter: nameOf(submitter) ?? row.submitter };
}

function nameOf(party: unknown): string | undefined {
  if (typeof party !== 'object' || party === null || !('name' in party)) return undefined;
  return typeof party.name === 'string' ? party.name.normalize('NFC') : undefined;
}

function blank(code: string): Row {
  return {
    code,
    state: 'registered',
    unit: '',
    official: null,
    procedure: '',
    field: null,
    channel: 'in_person',
    registeredAt: null,
    acceptedAt: null,
    dueAt: null,
    clock: 'none',
    pausedAt: null,
    endedAt: null,
    applicant: null,
    submitter: null,
    formerCode: null,
    imported: false,
    reversed: false,
    revision: -1n,
    position: 0n,
  };
}
