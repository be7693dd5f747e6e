import type { RecordedEvent } from '../event-log.js';
import { canonicalBody } from '../hash.js';

/** The first place where two logs part. */
export interface FirstDifference {
  /** How many events before it are equal. */
  readonly after: number;
  /** What differs: a field, or `body` for all that the writer stated, or the log that ends here. */
  readonly what: (typeof FIELDS)[number] | 'body' | 'left ends' | 'right ends';
  readonly left?: EventPlace;
  readonly right?: EventPlace;
}

export interface EventPlace {
  readonly stream: string;
  readonly revision: bigint;
  readonly position: bigint;
  readonly id: string;
}

const FIELDS = ['id', 'stream', 'revision', 'recordedAt', 'previousHash', 'hash'] as const;

/**
 * Reads two logs in step and compares order, places, times, hashes and contents, as far as they are equal. Positions
 * may differ: each engine has its own.
 * @returns undefined if they are equal
 */
export async function compareLogs(
  left: AsyncIterable<RecordedEvent>,
  right: AsyncIterable<RecordedEvent>,
  progress: (left: RecordedEvent) => void = () => undefined,
): Promise<FirstDifference | undefined> {
  const [ours, theirs] = [left[Symbol.asyncIterator](), right[Symbol.asyncIterator]()];
  try {
    for (let after = 0; ; after += 1) {
      const [a, b] = (await Promise.all([ours.next(), theirs.next()])).map(({ done, value }) =>
        done ? undefined : value,
      );
      if (!a && !b) return undefined;
      const what = difference(a, b);
      if (what) return { after, what, ...(a ? { left: place(a) } : {}), ...(b ? { right: place(b) } : {}) };
      if (a && after % 1_000 === 999) progress(a);
    }
  } finally {
    await Promise.all([ours.return?.(), theirs.return?.()]);
  }
}

function difference(
  a: RecordedEvent | undefined,
  b: RecordedEvent | undefined,
): FirstDifference['what'] | undefined {
  if (!a) return 'left ends';
  if (!b) return 'right ends';
  return (
    FIELDS.find((field) => a[field] !== b[field]) ??
    (canonicalBody(a) === canonicalBody(b) ? undefined : 'body')
  );
}

function place({ stream, revision, position, id }: RecordedEvent): EventPlace {
  return { stream, revision, position, id };
}
