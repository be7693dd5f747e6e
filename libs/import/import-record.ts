import { type Clock, isoNow } from '#libs/event-log/clock.js';
import { type EventLog, type NewEvent, streamName } from '#libs/event-log/event-log.js';
import { importId } from './event-ids.js';
import { IMPORT_CATEGORY, type ImportEventData, type ImportEventType } from './import.events.js';

/** How far the import of one file is. */
export interface ImportRecord {
  /** Of the last event; undefined if the file was never imported. */
  readonly revision: bigint | undefined;
  /** Where the import that stands began in the log, and the id of that event; null if none stands. */
  readonly started: { readonly position: bigint; readonly id: string } | null;
  readonly completed: boolean;
}

/** What the log knows of the import of a file. @param file SHA-256 of the file */
export async function readImportRecord(log: EventLog, file: string): Promise<ImportRecord> {
  let record: ImportRecord = { revision: undefined, started: null, completed: false };
  for await (const { type, id, position, revision } of log.readStream(streamName(IMPORT_CATEGORY, file))) {
    if (type === 'ImportStarted') record = { revision, started: { position, id }, completed: false };
    else if (type === 'ImportCompleted') record = { ...record, revision, completed: true };
    else record = { revision, started: null, completed: false };
  }
  return record;
}

/** Appends to the import's own stream; gives the id of the event. */
export async function recordImport<T extends ImportEventType>(
  { log, clock }: { readonly log: EventLog; readonly clock: Clock },
  { file, revision, correlationId }: { file: string; revision: bigint | undefined; correlationId: string },
  fact: { readonly type: T; readonly data: ImportEventData[T] },
): Promise<string> {
  const id = importId(IMPORT_CATEGORY, file, fact.type, `${revision ?? 'first'}`);
  const metadata = { actor: 'import', correlationId, causationId: correlationId };
  const event = { id, schemaVersion: 1, occurredAt: isoNow(clock), metadata, ...fact };
  await log.append(streamName(IMPORT_CATEGORY, file), revision ?? 'no_stream', [
    event as unknown as NewEvent,
  ]);
  return id;
}
