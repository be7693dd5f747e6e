import { Problem } from '#libs/problem/problem.js';
import { readAhead } from '../read-ahead.js';
import { type LogEngine, LogUnavailable, type RecordedEvent } from '../event-log.js';
import { ChainCheck, type Finding } from '../verify.js';

/** Events of a log in its order: of an engine, or of a backup. */
export interface LogSource {
  /** Whether positions have no gaps, so that a missing one is a finding. */
  readonly contiguous: boolean;
  /** Position of its last event. */
  readonly head: bigint;
  /** From the first to the one at `head`; can be read more than once. */
  read(): AsyncIterable<RecordedEvent>;
}

export interface CopyOptions {
  readonly source: LogSource;
  readonly target: LogEngine;
  /** Copies also what does not verify, as far as the target takes it. */
  readonly despiteFindings?: boolean;
  /** In positions of the source. */
  readonly progress?: (done: number, total: number) => void;
  /** Leaves off between two batches, with what was copied in place. */
  readonly signal?: AbortSignal;
  readonly batchSize?: number;
}

export interface Copied {
  readonly events: number;
  readonly streams: number;
  /** How many of the events the target held before. */
  readonly already: number;
  /** Of the source; only with `despiteFindings`. The first of them. */
  readonly findings: readonly Finding[];
}

const DEFAULT_BATCH = 1_000;
const MOST_FINDINGS = 1_000;

/** What is in an engine now. */
export async function sourceOf(log: LogEngine): Promise<LogSource> {
  const head = await log.head();
  return { contiguous: log.contiguous, head, read: () => log.readAll({ until: head }) };
}

/**
 * The events of a source, each checked before it is given on.
 * @throws Problem `log-does-not-verify`
 */
export async function* verified(
  source: LogSource,
  options: Pick<CopyOptions, 'despiteFindings' | 'progress' | 'signal'>,
): AsyncGenerator<RecordedEvent> {
  const check = new ChainCheck(source.contiguous);
  let count = 0;
  for await (const event of source.read()) {
    const [finding] = check.next(event);
    if (finding && !options.despiteFindings) throw unverified(finding);
    yield event;
    count += 1;
    if (count % DEFAULT_BATCH !== 0) continue;
    options.signal?.throwIfAborted();
    options.progress?.(Number(event.position), Number(source.head));
  }
}

/**
 * Copies events in their order, as they were recorded; only positions are given anew. A copy that was broken off goes
 * on where the target ends, once all that it holds was found to be the beginning of the source. Nobody else may write
 * to the target meanwhile. Every event's hash and chain are checked before it is written; memory grows with the number
 * of streams only.
 * @throws Problem `target-holds-other-events`, `target-is-ahead`, `log-does-not-verify`, `event-not-taken`
 * @throws LogUnavailable what was copied stays, and the same call goes on
 */
export async function copyLog(options: CopyOptions): Promise<Copied> {
  const { source, target, batchSize = DEFAULT_BATCH, progress = () => undefined, signal } = options;
  const total = Number(source.head);
  const check = new ChainCheck(source.contiguous);
  const findings: Finding[] = [];
  const held = target.readAll()[Symbol.asyncIterator]();
  let targetEnds = false;
  const nextHeld = async (): Promise<RecordedEvent | undefined> => {
    if (targetEnds) return undefined;
    const step: IteratorResult<RecordedEvent, unknown> = await held.next();
    targetEnds = step.done === true;
    return step.done ? undefined : step.value;
  };
  let events = 0;
  let already = 0;
  try {
    for await (const batch of readAhead(source.read(), batchSize)) {
      signal?.throwIfAborted();
      const missing: RecordedEvent[] = [];
      for (const event of batch) {
        for (const finding of check.next(event)) {
          if (!options.despiteFindings) throw unverified(finding);
          if (findings.length < MOST_FINDINGS) findings.push(finding);
        }
        const there = await nextHeld();
        if (!there) missing.push(event);
        else if (there.id !== event.id || there.hash !== event.hash) throw others(there);
        else already += 1;
      }
      if (missing.length > 0) await restore(target, missing);
      events += batch.length;
      progress(Number(batch.at(-1)?.position ?? 0n), total);
    }
    const further = await nextHeld();
    if (further) throw ahead(further);
    return { events, streams: check.streams, already, findings };
  } finally {
    await held.return?.();
  }
}

async function restore(target: LogEngine, events: readonly RecordedEvent[]): Promise<void> {
  try {
    await target.restore(events);
  } catch (error) {
    if (error instanceof LogUnavailable || !(error instanceof RangeError)) throw error;
    const [first] = events;
    throw new Problem('event-not-taken', {
      stream: first?.stream ?? '',
      revision: Number(first?.revision),
      reason: error.message,
    });
  }
}

/** The first finding, as a refusal. */
export function unverified({ kind, stream, revision, position, id }: Finding): Problem {
  const place = { stream, revision: Number(revision), position: position.toString(), id };
  return new Problem('log-does-not-verify', { finding: kind, ...place });
}

function others({ stream, revision, position, id }: RecordedEvent): Problem {
  return new Problem('target-holds-other-events', {
    stream,
    revision: Number(revision),
    position: position.toString(),
    id,
  });
}

function ahead({ stream, revision, position }: RecordedEvent): Problem {
  return new Problem('target-is-ahead', {
    stream,
    revision: Number(revision),
    position: position.toString(),
  });
}
