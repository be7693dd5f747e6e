import { randomUUID } from 'node:crypto';
import { type NewEvent, streamName } from '#libs/event-log/event-log.js';
import type { JsonObject } from '#libs/event-log/json.js';
import { clearParts, sealAll } from '#libs/personal-data/sealing.js';
import type { Vault } from '#libs/personal-data/vault.js';
import { accepted, newEvent } from './dossier-events.js';

/** The acceptance of a dossier of these persons, sealed. */
export async function acceptedOf(
  vault: Vault,
  code: string,
  { applicant, submitter }: { applicant: string; submitter?: string },
  fields: JsonObject = { applicant: { name: `Người nộp ${code}` } },
): Promise<NewEvent> {
  const who = {
    applicant: { otherwise: applicant },
    submitter: { otherwise: submitter ?? randomUUID() },
  };
  const [event] = await sealAll(vault, [{ event: accepted(code), parts: clearParts(fields, who) }]);
  return event as NewEvent;
}

/** That a person is erased, and the stream it belongs to. */
export function erasureOf(subject: string): { stream: string; event: NewEvent } {
  return { stream: streamName('person', subject), event: newEvent('PersonErased', { subject }) };
}
