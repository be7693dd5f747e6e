import type { JsonObject } from '#libs/event-log/json.js';

/**
 * Fields about one person, encrypted under that person's key (AES-256-GCM). Without the key it says nothing, and the
 * hash of the event that holds it goes over the ciphertext: so a person can be forgotten while the event stays.
 */
export interface SealedPart {
  /** Opaque id of the person, the name of the key. */
  readonly subject: string;
  /** Which part of the event's personal fields this is; authenticated with the ciphertext. */
  readonly part: PartName;
  /** base64url of nonce (12 bytes), ciphertext and tag (16 bytes). */
  readonly box: string;
}

/** `applicant` and `submitter` are persons of their own; `rest` is all else, kept under the applicant's key. */
export type PartName = 'applicant' | 'submitter' | 'rest';

/** A person, as far as needed to find the key, or to make one. */
export interface Person {
  /** Number of identity card, passport or enterprise: the same number is the same person. */
  readonly idNumber?: string;
  /**
   * The subject if there is no key yet: the same for every retry, and telling nothing of the person. Where this very
   * subject was erased, a further one is made from it: what comes later has a key of its own.
   */
  readonly otherwise: string;
}

/** Fields about one person that are to be sealed. */
export interface ClearPart {
  readonly person: Person;
  readonly part: PartName;
  readonly fields: JsonObject;
}

/** What stands in the place of what was forgotten. */
export const ERASED = 'erased';
/** What stands in the place of what cannot be read though there is a key: changed since, or sealed under another one. */
export const DAMAGED = 'damaged';
export type Opened = JsonObject | typeof ERASED | typeof DAMAGED;
