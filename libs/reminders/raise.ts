import { v5 as uuidV5 } from 'uuid';
import type { Accounts } from '#libs/access/accounts/account.js';
import { DOSSIER_CATEGORY } from '#libs/dossier/dossier.events.js';
import { type Clock, isoNow } from '#libs/event-log/clock.js';
import {
  type EventLog,
  type NewEvent,
  streamName,
  WrongExpectedRevision,
} from '#libs/event-log/event-log.js';
import type { ReferenceData } from '#libs/reference/reference.events.js';
import type { ReminderMeter } from '#libs/telemetry/reminder-meter.js';
import { basisFor } from './basis.js';
import type { Channel } from './channel.js';
import { lookAt, type NextLook, type PlanBasis, type Reminder } from './plan.js';
import { recipientsOf } from './recipients.js';
import { type Delivery, REMINDER_CATEGORY, type ReminderEventData } from './reminder.events.js';
import type { Watched } from './watched.js';
import { watchDossier } from './watch-dossier.js';

export interface RaisingParts {
  readonly log: EventLog;
  readonly reference: ReferenceData;
  readonly accounts: { readonly all: Accounts };
  readonly channels: readonly Channel[];
  readonly clock: Clock;
  readonly meter?: ReminderMeter;
}

/** Who appends what no person does. */
export const CLOCK_ACTOR = 'clock';
/** Namespace of the ids of these events (UUID version 5): the same reminder is the same event. */
const NAMESPACE = '9a0d5a5e-4b2c-5d53-8a55-636c6f636b21';
const ATTEMPTS = 5;

/**
 * Looks at a dossier, notes that its due instant passed, and raises the reminders that are due. May be called at any
 * time and as often as one likes, by several at once: what was noted or raised is not again.
 * @returns when there will be something again; null: never, unless something happens
 */
export async function raiseDue(parts: RaisingParts, code: string): Promise<NextLook | null> {
  const { log, clock, reference } = parts;
  for (let left = ATTEMPTS; ; left -= 1) {
    const present = await watchDossier(log, code);
    if (!present) return null;
    const { watched, expected } = present;
    const now = isoNow(clock);
    const basis = basisFor(watched.row.desk, now, reference);
    const { due, overdue, next } = lookAt(watched, basis, now);
    try {
      if (overdue.length > 0) {
        const fell = overdue.map((dueAt) =>
          event(`overdue ${code} ${dueAt} ${watched.round}`, 'DossierFellOverdue', { dueAt }, dueAt),
        );
        const { repeated } = await log.append(streamName(DOSSIER_CATEGORY, code), watched.row.revision, fell);
        if (!repeated) for (const dueAt of overdue) parts.meter?.fellOverdue(dueAt);
      }
      if (due.length > 0) {
        const raised = await Promise.all(
          due.map((reminder) => raisedEvent(parts, watched, reminder, basis, now)),
        );
        const { repeated } = await log.append(streamName(REMINDER_CATEGORY, code), expected, raised);
        if (!repeated) parts.meter?.raised(due.length);
      }
      return next;
    } catch (error) {
      // Somebody took a step, or another process is looking: what holds now?
      if (!(error instanceof WrongExpectedRevision) || left === 1) throw error;
    }
  }
}

async function raisedEvent(
  { accounts: { all }, channels }: RaisingParts,
  { row }: Watched,
  { id, about, to, at, dueAt }: Reminder,
  { policy }: PlanBasis,
  now: string,
): Promise<NewEvent> {
  const accounts = recipientsOf(to, row, all, now);
  const deliveries = await Promise.all(
    channels.map(async (channel) => {
      const addressees = await channel.addressees({ accounts, unit: row.unit, about });
      return addressees.map((addressee): Delivery => ({ channel: channel.name, to: addressee }));
    }),
  );
  const data: ReminderEventData['ReminderRaised'] = {
    ...{ code: row.code, reminder: id, about, dueAt, plannedAt: at, accounts },
    policy: { id: policy.id, version: policy.version },
    deliveries: deliveries.flat(),
  };
  return event(`raised ${row.code} ${id}`, 'ReminderRaised', data, now);
}

/** The id of the event by the clock that is called so. */
export const eventIdOf = (name: string): string => uuidV5(name, NAMESPACE);

/** An event by the clock; its id follows from what it says. */
export function event(name: string, type: string, data: object, occurredAt: string): NewEvent {
  const id = eventIdOf(name);
  return {
    ...{ id, type, schemaVersion: 1, occurredAt },
    data: data as NewEvent['data'],
    metadata: { actor: CLOCK_ACTOR, correlationId: id, causationId: id },
  };
}
