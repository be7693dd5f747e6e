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

export interface Comparison {
  readonly equal: boolean;
  readonly events: { readonly left: number; readonly right: number };
  readonly firstDifference?: FirstDifference;
  /** The first streams by name of which one log has more events than the other, and how many more the right one has. */
  readonly streams: readonly { readonly stream: string; readonly more: number }[];
}

const FIELDS = ['id', 'stream', 'revision', 'recordedAt', 'previousHash', 'hash'] as const;
const SHOWN_STREAMS = 20;

/**
 * Reads two logs in step and compares order, places, times, hashes and contents. Positions may differ: each engine
 * has its own.
 */
export async function compareLogs(
  left: AsyncIterable<RecordedEvent>,
  right: AsyncIterable<RecordedEvent>,
  progress: (left: RecordedEvent) => void = () => undefined,
): Promise<Comparison> {
  const [ours, theirs] = [left[Symbol.asyncIterator](), right[Symbol.asyncIterator]()];
  const more = new Map<string, number>();
  const events = { left: 0, right: 0 };
  let firstDifference: FirstDifference | undefined;
  const count = (side: keyof typeof events, event: RecordedEvent | undefined): void => {
    if (!event) return;
    events[side] += 1;
    const balance = (more.get(event.stream) ?? 0) + (side === 'right' ? 1 : -1);
    if (balance === 0) more.delete(event.stream);
    else more.set(event.stream, balance);
  };
  try {
    for (;;) {
      const [a, b] = (await Promise.all([ours.next(), theirs.next()])).map(({ done, value }) =>
        done ? undefined : value,
      );
      if (!a && !b) break;
      const what = difference(a, b);
      if (what) {
        firstDifference ??= {
          after: events.left,
          what,
          ...(a ? { left: place(a) } : {}),
          ...(b ? { right: place(b) } : {}),
        };
      }
      count('left', a);
      count('right', b);
      if (a && events.left % 1_000 === 0) progress(a);
    }
  } finally {
    await Promise.all([ours.return?.(), theirs.return?.()]);
  }
  const streams = [...more]
    .map(([stream, n]) => ({ stream, more: n }))
    .sort((a, b) => (a.stream < b.stream ? -1 : 1))
    .slice(0, SHOWN_STREAMS);
  return { equal: !firstDifference, events, ...(firstDifference ? { firstDifference } : {}), streams };
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
