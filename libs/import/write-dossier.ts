import { DOSSIER_CATEGORY, type DossierEvent } from '#libs/dossier/dossier.events.js';
import {
  type EventLog,
  type NewEvent,
  streamName,
  WrongExpectedRevision,
} from '#libs/event-log/event-log.js';
import { soFar, type SoFar } from './so-far.js';

/** Clerks may be at the same dossier meanwhile: look again so often. */
const MAX_ATTEMPTS = 20;

/** What the log holds of a dossier. @param stream name of its stream */
export async function readSoFar(log: EventLog, stream: string): Promise<SoFar> {
  const events: DossierEvent[] = [];
  for await (const event of log.readStream(stream)) events.push(event as DossierEvent);
  return soFar(events);
}

/**
 * Reads a dossier, asks what to append and appends it at the revision that was read; all over again where someone
 * else was faster.
 */
export async function writeDossier<P extends { readonly events: readonly unknown[] }>(
  log: EventLog,
  stream: string,
  decide: (before: SoFar) => P,
): Promise<P> {
  for (let attempt = 1; ; attempt++) {
    const before = await readSoFar(log, stream);
    const decided = decide(before);
    if (decided.events.length === 0) return decided;
    try {
      await log.append(stream, before.revision ?? 'no_stream', decided.events as readonly NewEvent[]);
      return decided;
    } catch (error) {
      if (!(error instanceof WrongExpectedRevision) || attempt === MAX_ATTEMPTS) throw error;
    }
  }
}

export function dossierStream(code: string): string {
  return streamName(DOSSIER_CATEGORY, code);
}

/** Does `work` for every item, eight at a time; stops at the first failure. */
export async function eightAtATime<T>(items: Iterable<T>, work: (item: T) => Promise<void>): Promise<void> {
  const queue = items[Symbol.iterator]();
  let failed = false;
  const worker = async (): Promise<void> => {
    for (let next = queue.next(); !next.done && !failed; next = queue.next()) {
      await work(next.value).catch((error: unknown) => {
        failed = true;
        throw error;
      });
    }
  };
  const outcomes = await Promise.allSettled(Array.from({ length: 8 }, worker));
  const failure = outcomes.find((outcome) => outcome.status === 'rejected');
  if (failure) throw failure.reason;
}
