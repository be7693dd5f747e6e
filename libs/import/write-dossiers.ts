import { DOSSIER_CATEGORY, type DossierEvent } from '#libs/dossier/dossier.events.js';
import {
  type EventLog,
  type NewEvent,
  streamName,
  WrongExpectedRevision,
} from '#libs/event-log/event-log.js';
import { sealAll, type Unsealed } from '#libs/personal-data/sealing.js';
import type { Vault } from '#libs/personal-data/vault.js';
import { soFar, type SoFar } from './so-far.js';

/** Clerks may be at the same dossier meanwhile: look again so often. */
const MAX_ATTEMPTS = 20;

export interface Writing {
  readonly log: EventLog;
  readonly vault: Pick<Vault, 'seal'>;
  /** Stops between two dossiers. */
  readonly signal?: AbortSignal | undefined;
}

/** What the log holds of a dossier. @param stream name of its stream */
async function readSoFar(log: EventLog, stream: string): Promise<SoFar> {
  const events: DossierEvent[] = [];
  for await (const event of log.readStream(stream)) events.push(event as DossierEvent);
  return soFar(events);
}

/**
 * Reads dossiers, asks what to append, seals that in one call and appends it at the revisions that were read; all over
 * again where someone else was faster.
 * @param streams names of their streams; some hundred
 * @returns what was decided of each
 */
export async function writeDossiers<P extends { readonly events: readonly Unsealed<object>[] }>(
  { log, vault, signal }: Writing,
  streams: Iterable<string>,
  decide: (stream: string, before: SoFar) => P,
): Promise<P[]> {
  const done: P[] = [];
  let open = [...streams];
  for (let attempt = 1; open.length > 0; attempt++) {
    const planned: { stream: string; before: SoFar; plan: P }[] = [];
    await eightAtATime(open, async (stream) => {
      const before = await readSoFar(log, stream);
      planned.push({ stream, before, plan: decide(stream, before) });
    });
    const sealed = await sealAll(
      vault,
      planned.flatMap(({ plan }) => plan.events),
    );
    let next = 0;
    const writing = planned.map((one) => ({
      ...one,
      events: sealed.slice(next, (next += one.plan.events.length)) as NewEvent[],
    }));
    open = [];
    await eightAtATime(writing, async ({ stream, before, plan, events }) => {
      signal?.throwIfAborted();
      try {
        if (events.length > 0) await log.append(stream, before.revision ?? 'no_stream', events);
        done.push(plan);
      } catch (error) {
        if (!(error instanceof WrongExpectedRevision) || attempt === MAX_ATTEMPTS) throw error;
        open.push(stream);
      }
    });
  }
  return done;
}

export function dossierStream(code: string): string {
  return streamName(DOSSIER_CATEGORY, code);
}

/** Does `work` for every item, eight at a time; stops at the first failure. */
async function eightAtATime<T>(items: Iterable<T>, work: (item: T) => Promise<void>): Promise<void> {
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
