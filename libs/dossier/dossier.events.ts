import type { NewEvent, RecordedEvent } from '#libs/event-log/event-log.js';
import type { Limit } from '#libs/calendar/calendar.js';
import type { ReminderTopic } from '#libs/reference/reminder-rules.js';

/** National channel codes: 1 in person, 2 online, 3 public post. */
export type Channel = 'in_person' | 'online' | 'post';
export const CHANNELS: readonly Channel[] = ['in_person', 'online', 'post'];

/** Claimed times that a correction can replace. */
export type CorrectableTime = 'accepted_at' | 'resolved_at' | 'returned_at' | 'due_at';

/** One version of something versioned. */
export interface VersionRef {
  readonly id: string;
  readonly version: number;
}

/** What a dossier is about and under which versions it runs; frozen when it is accepted. */
export interface Terms {
  readonly procedure: VersionRef;
  readonly field: string;
  /** Case of the procedure that the limit was taken for. */
  readonly case: string;
  /** Null only where an import states the due instant itself. */
  readonly limit: Limit | null;
  readonly calendar: VersionRef;
  readonly policy: VersionRef;
  /** IANA zone of the desk: decides days. */
  readonly zone: string;
  /** Set where the policy tells before time from on time by the instant; else it is told by the date. */
  readonly beforeTimeBy?: 'instant';
}

/** What somebody is reminded of, and until when it is to be done; of what has no deadline of its own, since when. */
export interface Alert {
  readonly topic: ReminderTopic;
  readonly dueAt: string;
}

/**
 * What takes two persons, and what is proposed for it: numbers and instants, nothing of a person. The number of the
 * form is always there, since no time is changed without. A further kind is a line here and one in
 * `proposals/changes.ts`.
 */
export interface ProposedInputs {
  extend: { newDueAt: string; apologyNumber?: string };
  correct: { field: CorrectableTime; to: string; form?: string };
  'cancel-alert': Alert;
}
export type ProposedStep = keyof ProposedInputs;

/** A change, with what is proposed for it. */
export type Change<S extends ProposedStep = ProposedStep> = {
  [K in S]: { step: K; input: ProposedInputs[K] };
}[S];

/**
 * Every event of a dossier: type → data. No name, number, contact or free text is in here: those are in the
 * event's `personal`, sealed (see `PersonalFields`). `official`, `toOfficial` and `approver` are account ids.
 * Instants are ISO 8601 in UTC with milliseconds.
 */
export interface DossierEventData {
  /** Sent in online, not yet accepted (state 1). */
  DossierRegistered: {
    code: string;
    unit: string;
    procedure: string;
    case: string;
    channel: Channel;
    /** Until when the desk must accept or refuse it. */
    answerDueAt: string | null;
    formerCode: string | null;
  };
  /** Taken in: the legal clock starts (state 2; 4 when it follows a supplement). */
  DossierAccepted: {
    code: string;
    unit: string;
    official: string | null;
    channel: Channel;
    terms: Terms;
    /** Null: no due instant could be known (imports only). */
    dueAt: string | null;
    /** `stated`: taken from an imported log, not computed. */
    dueBasis: 'computed' | 'stated';
    formerCode: string | null;
  };
  DossierRejected: Record<string, never>;
  DossierHandedOver: { toUnit: string; toOfficial: string | null };
  /** Since version 2 the agency is in `personal`. */
  ConsultationRequested: { consultation: string; dueAt: string | null };
  ConsultationReplied: { consultation: string };
  /** State 5. `stopsClock` as the policy said, and false where the clock never ran. */
  SupplementRequested: { number: number; stopsClock: boolean };
  /** The clock goes on; `dueAt` is null where it never ran (the dossier was not yet accepted). */
  SupplementReceived: { dueAt: string | null };
  /** State 6. */
  PaymentRequested: { amount: number; currency: string; stopsClock: boolean };
  PaymentConfirmed: { dueAt: string | null };
  /** A new due instant, announced with an apology. */
  DeadlineExtended: {
    oldDueAt: string;
    newDueAt: string;
    apologyNumber: string;
    approver: string;
    /** The approved proposal, which has the reason. Absent in the log of before, where one person did it. */
    proposal?: string;
  };
  DossierWithdrawn: Record<string, never>;
  DossierStopped: Record<string, never>;
  DossierResolved: { outcome: 'granted' | 'refused' };
  ResultReturned: { method: Channel };
  /** Replaces a claimed time; what was claimed before stays in the log. */
  DossierCorrected: {
    field: CorrectableTime;
    from: string | null;
    to: string;
    /** Number of the form on which the change was decided. */
    form: string;
    approver: string;
    /** As in `DeadlineExtended`. */
    proposal?: string;
    /** `computed`: a due instant that follows from a corrected acceptance. Absent: it was stated. */
    basis?: 'computed';
  };
  /** Somebody asks for a change that takes a second person. It moves nothing. `proposal` names it from then on. */
  ChangeProposed: { proposal: string } & Change;
  /** What was proposed follows in the same append, with the second person as `approver`. */
  ProposalApproved: { proposal: string; proposedBy: string };
  ProposalRefused: { proposal: string };
  /** Its personal data must not be erased, whatever is due (a complaint, a lawsuit), until this is lifted. */
  LegalHoldPlaced: Record<string, never>;
  LegalHoldLifted: Record<string, never>;
  /**
   * The due instant passed, and the dossier was neither ended nor at a standstill: by the actor `clock`, at that instant.
   * It is evidence of what was known when; what is late in a report is counted from the times themselves.
   */
  DossierFellOverdue: { dueAt: string };
  /**
   * Nobody is reminded of this any more: of that topic with that due instant. Another due instant brings reminders
   * back, and that a deadline passed is noted all the same.
   */
  AlertCancelled: Alert & {
    approver: string;
    /** The approved proposal, which has the reason. */
    proposal?: string;
  };
  DossierAnnotated: Record<string, never>;
  DossierLinked: { formerCode: string };
  /** A step named by an imported log, in its own words. Since version 2 the performer is in `personal`. */
  ActivityRecorded: { activity: string };
  /** Takes back everything that one import brought into this dossier. */
  ImportReversed: { file: string };
}

export type DossierEventType = keyof DossierEventData;

/** An event of a dossier as a decision states it: the executor adds id, metadata and schema version. */
export type DossierFact = {
  [T in DossierEventType]: {
    type: T;
    data: DossierEventData[T];
    occurredAt: string;
    personal?: PersonalFields;
  };
}[DossierEventType];

/** What may be said of persons in a dossier's event: sealed before it is appended. */
export interface PersonalFields {
  applicant?: Party;
  submitter?: Party;
  papers?: Paper[];
  reason?: string;
  legalBasis?: string;
  note?: string;
  /** Asked by a consultation. */
  agency?: string;
  /** Of an imported step: a name, or how the other system calls somebody. */
  performer?: string;
  /** In charge as an imported log says, where that is no account id. */
  official?: string;
}

/** A person or organisation that a dossier concerns. */
export interface Party {
  name: string;
  idNumber?: string;
  phone?: string;
  email?: string;
  address?: string;
}

/** A paper handed in, or asked for. */
export interface Paper {
  name: string;
  originals: number;
  copies: number;
}

export type DossierEvent = {
  [T in DossierEventType]: RecordedEvent<T, DossierEventData[T]>;
}[DossierEventType];
export type NewDossierEvent = {
  [T in DossierEventType]: NewEvent<T, DossierEventData[T]>;
}[DossierEventType];

export const DOSSIER_CATEGORY = 'dossier';
