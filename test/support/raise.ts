import { type EventLog, streamName } from '#libs/event-log/event-log.js';
import type { JsonObject } from '#libs/event-log/json.js';
import { firstFailureOf, keyOf } from '#libs/reminders/deliver.js';
import { newEvent } from './dossier-events.js';

export const RAISED_DUE = '2024-03-14T04:30:00.000Z';

/** A reminder goes into inboxes, as the one who looks at dossiers writes it. @returns its position */
export async function raise(
  log: EventLog,
  { code, reminder, about = 'result' }: { code: string; reminder: string; about?: string },
  ...accounts: string[]
): Promise<number> {
  const data: JsonObject = {
    ...{ code, reminder, about, dueAt: RAISED_DUE, plannedAt: RAISED_DUE, accounts, deliveries: [] },
    policy: { id: 'vn-default', version: 1 },
  };
  const { position } = await log.append(streamName('reminder', code), 'any', [
    newEvent('ReminderRaised', data),
  ]);
  return Number(position);
}

/** A reminder is raised, and its mail fails for good. @returns the key of the message */
export async function failToSend(
  log: EventLog,
  code: string,
  reminder: string,
  to: string,
  reason = 'away',
): Promise<string> {
  const mail = { channel: 'email', to } as const;
  const key = keyOf({ code, reminder, ...mail });
  const data: JsonObject = {
    ...{ code, reminder, about: 'result', dueAt: RAISED_DUE, plannedAt: RAISED_DUE, accounts: [to] },
    ...{ deliveries: [mail], policy: { id: 'vn-default', version: 1 } },
  };
  const failed = newEvent('ReminderFailed', { code, reminder, ...mail, key, attempts: 10, reason });
  await log.append(streamName('reminder', code), 'any', [
    newEvent('ReminderRaised', data),
    { ...failed, id: firstFailureOf(key) },
  ]);
  return key;
}
