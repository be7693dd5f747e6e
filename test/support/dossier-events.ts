import { randomUUID } from 'node:crypto';
import { streamName, type EventLog, type NewEvent } from '#libs/event-log/event-log.js';
import type { JsonObject } from '#libs/event-log/json.js';

/** An event as a writer would state it; what is not said is filled in. */
export function newEvent(type: string, data: JsonObject = {}, more: Partial<NewEvent> = {}): NewEvent {
  const id = randomUUID();
  return {
    id,
    type,
    schemaVersion: 1,
    data,
    occurredAt: '2024-01-15T03:00:00.000Z',
    metadata: { actor: 'clerk-1', correlationId: id, causationId: id },
    ...more,
  };
}

/** The acceptance of a dossier. `data` replaces single fields, `name` is the applicant's. */
export function accepted(code: string, data: JsonObject = {}, name?: string): NewEvent {
  const fields: JsonObject = {
    code,
    unit: 'H54.12',
    official: 'clerk-1',
    channel: 'in_person',
    terms: { procedure: { id: '1.009645', version: 1 }, field: 'Đầu tư', case: 'default' },
    dueAt: '2024-02-05T03:00:00.000Z',
    dueBasis: 'computed',
    formerCode: null,
    ...data,
  };
  const personal = name === undefined ? {} : { personal: { subject: code, fields: { applicant: { name } } } };
  return newEvent('DossierAccepted', fields, personal);
}

/** Appends to the dossier wherever it is; gives the position of the last event. */
export async function write(log: EventLog, code: string, ...events: NewEvent[]): Promise<bigint> {
  return (await log.append(streamName('dossier', code), 'any', events)).position;
}
