import { createHash } from 'node:crypto';
import canonicalize from 'canonicalize';
import type { NewEvent, RecordedEvent } from './event-log.js';
import type { Json } from './json.js';

/** Previous hash of the first event of a stream. */
export const FIRST_HASH = '0'.repeat(64);

/** RFC 8785 (JSON Canonicalization Scheme). */
export function canonicalJson(value: Json): string {
  return (canonicalize as unknown as (input: Json) => string)(value);
}

export function sha256(text: string): string {
  return createHash('sha256').update(text, 'utf8').digest('hex');
}

/** What the writer states, without what the store adds, as canonical JSON: the bytes that are stored and hashed. */
export function canonicalBody(event: NewEvent): string {
  const { id, type, schemaVersion, data, personal, occurredAt, metadata } = event;
  const body = { id, type, schemaVersion, data, occurredAt, metadata, ...(personal ? { personal } : {}) };
  return canonicalJson(body as unknown as Json);
}

/** SHA-256 over the canonical JSON of what the writer states. */
export function bodyHash(event: NewEvent): string {
  return sha256(canonicalBody(event));
}

/**
 * Hash of an event in its place: SHA-256 over the canonical JSON of its body's hash, the hash before it, and what
 * the store adds (stream, revision, recordedAt). Two steps, so that an engine can add its own time under the hash
 * without knowing the event. The position is not in it: a log that moves to another engine keeps its hashes.
 */
export function linkHash(link: {
  body: string;
  previousHash: string;
  recordedAt: string;
  revision: bigint;
  stream: string;
}): string {
  return sha256(
    `{"body":"${link.body}","previous":"${link.previousHash}","recordedAt":"${link.recordedAt}","revision":"${link.revision}","stream":"${link.stream}"}`,
  );
}

/** The hash an event should have, from its own content. */
export function expectedHash(event: RecordedEvent): string {
  return linkHash({ ...event, body: bodyHash(event) });
}
