import { v5 as uuidV5 } from 'uuid';
import type { Calendar } from '#libs/calendar/compile-calendar.js';
import { inForce } from '#libs/dossier/in-force.js';
import { type Clock, isoNow } from '#libs/event-log/clock.js';
import { type EventLog, streamName, WrongExpectedRevision } from '#libs/event-log/event-log.js';
import type { ReferenceData } from '#libs/reference/reference.events.js';
import type { ReminderMeter } from '#libs/telemetry/reminder-meter.js';
import { basisFor } from './basis.js';
import { type Channel, type Message, RefusedForGood } from './channel.js';
import { inOfficeHours } from './moments.js';
import { planReminders, PUNCTUAL_MS } from './plan.js';
import { event, eventIdOf } from './raise.js';
import {
  type Delivery,
  REMINDER_CATEGORY,
  type ReminderEvent,
  type ReminderEventType,
} from './reminder.events.js';
import { isSame, type Pending } from './watched.js';
import { type Present, watchDossier } from './watch-dossier.js';

/** Messages that wait for an addressee. */
export interface Waiting {
  hasMoreThan(count: number, addressee: Delivery): Promise<boolean>;
  /** A thousand at most. */
  of(addressee: Delivery): Promise<readonly Parcel[]>;
  /** @returns false, and nothing was done, where somebody else is at it for this addressee just now */
  alone(addressee: Delivery, work: () => Promise<void>): Promise<boolean>;
}

export interface DeliveringParts {
  readonly log: EventLog;
  readonly reference: ReferenceData;
  readonly channels: readonly Channel[];
  readonly waiting: Waiting;
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
/** So many at once become one. */
const MOST_SINGLE = 5;
/** Somebody else is sending to the same addressee. */
const LOOK_AGAIN_MS = 2_000;
const MOST_REASON = 200;

/** The idempotency key of a message: the same for every attempt. */
export function keyOf({ code, reminder, channel, to }: Parcel): string {
  return uuidV5([code, reminder, channel, to].join('\n'), NAMESPACE);
}

/** The event in which the message with this key failed the first time: in whose stream it stands, that dossier it is of. */
export const firstFailureOf = (key: string): string => eventIdOf(failureOf(key, 0));

/** It can fail again after it was sent again. */
const failureOf = (key: string, times: number): string => `ReminderFailed ${key} ${times}`;

/**
 * Sends one message, or all that wait for its addressee as one where he wants that or there are many, and notes that
 * they were sent. What was sent before is not sent again; what was sent and could not be noted is, with the same key.
 * What no longer holds, since the dossier has ended or its date moved, is dropped.
 * @returns when it is to be tried, in milliseconds since 1970, where that is later; null if it is done with
 * @throws whatever the channel does; what it refused for good is to be given up
 */
export async function deliver(
  parts: DeliveringParts,
  parcel: Parcel,
  signal: AbortSignal,
): Promise<number | null> {
  const ready = await unpack(parts, parcel);
  if (!ready) return null;
  const { channel, message, calendar } = ready;
  const now = parts.clock.now();
  const raisedAt = Date.parse(message.raisedAt);
  const opens = now - raisedAt <= PUNCTUAL_MS ? now : inOfficeHours(calendar, now);
  const wish = (await channel.together?.wish(message.to, { now: opens, raisedAt, calendar })) ?? {
    at: opens,
    digest: false,
  };
  if (wish.at > now) return wish.at;
  const { together } = channel;
  const many = together && (wish.digest || (await parts.waiting.hasMoreThan(MOST_SINGLE, parcel)));
  if (!many) {
    await note(parts, parcel, await outcomeOf(channel.send(message, signal)), keyOf(parcel));
    return null;
  }
  const done = await parts.waiting.alone(parcel, () => deliverAll(parts, parcel, together, signal));
  return done ? null : now + LOOK_AGAIN_MS;
}

/** Notes that it failed, and is not tried again by itself. */
export async function giveUp(
  parts: DeliveringParts,
  parcel: Parcel,
  attempts: number,
  error: unknown,
): Promise<void> {
  const reason = (error instanceof Error ? error.message : 'unexpected error').slice(0, MOST_REASON);
  await note(parts, parcel, 'ReminderFailed', keyOf(parcel), { attempts, reason });
}

/** Whether it waits to leave, as the log has it. */
export async function isToLeave(log: EventLog, parcel: Parcel): Promise<boolean> {
  return isPending(await watchDossier(log, parcel.code), parcel);
}

const isPending = (present: Present | undefined, parcel: Parcel): present is Present =>
  present?.watched.pending.some((one) => isSame(one, parcel)) ?? false;

/** This one leads: it is noted last, so that what is repeated has the same key. */
async function deliverAll(
  parts: DeliveringParts,
  first: Parcel,
  together: NonNullable<Channel['together']>,
  signal: AbortSignal,
): Promise<void> {
  const leading = await unpack(parts, first);
  if (!leading) return;
  const others: { parcel: Parcel; message: Message }[] = [];
  for (const parcel of await parts.waiting.of(first)) {
    if (keyOf(parcel) === keyOf(first)) continue;
    const ready = await unpack(parts, parcel);
    if (ready) others.push({ parcel, message: ready.message });
  }
  const key = keyOf(first);
  const items = [leading.message, ...others.map(({ message }) => message)];
  const outcome = await outcomeOf(
    items.length === 1
      ? leading.channel.send(leading.message, signal)
      : together.send({ key, to: first.to, items }, signal),
  ).catch(async (error: unknown) => {
    // Whoever called gives up the first one.
    if (error instanceof RefusedForGood) {
      for (const { parcel } of others) await giveUp(parts, parcel, 1, error);
    }
    throw error;
  });
  for (const { parcel } of others) await note(parts, parcel, outcome, key);
  await note(parts, first, outcome, key);
}

const outcomeOf = async (sending: Promise<'sent' | 'gone'>): Promise<'ReminderSent' | 'ReminderDropped'> =>
  (await sending) === 'gone' ? 'ReminderDropped' : 'ReminderSent';

interface Unpacked {
  readonly channel: Channel;
  readonly message: Message;
  /** Of whoever has the dossier. */
  readonly calendar: Calendar;
}

/** What a parcel says now; undefined where it has left, or does not hold any more and was dropped. */
async function unpack(parts: DeliveringParts, parcel: Parcel): Promise<Unpacked | undefined> {
  const { channels, reference, clock, log } = parts;
  const { code, reminder, to } = parcel;
  const present = await watchDossier(log, code);
  if (!isPending(present, parcel)) return undefined;
  const { row } = present.watched;
  const now = isoNow(clock);
  const channel = channels.find(({ name }) => name === parcel.channel);
  if (!channel) throw new Error(`the channel ${parcel.channel} is not set up here`);
  const raised = raisedIn(present, reminder);
  const basis = basisFor(row.desk, now, reference);
  const holds = planReminders(present.watched, basis).some(({ id }) => id === reminder);
  if (!raised || !holds) {
    await note(parts, parcel, 'ReminderDropped', keyOf(parcel));
    return undefined;
  }
  const { about, dueAt, accounts } = raised.data;
  const { zone } = inForce(row.desk, now, reference);
  const message = {
    ...{ key: keyOf(parcel), to, code, reminder, about, dueAt, zone },
    ...{ unit: row.unit, procedure: row.procedure, raisedAt: raised.occurredAt, accounts },
  };
  return { channel, message, calendar: basis.calendarOf(row.unit) };
}

function raisedIn({ reminders }: Present, reminder: string): ReminderEvent<'ReminderRaised'> | undefined {
  return reminders.find(
    (one): one is ReminderEvent<'ReminderRaised'> =>
      one.type === 'ReminderRaised' && one.data.reminder === reminder,
  );
}

async function note(
  { log, clock, meter }: DeliveringParts,
  parcel: Parcel,
  type: ReminderEventType,
  key: string,
  more: object = {},
): Promise<void> {
  const { code, reminder, channel, to } = parcel;
  const keyed = type === 'ReminderDropped' ? {} : { key };
  for (let left = ATTEMPTS; ; left -= 1) {
    const present = await watchDossier(log, code);
    if (!isPending(present, parcel)) return;
    const times = present.reminders.filter(
      (one) => one.type === 'ReminderFailed' && isSame(one.data, parcel),
    ).length;
    const name = type === 'ReminderFailed' ? failureOf(keyOf(parcel), times) : `${type} ${keyOf(parcel)}`;
    const noted = event(name, type, { code, reminder, channel, to, ...keyed, ...more }, isoNow(clock));
    try {
      await log.append(streamName(REMINDER_CATEGORY, code), present.expected, [noted]);
      const raised = raisedIn(present, reminder);
      if (type === 'ReminderSent' && raised) meter?.sent(channel, raised.data.plannedAt);
      if (type === 'ReminderFailed') meter?.failed(channel);
      return;
    } catch (error) {
      if (!(error instanceof WrongExpectedRevision) || left === 1) throw error;
    }
  }
}
