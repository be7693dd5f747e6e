import { v5 as uuidV5 } from 'uuid';
import { type Clock, isoNow } from '#libs/event-log/clock.js';
import { type EventLog, streamName, WrongExpectedRevision } from '#libs/event-log/event-log.js';
import type { ReferenceData } from '#libs/reference/reference.events.js';
import type { ReminderMeter } from '#libs/telemetry/reminder-meter.js';
import { basisFor } from './basis.js';
import type { Channel } from './channel.js';
import { planReminders } from './plan.js';
import { event } from './raise.js';
import { REMINDER_CATEGORY } from './reminder.events.js';
import type { Pending } from './watched.js';
import { type Present, watchDossier } from './watch-dossier.js';
import { inForce } from '#libs/dossier/in-force.js';

export interface DeliveringParts {
  readonly log: EventLog;
  readonly reference: ReferenceData;
  readonly channels: readonly Channel[];
  readonly clock: Clock;
  readonly meter?: ReminderMeter;
}

/** What is to leave. */
export interface Parcel extends Pending {
  readonly code: string;
}

const NAMESPACE = '1f6f2b0a-8d1e-5b5e-9c55-6d6573736167';
/** What has left must be noted, or it leaves again. */
const ATTEMPTS = 50;

/** The idempotency key of a message: the same for every attempt. */
export function keyOf({ code, reminder, channel, to }: Parcel): string {
  return uuidV5([code, reminder, channel, to].join('\n'), NAMESPACE);
}

/**
 * Sends one message, and notes that it was sent. What was sent before is not sent again; what was sent and could not be
 * noted is, with the same key. What no longer holds, since the dossier has ended or its date moved, is dropped.
 * @throws whatever the channel does
 */
export async function deliver(parts: DeliveringParts, parcel: Parcel, signal: AbortSignal): Promise<void> {
  const { log, clock } = parts;
  const { code, ...pending } = parcel;
  let outcome: 'ReminderSent' | 'ReminderDropped' | undefined;
  for (let left = ATTEMPTS; ; left -= 1) {
    const present = await watchDossier(log, code);
    if (!present?.watched.pending.some((one) => isSame(one, pending))) return;
    outcome ??= await send(parts, present, parcel, signal);
    const data = outcome === 'ReminderSent' ? { ...parcel, key: keyOf(parcel) } : parcel;
    const noted = event(`${outcome} ${keyOf(parcel)}`, outcome, data, isoNow(clock));
    try {
      const { repeated } = await log.append(streamName(REMINDER_CATEGORY, code), present.expected, [noted]);
      if (outcome === 'ReminderSent' && !repeated) count(parts, present, parcel);
      return;
    } catch (error) {
      if (!(error instanceof WrongExpectedRevision) || left === 1) throw error;
    }
  }
}

async function send(
  { channels, reference, clock }: DeliveringParts,
  { watched, reminders }: Present,
  parcel: Parcel,
  signal: AbortSignal,
): Promise<'ReminderSent' | 'ReminderDropped'> {
  const { code, reminder, to } = parcel;
  const { row } = watched;
  const now = isoNow(clock);
  const channel = channels.find(({ name }) => name === parcel.channel);
  if (!channel) throw new Error(`the channel ${parcel.channel} is not set up here`);
  const raised = reminders.find((one) => one.type === 'ReminderRaised' && one.data.reminder === reminder);
  const holds = planReminders(watched, basisFor(row.desk, now, reference)).some(({ id }) => id === reminder);
  if (raised?.type !== 'ReminderRaised' || !holds) return 'ReminderDropped';
  const { about, dueAt, accounts } = raised.data;
  const { zone } = inForce(row.desk, now, reference);
  const message = {
    ...{ key: keyOf(parcel), to, code, reminder, about, dueAt, zone },
    ...{ unit: row.unit, procedure: row.procedure, raisedAt: raised.recordedAt, accounts },
  };
  return (await channel.send(message, signal)) === 'gone' ? 'ReminderDropped' : 'ReminderSent';
}

function count({ meter }: DeliveringParts, { reminders }: Present, { channel, reminder }: Parcel): void {
  for (const { type, data } of reminders) {
    if (type === 'ReminderRaised' && data.reminder === reminder) meter?.sent(channel, data.plannedAt);
  }
}

const isSame = (one: Pending, other: Pending): boolean =>
  one.reminder === other.reminder && one.channel === other.channel && one.to === other.to;
