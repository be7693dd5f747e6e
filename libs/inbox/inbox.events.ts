import type { RecordedEvent } from '#libs/event-log/event-log.js';

/** Type → data of the events in the streams `inbox-{account}`: what its owner has read. */
export interface InboxEventData {
  /**
   * An item was read. It is named by what it is of and not by its position, which another engine gives anew.
   */
  InboxRead: {
    readonly code: string;
    readonly reminder: string;
    /** And with it all that came before it. */
    readonly before: boolean;
  };
}

export type InboxEventType = keyof InboxEventData;
export type InboxEvent = { [T in InboxEventType]: RecordedEvent<T, InboxEventData[T]> }[InboxEventType];

export const INBOX_CATEGORY = 'inbox';
