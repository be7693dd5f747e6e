import { randomUUID } from 'node:crypto';
import { isoNow } from '../clock.js';
import {
  type Append,
  type AppendResult,
  type ExpectedRevision,
  type InTurn,
  LogUnavailable,
  type NewEvent,
  type RecordedEvent,
  WrongExpectedRevision,
} from '../event-log.js';
import { FIRST_HASH } from '../hash.js';
import type { WriterClock } from './eventstoredb-clock.adapter.js';
import type { StreamEnds } from './eventstoredb-ends.adapter.js';
import { plainId, seal, type Sealed } from './eventstoredb-events.adapter.js';
import type { EventIdsFilling } from './eventstoredb-filling.adapter.js';
import { CLAIM_HOLDS_MS, type Claim, type Claimed, type EventIds } from './eventstoredb-ids.adapter.js';
import { type KnownIds, weigh } from './eventstoredb-known.adapter.js';
import type { EventStoreReader } from './eventstoredb-read.adapter.js';
import { type AppendSender, AppendRejected } from './eventstoredb-send.adapter.js';

/** An append with its ids claimed. */
interface Claiming {
  readonly claim: Claim;
  readonly claimed: Claimed;
}

export interface AppenderParts {
  readonly sender: AppendSender;
  readonly reader: EventStoreReader;
  readonly ids: EventIds;
  readonly filling: EventIdsFilling;
  readonly known: KnownIds;
  readonly ends: StreamEnds;
  readonly clock: WriterClock;
}

/**
 * Appends events so that each id stands in the log once, and says truthfully what became of them.
 *
 * What `append` promises:
 * - An answer means that the events stand in the log at that place, and that the server has them on disk.
 * - `repeated` is false if this call wrote them, also when it took several tries; true if they stood there before.
 *   `recordedAt` and `position` are always those in the log.
 * - WrongExpectedRevision means that this call wrote nothing and that nothing of it can appear later.
 * - LogUnavailable means that it is not known. The ids stay claimed for this place: the same call may be made again, in
 *   this process or another, whenever, and ends in exactly one event; another stream is refused until it is known.
 */
export class EventStoreAppender {
  constructor(private readonly parts: AppenderParts) {}

  async append(
    stream: string,
    expected: ExpectedRevision,
    events: readonly NewEvent[],
    begun?: Promise<Claiming>,
  ): Promise<AppendResult> {
    let claiming = begun ? await begun : await this.claim(stream, expected, events);
    for (;;) {
      const result = await this.once(stream, expected, events, claiming);
      if (result) return result;
      claiming = await this.claim(stream, expected, events);
    }
  }

  /** All claims go in one statement; the appends one after another, since each may be the reason for not doing the next. */
  async appendInTurn(appends: readonly Append[]): Promise<InTurn> {
    const claims = appends.map(({ stream, expected, events }) =>
      expected === 'any' ? undefined : this.claim(stream, expected, events),
    );
    for (const claim of claims) claim?.catch(() => undefined);
    const done: AppendResult[] = [];
    for (const [n, { stream, expected, events }] of appends.entries()) {
      try {
        done.push(await this.append(stream, expected, events, claims[n]));
      } catch (error) {
        await this.giveUp(claims.slice(n + 1));
        if (error instanceof WrongExpectedRevision) return { done, refused: error };
        throw error;
      }
    }
    return { done, refused: undefined };
  }

  private async claim(
    stream: string,
    expected: ExpectedRevision,
    events: readonly NewEvent[],
  ): Promise<Claiming> {
    if (events.length === 0) throw new RangeError('an append needs at least one event');
    await this.parts.clock.requireRight();
    const ids = events.map(({ id }) => plainId(id));
    if (ids.length > 1 && new Set(ids).size < ids.length) {
      throw new WrongExpectedRevision(stream, expected, await this.lastRevision(stream));
    }
    const claim = {
      stream,
      first: await this.firstOf(stream, expected),
      ids,
      by: randomUUID(),
      at: performance.now(),
    };
    return { claim, claimed: await this.parts.ids.claim(claim) };
  }

  private async firstOf(stream: string, expected: ExpectedRevision): Promise<bigint> {
    if (expected === 'no_stream') return 0n;
    if (expected !== 'any') return expected + 1n;
    const last = await this.lastRevision(stream);
    return last === undefined ? 0n : last + 1n;
  }

  /** @returns undefined if it must be begun again, because the stream or a claim moved meanwhile */
  private async once(
    stream: string,
    expected: ExpectedRevision,
    events: readonly NewEvent[],
    { claim, claimed }: Claiming,
  ): Promise<AppendResult | undefined> {
    const giveUp = (): Promise<void> => this.parts.ids.release(claim);
    if (claimed.every((place) => place === undefined)) {
      return this.write(expected, claim, events, false, giveUp);
    }
    const verdict = weigh(claim, claimed, await this.parts.known.look(claimed), expected === 'any');
    if (verdict.kind === 'repeated') {
      const { revision, position, recordedAt } = verdict.last;
      return { revision, position, recordedAt, repeated: true };
    }
    if (verdict.kind === 'refused') {
      await giveUp();
      throw new WrongExpectedRevision(stream, expected, await this.lastRevision(stream));
    }
    for (const { id, from, to } of verdict.takes) {
      if (!(await this.parts.ids.take(id, from, to, claim.by))) return undefined;
    }
    const at = { ...claim, first: verdict.first };
    return this.write(expected, at, events, verdict.open, async () => {
      if (!verdict.open) await this.parts.ids.release(at);
    });
  }

  private async write(
    expected: ExpectedRevision,
    claim: Claim,
    events: readonly NewEvent[],
    open: boolean,
    giveUp: () => Promise<unknown>,
  ): Promise<AppendResult | undefined> {
    const { stream, first } = claim;
    const refuse = async (actual: bigint | undefined): Promise<undefined> => {
      if (expected === 'any') return undefined;
      await giveUp();
      throw new WrongExpectedRevision(stream, expected, actual);
    };
    const previousHash = await this.hashBefore(stream, first).catch(async (error: unknown) => {
      await giveUp();
      throw error;
    });
    if (previousHash === undefined) {
      await giveUp();
      throw new WrongExpectedRevision(stream, expected, await this.lastRevision(stream));
    }
    const sealed = seal(stream, first, previousHash, isoNow(this.parts.clock), events);
    if (performance.now() - claim.at > CLAIM_HOLDS_MS) {
      throw new LogUnavailable(new Error('this process stood still since it claimed the ids'));
    }
    const sent = await this.parts.sender
      .send(stream, first, sealed.proposed)
      .catch(async (error: unknown) => {
        if (error instanceof AppendRejected && !open) await giveUp();
        throw error;
      });
    if (open || !sent.sure) {
      const found = await this.parts.reader.slice(stream, first, events.length);
      const last = theseEvents(found, claim);
      if (last) return this.done(claim, last, last.hash !== sealed.hash);
    }
    if (sent.kind === 'refused') {
      // A try of unknown outcome may still come, where the stream has yet to reach the place: its claim stays.
      const dead = sent.actual !== undefined && sent.actual >= first;
      if (open || sent.sure || dead) return refuse(sent.actual);
      throw new WrongExpectedRevision(stream, expected, sent.actual);
    }
    return this.done(claim, lastOf(claim, sealed, sent.position), false);
  }

  private done(
    { stream, ids }: Claim,
    {
      revision,
      position,
      recordedAt,
      hash,
    }: Pick<RecordedEvent, 'revision' | 'position' | 'recordedAt' | 'hash'>,
    repeated: boolean,
  ): AppendResult {
    this.parts.ends.set(stream, { revision, hash });
    this.parts.filling.appended(position, ids.at(-1) ?? '');
    return { revision, position, recordedAt, repeated };
  }

  /** Hash of the event before a revision; undefined if there is none. */
  private async hashBefore(stream: string, first: bigint): Promise<string | undefined> {
    if (first === 0n) return FIRST_HASH;
    const end = this.parts.ends.get(stream);
    if (end?.revision === first - 1n) return end.hash;
    const [before] = await this.parts.reader.slice(stream, first - 1n, 1);
    return before?.hash;
  }

  private async lastRevision(stream: string): Promise<bigint | undefined> {
    const end = await this.parts.reader.end(stream);
    if (end) this.parts.ends.set(stream, end);
    return end?.revision;
  }

  /** Claims of appends that were not tried. */
  private async giveUp(claims: readonly (Promise<Claiming> | undefined)[]): Promise<void> {
    const made = await Promise.allSettled(claims.filter((claim) => claim !== undefined));
    await Promise.all(
      made.map(async (outcome) => {
        if (outcome.status === 'fulfilled') await this.parts.ids.release(outcome.value.claim);
      }),
    );
  }
}

/** The last of the events, if these are they. */
function theseEvents(found: readonly RecordedEvent[], { ids }: Claim): RecordedEvent | undefined {
  const same = found.length === ids.length && found.every((event, n) => plainId(event.id) === ids[n]);
  return same ? found.at(-1) : undefined;
}

function lastOf(
  { first, ids }: Claim,
  { recordedAt, hash }: Sealed,
  position: bigint,
): Pick<RecordedEvent, 'revision' | 'position' | 'recordedAt' | 'hash'> {
  return { revision: first + BigInt(ids.length) - 1n, position, recordedAt, hash };
}
