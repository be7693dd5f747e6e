import { type Clock } from '#libs/event-log/clock.js';
import { checkCommit, type Expected, RecentIds } from './check-commit.js';
import type { ProposedEvent, StoredEvent } from './event.js';
import type { Journal, JournalEntry } from './journal.js';

/** What became of an append. `revision` and `position` are those of its last event. */
export type AppendOutcome =
  | { readonly kind: 'written'; readonly revision: number; readonly position: number }
  | { readonly kind: 'wrong-version'; readonly current: number }
  /** A repeat of an append that is not durable yet: the server drops it, and the request runs into its timeout. */
  | { readonly kind: 'not-ready' };

/** Before the first event there are records of the server's own, so that no event is at 0. */
const FIRST_POSITION = 1_024;
const RECORD_OVERHEAD = 97;

/**
 * Streams and `$all` as the server has them: every event of an append has a position of its own, at the offset of its
 * record, and becomes visible when the journal has it. Several servers of a cluster may share one.
 */
export class StandInLog {
  private readonly events: StoredEvent[] = [];
  private readonly streams = new Map<string, StoredEvent[]>();
  private readonly listeners = new Set<() => void>();
  private nextPosition = FIRST_POSITION;
  private visible = 0;
  private recent: RecentIds;

  constructor(
    private readonly journal: Journal,
    private readonly cacheSize: number,
  ) {
    this.recent = new RecentIds(cacheSize);
    for (const entry of journal.entries()) {
      for (const event of entry.events) this.take(event);
      this.nextPosition = entry.next;
    }
    this.visible = this.events.length;
  }

  /** All that can be read, in order. The array grows while it is read. */
  get count(): number {
    return this.visible;
  }

  /** Position of the last event that can be read; -1 if there is none. */
  get lastPosition(): number {
    return this.events[this.visible - 1]?.position ?? -1;
  }

  at(index: number): StoredEvent | undefined {
    return index < this.visible ? this.events[index] : undefined;
  }

  /** Index of the first event at or after a position. */
  indexOf(position: number): number {
    let [low, high] = [0, this.visible];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.events[middle]!.position < position) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** Undefined if there is no such stream. */
  stream(name: string): readonly StoredEvent[] | undefined {
    const all = this.streams.get(name);
    if (!all) return undefined;
    const last = this.lastPosition;
    if (all.at(-1)!.position <= last) return all;
    const seen = all.filter(({ position }) => position <= last);
    return seen.length > 0 ? seen : undefined;
  }

  /** Decides at once, in the order of calls; answers when what it wrote is durable. */
  async append(
    stream: string,
    expected: Expected,
    proposed: readonly ProposedEvent[],
    clock: Clock,
  ): Promise<AppendOutcome> {
    const existing = this.streams.get(stream) ?? [];
    const check = checkCommit(stream, existing, expected, proposed, this.recent);
    if (check.decision === 'wrong-version') return { kind: 'wrong-version', current: existing.length - 1 };
    if (check.decision === 'repeated') {
      const last = existing[check.lastRevision]!;
      if (last.position > this.lastPosition) return { kind: 'not-ready' };
      return { kind: 'written', revision: last.revision, position: last.position };
    }
    const created = BigInt(clock.now()) * 10_000n;
    const entry: JournalEntry = {
      events: proposed.map((event, n) => {
        const position = this.nextPosition;
        this.nextPosition += sizeOf(stream, event);
        return {
          ...event,
          stream,
          revision: existing.length + n,
          position,
          end: this.nextPosition,
          created,
        };
      }),
      next: this.nextPosition,
    };
    for (const event of entry.events) this.take(event);
    const upTo = this.events.length;
    await this.journal.write(entry);
    this.visible = Math.max(this.visible, upTo);
    for (const listener of [...this.listeners]) listener();
    const last = entry.events.at(-1);
    return {
      kind: 'written',
      revision: last?.revision ?? existing.length - 1,
      position: last?.position ?? this.nextPosition,
    };
  }

  /** How many subscriptions there are. */
  get followers(): number {
    return this.listeners.size;
  }

  /** Called whenever there is more to read. @returns ends it */
  onVisible(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** What a restart of the server loses: the ids it held in memory for appends at any revision. */
  forgetRecentIds(): void {
    this.recent = new RecentIds(this.cacheSize);
  }

  close(): Promise<void> {
    return this.journal.close();
  }

  private take(event: StoredEvent): void {
    this.events.push(event);
    const stream = this.streams.get(event.stream);
    if (stream) stream.push(event);
    else this.streams.set(event.stream, [event]);
    this.recent.put(event.id, event.stream, event.revision);
  }
}

function sizeOf(stream: string, event: ProposedEvent): number {
  return (
    RECORD_OVERHEAD + stream.length * 2 + event.type.length * 2 + event.data.length + event.metadata.length
  );
}
