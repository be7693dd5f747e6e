import type { RecordedEvent } from './event-log.js';
import { expectedHash, FIRST_HASH } from './hash.js';

/** Something in the log that cannot have come from appending. */
export interface Finding {
  /**
   * `changed`: the event is not what was hashed. `moved`: it does not follow the event before it in its stream
   * (swapped, or that one was changed together with its hash). `missing_before`: events before it were removed.
   */
  readonly kind: 'changed' | 'moved' | 'missing_before';
  readonly position: bigint;
  readonly stream: string;
  readonly revision: bigint;
  readonly id: string;
  readonly type: string;
}

export interface Verification {
  readonly events: number;
  readonly streams: number;
  /** Position of the last event. */
  readonly position: bigint;
  readonly findings: readonly Finding[];
}

const MOST_FINDINGS = 1_000;

/** Looks at the events of a log one after another, from the first on. Memory grows with the number of streams. */
export class ChainCheck {
  private readonly ends = new Map<string, { revision: bigint; hash: string }>();
  private position = 0n;

  /** @param contiguous whether this engine's positions have no gaps, so that a missing one is a finding */
  constructor(private readonly contiguous: boolean) {}

  get streams(): number {
    return this.ends.size;
  }

  /** What is wrong with the next event; nothing in a log that nobody meddled with. */
  next(event: RecordedEvent): Finding[] {
    const end = this.ends.get(event.stream);
    const kinds: Finding['kind'][] = [];
    if (expectedHash(event) !== event.hash) kinds.push('changed');
    if (event.revision !== (end?.revision ?? -1n) + 1n) kinds.push('missing_before');
    else if (event.previousHash !== (end?.hash ?? FIRST_HASH)) kinds.push('moved');
    if (this.contiguous && event.position !== this.position + 1n && !kinds.includes('missing_before')) {
      kinds.push('missing_before');
    }
    this.ends.set(event.stream, { revision: event.revision, hash: event.hash });
    this.position = event.position;
    const { position, stream, revision, id, type } = event;
    return kinds.map((kind) => ({ kind, position, stream, revision, id, type }));
  }
}

/**
 * Goes through a whole log and names every event that was changed, removed or swapped since it was appended. What was
 * cut off at the very end of the log leaves no trace in it: compare `events` and `position` with what was noted
 * before. Memory grows with the number of streams (about 200 bytes each).
 *
 * @param contiguous whether this engine's positions have no gaps, so that a missing one is a finding
 */
export async function verifyLog(
  events: AsyncIterable<RecordedEvent>,
  contiguous: boolean,
  progress: (position: bigint) => void = () => undefined,
): Promise<Verification> {
  const check = new ChainCheck(contiguous);
  const findings: Finding[] = [];
  let count = 0;
  let position = 0n;
  for await (const event of events) {
    findings.push(...check.next(event).slice(0, MOST_FINDINGS - findings.length));
    position = event.position;
    count += 1;
    if (count % 1_000 === 0) progress(position);
  }
  progress(position);
  return { events: count, streams: check.streams, position, findings };
}
