/** A revision, or what the client says instead of one. */
export type Expected = number | 'any' | 'no_stream' | 'stream_exists';

export type CommitCheck =
  | { readonly decision: 'write' }
  | { readonly decision: 'wrong-version' }
  | { readonly decision: 'repeated'; readonly lastRevision: number };

/**
 * The ids of the last appends, which alone tell a repeat at any revision. Bounded, and gone with the process. An id that
 * stands in several streams is known in the last one only.
 */
export class RecentIds {
  private readonly places = new Map<string, { readonly stream: string; readonly revision: number }>();

  constructor(private readonly limit: number) {}

  put(id: string, stream: string, revision: number): void {
    this.places.delete(id);
    this.places.set(id, { stream, revision });
    if (this.places.size > this.limit) this.places.delete(this.places.keys().next().value!);
  }

  revisionIn(stream: string, id: string): number | undefined {
    const place = this.places.get(id);
    return place?.stream === stream ? place.revision : undefined;
  }
}

/**
 * Whether an append is new, a repeat or refused, as the server's writer decides it: at an exact revision (and where no
 * stream is expected) the ids that stand there are compared, for as long as the log exists; at any revision only the
 * ids in memory. If some ids match and some do not, it is a wrong version.
 */
export function checkCommit(
  stream: string,
  existing: readonly { readonly id: string }[],
  expected: Expected,
  proposed: readonly { readonly id: string }[],
  recent: RecentIds,
): CommitCheck {
  const current = existing.length - 1;
  if (expected === 'stream_exists' && current < 0) return { decision: 'wrong-version' };
  if (expected === 'any' || expected === 'stream_exists') {
    const places = proposed.map(({ id }) => recent.revisionIn(stream, id));
    if (places[0] === undefined) return { decision: 'write' };
    const last = places.every((place) => place !== undefined) ? places.at(-1) : undefined;
    return last === undefined ? { decision: 'wrong-version' } : { decision: 'repeated', lastRevision: last };
  }
  const revision = expected === 'no_stream' ? -1 : expected;
  if (revision === current) return { decision: 'write' };
  if (revision > current || proposed.length === 0) return { decision: 'wrong-version' };
  const same = proposed.every(({ id }, n) => existing[revision + 1 + n]?.id === id);
  return same
    ? { decision: 'repeated', lastRevision: revision + proposed.length }
    : { decision: 'wrong-version' };
}
