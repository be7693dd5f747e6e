import type { Limit } from '#libs/calendar/calendar.js';

/**
 * What is to be done in time. `answer`: an online dossier is to be accepted or refused. `result`: the dossier is to be
 * decided. `apology`: if it will not be, an apology must be issued before. `consultation`: another agency is to reply.
 * `supplement`: the applicant is to bring what was asked for. `collection`: the result is to be fetched.
 */
export type ReminderTopic = 'answer' | 'result' | 'apology' | 'consultation' | 'supplement' | 'collection';
export const REMINDER_TOPICS: readonly ReminderTopic[] = [
  'answer',
  'result',
  'apology',
  'consultation',
  'supplement',
  'collection',
];

/**
 * When. `share`: after this part of the working time to the deadline, above 0 and below 1. `last_day`: at the opening of
 * the office on the day of the deadline. `due`: at the deadline. A supplement and a result to be fetched have no deadline
 * of their own: for them only `after` is meant, and counts from when it was asked for, or resolved.
 */
export type ReminderMoment =
  | { readonly share: number }
  | { readonly before: Limit }
  | { readonly on: 'last_day' | 'due' }
  | { readonly after: Limit };
export const REMINDER_MOMENTS = ['share', 'before', 'on', 'after'] as const;

/**
 * To whom. `official`: in charge, or else all officials of the unit that has it. `clerk`: those of the desk that took it
 * in. `supervisor`: those of the unit that has it. `desk_supervisor`: those of the desk. `leadership`: supervisors of all
 * units.
 */
export type ReminderRecipient = 'official' | 'clerk' | 'supervisor' | 'desk_supervisor' | 'leadership';
export const REMINDER_RECIPIENTS: readonly ReminderRecipient[] = [
  'official',
  'clerk',
  'supervisor',
  'desk_supervisor',
  'leadership',
];

export interface ReminderRule {
  readonly about: ReminderTopic;
  readonly when: ReminderMoment;
  readonly to: ReminderRecipient;
  /** Codes; absent: for all procedures. */
  readonly procedures?: readonly string[];
}
