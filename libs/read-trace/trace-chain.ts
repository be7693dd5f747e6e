import { FIRST_HASH, sha256 } from '#libs/event-log/hash.js';

/** An entry of the trace as it is stored. */
export interface TraceEntry {
  /** From 1, without gaps. */
  readonly number: bigint;
  /** The canonical JSON that was hashed, to the byte. */
  readonly body: string;
  readonly previousHash: string;
  readonly hash: string;
}

/**
 * `changed`: the entry is not what was hashed, or not at its place. `moved`: it does not follow the entry before it.
 * `missing_before`: entries before it were removed.
 */
export interface TraceFinding {
  readonly kind: 'changed' | 'moved' | 'missing_before';
  readonly number: bigint;
}

export interface TraceVerification {
  readonly entries: number;
  /** Number of the last one. */
  readonly last: bigint;
  readonly findings: readonly TraceFinding[];
}

const MOST_FINDINGS = 1_000;

/** Hash of an entry in its place. The database reckons the same (see the schema). */
export function traceHash(entry: Pick<TraceEntry, 'number' | 'body' | 'previousHash'>): string {
  const { number, body, previousHash } = entry;
  return sha256(`{"body":"${sha256(body)}","number":"${number}","previous":"${previousHash}"}`);
}

/**
 * Goes through the whole trace and names every entry that was changed, removed or swapped since it was written. What
 * was cut off at the end leaves no trace in it: that is seen by comparing with what was noted before.
 */
export async function verifyTrace(
  entries: AsyncIterable<TraceEntry>,
  progress: (last: bigint) => void = () => undefined,
): Promise<TraceVerification> {
  const findings: TraceFinding[] = [];
  let before = { number: 0n, hash: FIRST_HASH };
  let count = 0;
  for await (const entry of entries) {
    const { number, previousHash, hash } = entry;
    const kinds: TraceFinding['kind'][] = [];
    if (traceHash(entry) !== hash) kinds.push('changed');
    if (number !== before.number + 1n) kinds.push('missing_before');
    else if (previousHash !== before.hash) kinds.push('moved');
    findings.push(...kinds.map((kind) => ({ kind, number })).slice(0, MOST_FINDINGS - findings.length));
    before = { number, hash };
    count += 1;
    if (count % 1_000 === 0) progress(number);
  }
  progress(before.number);
  return { entries: count, last: before.number, findings };
}
