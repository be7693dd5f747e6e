import type { RecordedEvent } from '../event-log.js';
import { plainId } from './eventstoredb-events.adapter.js';
import type { Claim, Claimed, Place } from './eventstoredb-ids.adapter.js';
import type { EventStoreReader } from './eventstoredb-read.adapter.js';

/** What the log holds at the place that an id has: an event, or nothing yet. */
export type Found = readonly (RecordedEvent | undefined)[];

/**
 * What ids that were claimed before mean for an append.
 * `write`: at `first`, after those that were claimed before are taken up; `open` if an earlier try may have written it
 * or may still do so.
 */
export type Verdict =
  | { readonly kind: 'repeated'; readonly last: RecordedEvent }
  | { readonly kind: 'refused' }
  | {
      readonly kind: 'write';
      readonly first: bigint;
      readonly open: boolean;
      readonly takes: readonly { readonly id: string; readonly from: Place; readonly to: Place }[];
    };

/** Looks up in the log what stands at places. */
export class KnownIds {
  constructor(private readonly reader: EventStoreReader) {}

  async look(places: Claimed): Promise<Found> {
    const start = places[0];
    const inRow =
      start !== undefined &&
      places.every((p, n) => p?.stream === start.stream && p.revision === start.revision + BigInt(n));
    if (inRow) {
      const found = await this.reader.slice(start.stream, start.revision, places.length);
      return places.map((_, n) => found[n]);
    }
    return Promise.all(places.map(async (p) => p && (await this.reader.slice(p.stream, p.revision, 1))[0]));
  }
}

/**
 * An id is new, or it stands in the log, or its claim is dead because another event has its place or because it is
 * stale, or it is open: the stream has not come so far, and the append that claimed it may still be under way.
 * @param any whether the append may go to any revision of its stream
 */
export function weigh(claim: Claim, claimed: Claimed, found: Found, any: boolean): Verdict {
  const stands = (n: number): boolean => {
    const event = found[n];
    return event !== undefined && plainId(event.id) === claim.ids[n];
  };
  const numbers = [...claim.ids.keys()];
  if (numbers.some(stands)) {
    const last = found.at(-1);
    const here = numbers.every(
      (n) =>
        stands(n) &&
        found[n]?.stream === claim.stream &&
        (any || found[n]?.revision === claim.first + BigInt(n)),
    );
    return here && last ? { kind: 'repeated', last } : { kind: 'refused' };
  }
  const dead = deadOf(claimed, found);
  const open = numbers.filter((n) => claimed[n] !== undefined && !dead[n]);
  const [one] = open;
  const first = any && one !== undefined ? (claimed[one]?.revision ?? 0n) - BigInt(one) : claim.first;
  const place = (n: number): Place => ({ stream: claim.stream, revision: first + BigInt(n) });
  if (open.some((n) => !same(claimed[n], place(n)))) return { kind: 'refused' };
  const takes = numbers.flatMap((n) => {
    // A new id stands where it was claimed just now. One that is known is taken up also where it stays.
    const from = claimed[n] ?? { stream: claim.stream, revision: claim.first + BigInt(n) };
    const to = place(n);
    return claimed[n] || !same(from, to) ? [{ id: claim.ids[n] ?? '', from, to }] : [];
  });
  return { kind: 'write', first, open: open.length > 0, takes };
}

/** Dead, too, is what follows a dead one: the events of an append come all or none. */
function deadOf(claimed: Claimed, found: Found): boolean[] {
  const dead: boolean[] = [];
  for (const [n, place] of claimed.entries()) {
    const before = claimed[n - 1];
    const follows = before && place && same(place, { ...before, revision: before.revision + 1n });
    const over =
      found[n] !== undefined || place?.stale === true || (follows === true && dead[n - 1] === true);
    dead.push(place !== undefined && over);
  }
  return dead;
}

function same(a: Place | undefined, b: Place): boolean {
  return a?.stream === b.stream && a.revision === b.revision;
}
