import type { JSONEventData, RecordedEvent as ClientEvent } from '@eventstore/db-client';
import type { EventMetadata, NewEvent, Personal, RecordedEvent } from '../event-log.js';
import { bodyHash, linkHash } from '../hash.js';
import type { JsonObject } from '../json.js';

/** All of an event but id, type and data, which have places of their own in the server. */
type StoredMetadata = {
  readonly schemaVersion: number;
  readonly occurredAt: string;
  readonly metadata: EventMetadata;
  readonly personal?: Personal;
  readonly recordedAt: string;
  readonly previousHash: string;
  readonly hash: string;
  /** Written by another log first: the server's own time says nothing about `recordedAt`. */
  readonly restored?: true;
  /** The id as it was written, where the server would give it back in another form. */
  readonly id?: string;
};

const USUAL_ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** The form in which ids are compared. */
export const plainId = (id: string): string => id.toLowerCase();

/** Events of one append with the time and the hashes that are stored with them. */
export interface Sealed {
  readonly proposed: JSONEventData[];
  readonly recordedAt: string;
  /** Of the last event. */
  readonly hash: string;
}

/** Chains new events to the one before them. */
export function seal(
  stream: string,
  first: bigint,
  previousHash: string,
  recordedAt: string,
  events: readonly NewEvent[],
): Sealed {
  let hash = previousHash;
  const proposed = events.map((event, n) => {
    const before = hash;
    const revision = first + BigInt(n);
    hash = linkHash({ body: bodyHash(event), previousHash: before, recordedAt, revision, stream });
    return toProposed({ ...event, recordedAt, previousHash: before, hash });
  });
  return { proposed, recordedAt, hash };
}

/** As it goes to the server. Numbers and text survive: JSON gives back the very number and every character. */
export function toProposed(
  event: NewEvent & Pick<RecordedEvent, 'recordedAt' | 'previousHash' | 'hash'>,
  restored = false,
): JSONEventData {
  const { id, type, data, schemaVersion, occurredAt, metadata, personal, recordedAt, previousHash, hash } =
    event;
  const stored: StoredMetadata = {
    schemaVersion,
    occurredAt,
    metadata,
    ...(personal ? { personal } : {}),
    recordedAt,
    previousHash,
    hash,
    ...(restored ? { restored } : {}),
    ...(USUAL_ID.test(id) ? {} : { id }),
  };
  return { id: plainId(id), type, contentType: 'application/json', data, metadata: stored };
}

/** Undefined for an event that this log did not write: a server may hold other things too. */
export function toEvent(from: ClientEvent): RecordedEvent | undefined {
  const stored = from.metadata as StoredMetadata | undefined;
  if (typeof stored?.hash !== 'string' || !from.position) return undefined;
  const event = {
    id: stored.id ?? from.id,
    type: from.type,
    schemaVersion: stored.schemaVersion,
    data: from.data as JsonObject,
    occurredAt: stored.occurredAt,
    metadata: stored.metadata,
    stream: from.streamId,
    revision: from.revision,
    position: from.position.commit,
    recordedAt: stored.recordedAt,
    previousHash: stored.previousHash,
    hash: stored.hash,
  };
  return stored.personal ? { ...event, personal: stored.personal } : event;
}

/** The server keeps records of its own in `$all`, which are no events of a log. */
export function isSystemEvent({ type, streamId }: ClientEvent): boolean {
  return type.startsWith('$') || streamId.startsWith('$');
}
