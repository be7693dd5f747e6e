import { DOSSIER_CATEGORY } from '#libs/dossier/dossier.events.js';
import {
  type EventLog,
  type ExpectedRevision,
  type RecordedEvent,
  streamName,
} from '#libs/event-log/event-log.js';
import { REMINDER_CATEGORY, type ReminderEvent } from './reminder.events.js';
import { foldWatched, type Watched } from './watched.js';

/** A dossier as the log has it at this moment, with what was raised and sent about it. */
export interface Present {
  readonly watched: Watched;
  readonly reminders: readonly ReminderEvent[];
  /** What an append to the stream of reminders states. */
  readonly expected: ExpectedRevision;
}

/** @returns undefined where there is no such dossier */
export async function watchDossier(log: EventLog, code: string): Promise<Present | undefined> {
  const dossier = await all(log, streamName(DOSSIER_CATEGORY, code));
  const reminders = await all(log, streamName(REMINDER_CATEGORY, code));
  const inTurn = [...dossier, ...reminders].sort((a, b) => (a.position < b.position ? -1 : 1));
  const watched = inTurn.reduce<Watched | undefined>(foldWatched, undefined);
  return (
    watched && {
      watched,
      reminders: reminders as unknown as ReminderEvent[],
      expected: reminders.at(-1)?.revision ?? 'no_stream',
    }
  );
}

async function all(log: EventLog, stream: string): Promise<RecordedEvent[]> {
  const events: RecordedEvent[] = [];
  for await (const event of log.readStream(stream)) events.push(event);
  return events;
}
