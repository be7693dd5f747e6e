import { v5 as uuidV5 } from 'uuid';
import { type Clock, isoNow } from '#libs/event-log/clock.js';
import { type EventLog, streamName } from '#libs/event-log/event-log.js';
import { canonicalJson, sha256 } from '#libs/event-log/hash.js';
import { Problem } from '#libs/problem/problem.js';
import { INBOX_CATEGORY, type InboxEventData } from './inbox.events.js';

/** Namespace of the ids of inbox events (UUID version 5). */
const EVENT_NAMESPACE = '0f5d3c0e-6c36-5c0c-9d7e-696e626f7830';

/**
 * Notes in the log that the owner of an inbox has read something. In whichever order marks come, the same is read at
 * the end, so no revision is expected.
 * @returns the position of the event; for a repeat that of the first
 * @throws Problem `idempotency-key-reused` if the key came with another mark before
 * @throws LogUnavailable if the outcome is unknown: repeat with the same key
 */
export async function markRead(
  { log, clock }: { readonly log: EventLog; readonly clock: Clock },
  { account, key, correlationId }: { account: string; key: string; correlationId: string },
  data: InboxEventData['InboxRead'],
): Promise<bigint> {
  const commandId = uuidV5(`${account}\n${key}`, EVENT_NAMESPACE);
  const commandHash = sha256(canonicalJson({ ...data }));
  const stream = streamName(INBOX_CATEGORY, account);
  const { repeated, revision, position } = await log.append(stream, 'any', [
    {
      id: uuidV5('event', commandId),
      type: 'InboxRead',
      schemaVersion: 1,
      data: { ...data },
      occurredAt: isoNow(clock),
      metadata: { actor: account, correlationId, causationId: commandId, commandId, commandHash },
    },
  ]);
  if (repeated) {
    for await (const { metadata } of log.readStream(stream, { from: revision, limit: 1 })) {
      if (metadata.commandHash !== commandHash) throw new Problem('idempotency-key-reused');
    }
  }
  return position;
}
