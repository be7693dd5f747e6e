import type { CalendarDefinition, Limit } from '#libs/calendar/calendar.js';
import type { ReminderRule } from './reminder-rules.js';

/** Anything published in versions: in force from `validFrom` to `validTo` (dates of the desk, inclusive). */
export interface Versioned {
  /** Counts up from 1 for one id. */
  readonly version: number;
  readonly validFrom: string;
  readonly validTo: string | null;
  /** Where it is laid down: decree, notice, decision. */
  readonly source: string;
}

export interface CalendarVersion extends Versioned {
  readonly id: string;
  readonly name: string;
  readonly definition: CalendarDefinition;
}

/** Rules that are policy, not arithmetic. */
export interface PolicyRules {
  /** How far ahead of the clock a claimed instant may lie. */
  readonly futureToleranceSeconds: number;
  readonly maxSupplementRequests: number;
  readonly maxExtensions: number;
  /** Within which an online dossier must be accepted or refused; runs from the instant it is sent in. */
  readonly onlineAnswerLimit: Limit;
  readonly supplementStopsClock: boolean;
  readonly paymentStopsClock: boolean;
  /** How early is told from on time: by the date in the desk's zone, or by the instant. */
  readonly beforeTimeBy: 'date' | 'instant';
}

export interface PolicyVersion extends Versioned {
  readonly id: string;
  readonly rules: PolicyRules;
}

/** An office that takes in dossiers. */
export interface UnitVersion extends Versioned {
  /** First part of its dossier codes, e.g. `H54.12`. */
  readonly code: string;
  readonly name: { readonly vi: string; readonly en: string };
  readonly calendar: string;
  readonly policy: string;
  /** Digits of the daily sequence in a code. */
  readonly sequenceDigits: number;
}

export interface ProcedureLimit {
  /** `default`, or the case the limit is for. */
  readonly case: string;
  readonly limit: Limit;
}

export interface ProcedureVersion extends Versioned {
  readonly code: string;
  readonly name: { readonly vi: string; readonly en: string | null };
  readonly field: string;
  readonly level: string;
  /** Empty: no limit is known, and nothing can be accepted under it until one is published. */
  readonly limits: readonly ProcedureLimit[];
  readonly papers: readonly string[];
  readonly fee: { readonly amount: number; readonly currency: string } | null;
  /** How long what is granted stays valid, in words; null if not stated. */
  readonly validity: string | null;
  readonly note: string | null;
  /**
   * Months, from the end of a dossier, for which personal data in it must be kept; afterwards it is due for erasure.
   * Absent: no period was laid down, and nothing falls due by itself.
   */
  readonly retentionMonths?: number;
}

/** Which reminders the dossiers of some desks get. */
export interface ReminderPolicyVersion extends Versioned {
  readonly id: string;
  /** Desks, by the unit that took a dossier in. `all`: those that no other policy names. */
  readonly units: readonly string[] | 'all';
  readonly rules: readonly ReminderRule[];
}

/**
 * Type → data of the events in the streams `reference-calendars`, `-policies`, `-units`, `-procedures`, `-reminders`.
 */
export interface ReferenceEventData {
  CalendarPublished: CalendarVersion;
  PolicyPublished: PolicyVersion;
  UnitPublished: UnitVersion;
  ProcedurePublished: ProcedureVersion;
  ReminderPolicyPublished: ReminderPolicyVersion;
}

export type ReferenceEventType = keyof ReferenceEventData;
export const REFERENCE_CATEGORY = 'reference';

/** What deciding steps need to know of the published versions. Dates are `YYYY-MM-DD` of the desk. */
export interface ReferenceData {
  /** The version in force on that date: the highest-numbered valid one. */
  unit(code: string, date: string): UnitVersion | undefined;
  procedure(code: string, date: string): ProcedureVersion | undefined;
  calendar(id: string, date: string): CalendarVersion | undefined;
  policy(id: string, date: string): PolicyVersion | undefined;
  /** For dossiers that this unit took in; the one that names it goes before one for all. */
  reminders(unit: string, date: string): ReminderPolicyVersion | undefined;
  /** A given version, whether still in force or not. */
  calendarVersion(id: string, version: number): CalendarVersion | undefined;
  policyVersion(id: string, version: number): PolicyVersion | undefined;
  /** All versions, for listings. */
  all(): {
    readonly calendars: readonly CalendarVersion[];
    readonly policies: readonly PolicyVersion[];
    readonly units: readonly UnitVersion[];
    readonly procedures: readonly ProcedureVersion[];
    readonly reminders: readonly ReminderPolicyVersion[];
  };
}

export const REFERENCE_DATA = Symbol('ReferenceData');
