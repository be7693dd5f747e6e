import type { DossierEventData, DossierEventType, Terms } from '#libs/dossier/dossier.events.js';
import { DOSSIER_CATEGORY } from '#libs/dossier/dossier.events.js';
import { type RecordedEvent, streamName } from '#libs/event-log/event-log.js';
import { FIRST_HASH } from '#libs/event-log/hash.js';
import type { JsonObject } from '#libs/event-log/json.js';

export const TERMS: Terms = {
  procedure: { id: '1.009645', version: 1 },
  field: 'Đầu tư',
  case: 'default',
  limit: { value: 5, unit: 'working_day' },
  calendar: { id: 'vn', version: 1 },
  policy: { id: 'default', version: 1 },
  zone: 'Asia/Ho_Chi_Minh',
};

export interface RecordedOptions {
  readonly recordedAt?: string;
  readonly file?: string;
  readonly position?: bigint;
}

/** An event as a log would hold it, recorded when it happened unless said otherwise. */
export function recorded<T extends DossierEventType>(
  code: string,
  type: T,
  data: DossierEventData[T],
  occurredAt: string,
  options: RecordedOptions = {},
): RecordedEvent {
  const position = options.position ?? 1n;
  return {
    id: `00000000-0000-4000-8000-${String(position).padStart(12, '0')}`,
    type,
    schemaVersion: 1,
    data: data as unknown as JsonObject,
    occurredAt: utc(occurredAt),
    metadata: {
      actor: 'clerk-1',
      correlationId: 'c-1',
      causationId: 'c-1',
      ...(options.file === undefined ? {} : { source: { file: options.file, row: 1 } }),
    },
    stream: streamName(DOSSIER_CATEGORY, code),
    revision: 0n,
    position,
    recordedAt: utc(options.recordedAt ?? occurredAt),
    previousHash: FIRST_HASH,
    hash: FIRST_HASH,
  };
}

/** Data of an acceptance, with what the test does not care about filled in. */
export function accepted(
  code: string,
  over: Partial<DossierEventData['DossierAccepted']> = {},
): DossierEventData['DossierAccepted'] {
  return {
    code,
    unit: 'H54.12',
    official: null,
    channel: 'online',
    terms: TERMS,
    dueAt: '2024-01-10T03:00:00.000Z',
    dueBasis: 'computed',
    formerCode: null,
    ...over,
  };
}

function utc(instant: string): string {
  return new Date(instant).toISOString();
}
