import type { Calendar } from '#libs/calendar/compile-calendar.js';
import type { ChannelName } from './reminder.events.js';
import type { ReminderTopic } from '#libs/reference/reminder-rules.js';

/** What leaves the application: a dossier by its code, people by account id, and no name of anybody. */
export interface Message {
  /** Idempotency key: the same for every attempt, so that the other side can tell a repeat. */
  readonly key: string;
  /** Account id, or id of the web hook. */
  readonly to: string;
  readonly code: string;
  readonly reminder: string;
  readonly about: ReminderTopic;
  /** Unit that has the dossier now, and its procedure. */
  readonly unit: string;
  readonly procedure: string;
  /** Until when what it is about is to be done; in UTC, with the IANA zone of the desk to show it in. */
  readonly dueAt: string;
  readonly zone: string;
  readonly raisedAt: string;
  /** In whose inboxes it is: a web hook may have to reach them by a way of its own. */
  readonly accounts: readonly string[];
}

/** Several reminders for one addressee, in one message. */
export interface Digest {
  /** Idempotency key, as in `Message`. */
  readonly key: string;
  readonly to: string;
  readonly items: readonly Message[];
}

/** When somebody wants to be reached; instants in milliseconds since 1970. */
export interface Wish {
  readonly at: number;
  /** Together with all else that waits for him. */
  readonly digest: boolean;
}

/** The other side will never take it. `message` names no person and no address. */
export class RefusedForGood extends Error {}

/** A way out. */
export interface Channel {
  readonly name: ChannelName;
  /** Of a channel that can put several reminders into one message. */
  readonly together?: {
    /** @param given `now`: when it could leave */
    wish(
      to: string,
      given: { readonly now: number; readonly raisedAt: number; readonly calendar: Calendar },
    ): Promise<Wish>;
    /** As `Channel.send`. */
    send(digest: Digest, signal: AbortSignal): Promise<'sent' | 'gone'>;
  };
  /**
   * Hands the message over to the other side; returns when that has taken it. May be called again with the same key.
   * @returns `gone` where it is not to go any more (its owner took the address away, the hook was taken out): it is dropped
   * @throws RefusedForGood it has failed, and is not tried again by itself
   * @throws whatever else went wrong: it is tried again later
   */
  send(message: Message, signal: AbortSignal): Promise<'sent' | 'gone'>;
  /** Addressees of this channel, of those accounts, for a reminder that is raised now. */
  addressees(raised: {
    readonly accounts: readonly string[];
    readonly unit: string;
    readonly about: ReminderTopic;
  }): Promise<readonly string[]>;
}
