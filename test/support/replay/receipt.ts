import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { NewEvent } from '#libs/event-log/event-log.js';
import { claimsOf, type Claims } from '#libs/import/claims.js';
import { logFile } from '#libs/import/log-file.adapter.js';
import { type Mapping, parseMapping, requiredColumns } from '#libs/import/mapping.js';
import { plan } from '#libs/import/plan.js';
import { readLog } from '#libs/import/readers/read-log.js';
import { soFar } from '#libs/import/so-far.js';
import { dossierStream } from '#libs/import/write-dossiers.js';
import {
  evolveReference,
  initialReference,
  referenceData,
  type ReferenceFact,
} from '#libs/reference/reference.js';
import type { ReferenceData, ReminderPolicyVersion } from '#libs/reference/reference.events.js';

export const RECEIPT = join(process.env['MOTCUA_SHARED'] ?? '../shared', 'data', 'receipt.csv');
/** Midnight in Amsterdam after the last day of the log. */
export const RECEIPT_ENDS = '2012-01-23T23:00:00.000Z';

/** An event as a desk would have logged it that did its work with this service. */
export interface LoggedLive {
  readonly code: string;
  readonly event: NewEvent;
  readonly recordedAt: string;
}

export const receiptMapping = (): Mapping => parseMapping(readFileSync('config/import/receipt.json', 'utf8'));

/** The reminders of the demonstration, in force since before the log begins. */
export function demoReminders(): ReminderPolicyVersion {
  const [policy] = JSON.parse(readFileSync('config/demo/reminders.json', 'utf8')) as ReminderPolicyVersion[];
  if (!policy) throw new Error('the demonstration has no reminder policy');
  return { ...policy, version: 1, validFrom: '2010-01-01' };
}

/** What the mapping of the log brings, and those reminders. */
export function receiptReference({ reference }: Mapping): ReferenceData {
  const first = (type: string, all: readonly object[] = []): ReferenceFact[] =>
    all.map((data) => ({ type, data: { version: 1, ...data } }) as unknown as ReferenceFact);
  const state = [
    ...first('CalendarPublished', reference.calendars),
    ...first('PolicyPublished', reference.policies),
    ...first('UnitPublished', reference.units),
    ...first('ProcedurePublished', reference.procedures),
    ...first('ReminderPolicyPublished', [demoReminders()]),
  ].reduce(evolveReference, initialReference());
  return referenceData(() => state);
}

/**
 * The events that an import makes of the log, in the order of time. Each is recorded when it happened, but none before
 * its dossier came in: what the log dates back was not known before.
 */
export async function receiptLoggedLive(mapping: Mapping, reference: ReferenceData): Promise<LoggedLive[]> {
  const rows = new Map<string, Claims[]>();
  const given = { delimiter: mapping.delimiter, required: requiredColumns(mapping) };
  for await (const record of readLog(logFile(RECEIPT), given)) {
    if (!('fields' in record)) throw new Error(`row ${record.row}: ${record.refused}`);
    const claims = claimsOf(record, mapping);
    if ('reason' in claims) throw new Error(`row ${claims.row}: ${claims.reason}`);
    rows.set(claims.code, [...(rows.get(claims.code) ?? []), claims]);
  }
  const context = {
    ...{ file: 'receipt', correlationId: 'replay', causationId: 'replay', reference, zone: mapping.zone },
    ...{
      statesAcceptance: true,
      now: RECEIPT_ENDS,
      subjectOf: dossierStream,
      digest: (text: string) => text,
    },
  };
  const logged = [...rows].flatMap(([code, claims]) => {
    const events = plan(claims, soFar([]), context).events.map(({ event }) => event as unknown as NewEvent);
    const accepted = events[0]?.occurredAt ?? '';
    return events.map((event) => ({
      ...{ code, event },
      recordedAt: event.occurredAt < accepted ? accepted : event.occurredAt,
    }));
  });
  // The sort is stable: the acceptance stays first.
  return logged.sort((a, b) => (a.recordedAt < b.recordedAt ? -1 : a.recordedAt > b.recordedAt ? 1 : 0));
}
