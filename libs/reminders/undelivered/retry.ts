import { v5 as uuidV5 } from 'uuid';
import { forbidden } from '#libs/access/demand.js';
import { permit } from '#libs/access/policy.js';
import type { Grant, Principal } from '#libs/access/principal.js';
import { type Clock, isoNow } from '#libs/event-log/clock.js';
import { type EventLog, idOf, streamName, WrongExpectedRevision } from '#libs/event-log/event-log.js';
import { sha256 } from '#libs/event-log/hash.js';
import { Problem } from '#libs/problem/problem.js';
import { firstFailureOf, keyOf } from '../deliver.js';
import { REMINDER_CATEGORY, type ReminderEventData } from '../reminder.events.js';
import { type Present, watchDossier } from '../watch-dossier.js';
import type { Watched } from '../watched.js';

/** Who wants something sent again, under which idempotency key of the command. */
export interface RetryBy {
  readonly principal: Principal;
  readonly key: string;
  readonly correlationId: string;
}

export interface Retried {
  readonly code: string;
  /** Of the event; for a repeat that of the first. */
  readonly position: bigint;
}

const ACTION = 'retry-undelivered';
/** Namespace of the ids of these commands (UUID version 5). */
const NAMESPACE = '5b7c7a4e-2f0d-5f1b-8c55-726574727931';
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const ATTEMPTS = 5;

/**
 * Notes in the log that a message which could not leave is to be sent again; whoever plans puts it into its queue.
 * @param key of the message. It is looked for in the log, so this may come before any read model knows of the failure.
 * @throws Problem `message-unknown`, also for one of other units; `forbidden`; `message-not-undelivered`;
 * `idempotency-key-reused`
 * @throws LogUnavailable if the outcome is unknown: repeat with the same idempotency key
 */
export async function retry(
  { log, clock }: { readonly log: EventLog; readonly clock: Clock },
  key: string,
  by: RetryBy,
): Promise<Retried> {
  if (!UUID.test(key)) throw new Problem('message-unknown', { key: '?' });
  const commandId = uuidV5(`${by.principal.id}\n${by.key}`, NAMESPACE);
  const commandHash = sha256(key);
  const id = uuidV5('event', commandId);
  for (let left = ATTEMPTS; ; left -= 1) {
    const { watched, reminders, expected } = await failedOnce(log, key);
    const { code } = watched.row;
    const stream = streamName(REMINDER_CATEGORY, code);
    const before = reminders.find((event) => event.id === id);
    const elsewhere = before ? undefined : await log.streamOf(id);
    if (before ? before.metadata.commandHash !== commandHash : (elsewhere ?? stream) !== stream) {
      throw new Problem('idempotency-key-reused');
    }
    if (before) return { code, position: before.position };
    const now = isoNow(clock);
    const { lentBy } = grantFor(by.principal, watched, key, now);
    const message = watched.undelivered.find((one) => keyOf({ code, ...one }) === key);
    if (!message) throw new Problem('message-not-undelivered', { key, code });
    const { reminder, channel, to } = message;
    const data: ReminderEventData['ReminderRetried'] = { code, reminder, channel, to };
    const onBehalfOf = lentBy === undefined ? {} : { onBehalfOf: lentBy };
    try {
      const { position } = await log.append(stream, expected, [
        {
          ...{ id, type: 'ReminderRetried', schemaVersion: 1, data: { ...data }, occurredAt: now },
          metadata: {
            ...{ actor: by.principal.id, ...onBehalfOf, correlationId: by.correlationId },
            ...{ causationId: commandId, commandId, commandHash },
          },
        },
      ]);
      return { code, position };
    } catch (error) {
      if (!(error instanceof WrongExpectedRevision) || left === 1) throw error;
    }
  }
}

/** The dossier of the message, as the log has it. */
async function failedOnce(log: EventLog, key: string): Promise<Present> {
  const stream = await log.streamOf(firstFailureOf(key));
  const present = stream === undefined ? undefined : await watchDossier(log, idOf(stream));
  if (!present) throw new Problem('message-unknown', { key });
  return present;
}

function grantFor(principal: Principal, { row }: Watched, key: string, now: string): Grant {
  const verdict = permit(principal, ACTION, now, [row.desk, row.unit]);
  if (verdict.allowed) return verdict.grant;
  throw verdict.why === 'role' ? forbidden(ACTION) : new Problem('message-unknown', { key });
}
