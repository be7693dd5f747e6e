import { idOf, type RecordedEvent } from '#libs/event-log/event-log.js';
import { type PersonalPart, partsOf } from '#libs/personal-data/opening.js';
import { type Channel, type DossierEvent, type DossierEventData } from '../dossier.events.js';
import type { Status } from '../dossier.js';
import { type Waiting, waitingAfter } from '../proposals/waiting.js';

/** What the legal clock of a dossier does. `none`: it has not begun. */
export type ClockState = 'none' | 'running' | 'paused' | 'ended';

/** A person as an event names it. */
export interface NamedParty {
  readonly part: PersonalPart;
  readonly tokens: string;
}

/** One line of the worklist. Instants are ISO 8601 in UTC with milliseconds. */
export interface Row {
  readonly code: string;
  readonly state: Status;
  /** Unit that took it in. */
  readonly desk: string;
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
  /** Resolved, withdrawn or stopped; a rejected dossier has none, since its work never began. */
  readonly endedAt: string | null;
  /** As it came, sealed; null where nobody is named, or the person is erased. */
  readonly applicant: PersonalPart | null;
  readonly applicantSubject: string | null;
  /** What the party is found by: tokens (see `SearchTokens`), with blanks between them. */
  readonly applicantTokens: string;
  readonly submitter: PersonalPart | null;
  readonly submitterSubject: string | null;
  readonly submitterTokens: string;
  /** Everyone under whose key anything of its events is, in the order they came: who is to be asked for, to forget all. */
  readonly subjects: readonly string[];
  readonly formerCode: string | null;
  /** Changes that wait for a second person. */
  readonly proposals: readonly Waiting[];
  /** The file whose import brought it. */
  readonly importedFrom: string | null;
  /** Taken back with its import: not shown. */
  readonly reversed: boolean;
  /** Its last event, in its stream and in the log. */
  readonly revision: bigint;
  readonly position: bigint;
}

/**
 * The line after one more event; undefined before the event that brings the dossier in.
 * Total: what happened is never refused, and an event of an unknown type changes nothing but the place.
 * @param parties that the event names
 */
export function foldRow(
  row: Row | undefined,
  recorded: RecordedEvent,
  parties: readonly NamedParty[] = [],
): Row | undefined {
  const event = recorded as DossierEvent;
  const next = begun(row, event);
  if (!next) return undefined;
  change(next, event);
  next.proposals = waitingAfter(next.proposals, event, ({ data: { proposal, step } }) => ({
    proposal,
    step,
  }));
  for (const party of parties) name(next, party);
  for (const { subject } of partsOf(event.personal)) {
    if (!next.subjects.includes(subject)) next.subjects = [...next.subjects, subject];
  }
  next.revision = event.revision;
  next.position = event.position;
  return next;
}

/** A row on its way to the next one. One copy for an event, since a rebuild folds millions. */
type Draft = { -readonly [K in keyof Row]: Row[K] };

/** A dossier whose import was taken back begins from nothing when it comes again; what was sealed stays in the log. */
function begun(row: Row | undefined, event: DossierEvent): Draft | undefined {
  const brings = event.type === 'DossierRegistered' || event.type === 'DossierAccepted';
  if (brings && (!row || row.reversed))
    return { ...blank(idOf(event.stream)), subjects: row?.subjects ?? [] };
  return row && { ...row };
}

function change(row: Draft, event: DossierEvent): void {
  const at = event.occurredAt;
  switch (event.type) {
    case 'DossierRegistered':
      register(row, event.data, at);
      break;
    case 'DossierAccepted':
      accept(row, event.data, at, event.metadata.source?.file ?? null);
      break;
    case 'DossierRejected':
      row.state = 'rejected';
      row.clock = 'ended';
      row.pausedAt = null;
      break;
    case 'DossierHandedOver':
      row.unit = event.data.toUnit;
      row.official = event.data.toOfficial;
      process(row);
      break;
    case 'ConsultationRequested':
      process(row);
      break;
    case 'SupplementRequested':
      wait(row, 'supplement_requested', event.data.stopsClock, at);
      break;
    case 'PaymentRequested':
      wait(row, 'financial_obligation', event.data.stopsClock, at);
      break;
    case 'SupplementReceived':
      if (row.acceptedAt !== null) resume(row, event.data.dueAt);
      break;
    case 'PaymentConfirmed':
      resume(row, event.data.dueAt);
      break;
    case 'DeadlineExtended':
      row.dueAt = event.data.newDueAt;
      break;
    case 'DossierWithdrawn':
      end(row, 'withdrawn', at);
      break;
    case 'DossierStopped':
      end(row, 'stopped', at);
      break;
    case 'DossierResolved':
      end(row, 'resolved', at);
      break;
    case 'ResultReturned':
      end(row, 'returned', at);
      break;
    case 'DossierCorrected':
      correct(row, event.data);
      break;
    case 'DossierLinked':
      row.formerCode = event.data.formerCode;
      break;
    case 'ActivityRecorded':
      if (row.state === 'accepted') process(row);
      break;
    case 'ImportReversed':
      // Of a dossier that came in otherwise, only steps are taken back: it stays.
      if (event.data.file === row.importedFrom) row.reversed = true;
      break;
    default:
  }
}

function register(row: Draft, data: DossierEventData['DossierRegistered'], at: string): void {
  row.desk = data.unit;
  row.unit = data.unit;
  row.procedure = data.procedure;
  row.channel = data.channel;
  row.formerCode = data.formerCode;
  row.state = 'registered';
  row.registeredAt = at;
  row.dueAt = data.answerDueAt;
  row.clock = 'none';
  row.pausedAt = null;
}

function accept(
  row: Draft,
  data: DossierEventData['DossierAccepted'],
  at: string,
  importedFrom: string | null,
): void {
  row.desk = data.unit;
  row.unit = data.unit;
  row.official = data.official;
  row.procedure = data.terms.procedure.id;
  row.field = data.terms.field;
  row.channel = data.channel;
  row.formerCode = data.formerCode;
  row.importedFrom = importedFrom;
  row.state = row.state === 'supplement_requested' ? 'processing' : 'accepted';
  row.acceptedAt = at;
  row.dueAt = data.dueAt;
  row.clock = 'running';
  row.pausedAt = null;
}

function process(row: Draft): void {
  if (row.clock !== 'ended') row.state = 'processing';
}

function wait(row: Draft, state: Status, stopsClock: boolean, at: string): void {
  row.state = state;
  if (row.acceptedAt === null) {
    row.dueAt = null;
  } else if (stopsClock) {
    row.clock = 'paused';
    row.pausedAt ??= at;
  }
}

function resume(row: Draft, dueAt: string | null): void {
  row.state = 'processing';
  row.dueAt = dueAt;
  row.clock = 'running';
  row.pausedAt = null;
}

function end(row: Draft, state: Status, at: string): void {
  row.state = state;
  row.clock = 'ended';
  row.pausedAt = null;
  row.endedAt ??= at;
}

function correct(row: Draft, { field, to }: DossierEventData['DossierCorrected']): void {
  if (field === 'accepted_at') row.acceptedAt = to;
  else if (field === 'due_at') row.dueAt = to;
  else if (field === 'resolved_at' && row.endedAt !== null) row.endedAt = to;
}

function name(row: Draft, { part, tokens }: NamedParty): void {
  if (part.part === 'applicant') {
    row.applicant = part;
    row.applicantSubject = part.subject;
    row.applicantTokens = tokens;
  } else if (part.part === 'submitter') {
    row.submitter = part;
    row.submitterSubject = part.subject;
    row.submitterTokens = tokens;
  }
}

function blank(code: string): Draft {
  return {
    code,
    state: 'registered',
    desk: '',
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
    applicantSubject: null,
    applicantTokens: '',
    submitter: null,
    submitterSubject: null,
    submitterTokens: '',
    subjects: [],
    formerCode: null,
    proposals: [],
    importedFrom: null,
    reversed: false,
    revision: -1n,
    position: 0n,
  };
}
