import type { RecordedEvent } from '#libs/event-log/event-log.js';

/** Why a person is forgotten: he asked for it, or the period of retention is over. */
export type ErasureBasis = 'request' | 'retention';

/** Every event of a person: type → data. Why somebody asked or refused is in the event's sealed part. */
export interface PersonEventData {
  /** The first of four eyes. */
  ErasureProposed: {
    subject: string;
    /** By its place in the stream: `e0`, `e1`, … */
    proposal: string;
    basis: ErasureBasis;
    /** Number of the person's request, or of the office's decision. */
    form: string;
  };
  ErasureRefused: { subject: string; proposal: string };
  /** From here on nobody can read what was sealed for this person: the key is destroyed right after. */
  PersonErased: {
    subject: string;
    proposal: string;
    basis: ErasureBasis;
    form: string;
    proposedBy: string;
    approver: string;
  };
}

export type PersonEventType = keyof PersonEventData;

export type PersonFact = {
  [T in PersonEventType]: { type: T; data: PersonEventData[T]; personal?: { reason: string } };
}[PersonEventType];

export type PersonEvent = {
  [T in PersonEventType]: RecordedEvent<T, PersonEventData[T]>;
}[PersonEventType];

/** Streams are `person-{subject}`. */
export const PERSON_CATEGORY = 'person';
