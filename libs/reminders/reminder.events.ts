import type { RecordedEvent } from '#libs/event-log/event-log.js';
import type { VersionRef } from '#libs/dossier/dossier.events.js';
import type { ReminderTopic } from '#libs/reference/reminder-rules.js';

/** Ways to reach somebody outside the application; the inbox is no channel, since everyone has it. */
export type ChannelName = 'email' | 'webhook';

/** Somebody or something that a reminder goes to, besides inboxes: an account's address, or a web hook, by reference. */
export interface Delivery {
  readonly channel: ChannelName;
  /** Account id for `email`, id of the hook for `webhook`. */
  readonly to: string;
}

/**
 * Type → data of the events in the streams `reminder-{code}`, one for each dossier. No name and no address is in them.
 * Instants are ISO 8601 in UTC with milliseconds.
 */
export interface ReminderEventData {
  /** A reminder was due and still held: from now on it is in these inboxes, and is to be delivered as it says. */
  ReminderRaised: {
    readonly code: string;
    /** Identical for identical reminders: see `Reminder.id`. */
    readonly reminder: string;
    readonly about: ReminderTopic;
    /** Until when what it is about is to be done. */
    readonly dueAt: string;
    /** When it was planned for. */
    readonly plannedAt: string;
    readonly policy: VersionRef;
    /** Accounts, in whose inboxes it is. Empty: nobody had the role. */
    readonly accounts: readonly string[];
    readonly deliveries: readonly Delivery[];
  };
  /** It left by this channel. `key` is the idempotency key that the message carried. */
  ReminderSent: Delivery & { readonly code: string; readonly reminder: string; readonly key: string };
  /** All attempts failed, or the other side refused it for good; it lies until somebody has it sent again. `reason` names no person and no address. */
  ReminderFailed: Delivery & {
    readonly code: string;
    readonly reminder: string;
    readonly key: string;
    readonly attempts: number;
    readonly reason: string;
  };
  /** Somebody wants what failed to be sent again. */
  ReminderRetried: Delivery & { readonly code: string; readonly reminder: string };
  /** It will not leave by this channel any more: it does not hold any more, or its owner took the address away. */
  ReminderDropped: Delivery & { readonly code: string; readonly reminder: string };
}

export type ReminderEventType = keyof ReminderEventData;
export type ReminderEvent<Type extends ReminderEventType = ReminderEventType> = {
  [T in Type]: RecordedEvent<T, ReminderEventData[T]>;
}[Type];

export const REMINDER_CATEGORY = 'reminder';
