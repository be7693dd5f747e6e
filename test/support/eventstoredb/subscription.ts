import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import type { Answer } from './answer.js';
import type { ServerContext } from './context.js';
import type { EventFilter } from './filters.js';
import type { StoredEvent } from './event.js';
import { pageForwards } from './page.js';
import { isAfter, type Position, positionOf, readMessages } from './read-messages.js';

const BEFORE_ALL: Position = { commit: -1, prepare: -1 };

/** So many live events wait for a slow subscriber; with more it falls back to reading. */
const LIVE_BUFFER = 32;

/**
 * A subscription to `$all`, as servers from 23.10 on serve it: confirmation; what was there, with a checkpoint at the end
 * of it and one in each interval; caught up; then what comes, with a checkpoint in each interval. A subscriber that
 * cannot follow falls back to the second part and is told again when it has caught up.
 *
 * Two things a client has to know. A subscription that begins at the end is told that it caught up without any checkpoint.
 * And the checkpoint before "caught up" names the beginning of the last page, not the end of the log: where nothing
 * matches the filter it stays up to one search window behind.
 */
export class AllSubscription {
  /** The last event or checkpoint that was sent. */
  private at: Position;
  private lastCheckpoint = BEFORE_ALL;
  private sinceCheckpoint = 0;
  private live = 0;

  constructor(
    private readonly context: ServerContext,
    private readonly answer: Answer,
    private readonly filter: EventFilter | undefined,
    start: Position | 'start' | 'end',
  ) {
    const { lastPosition } = context.log;
    const last = { commit: lastPosition, prepare: lastPosition };
    this.at = start === 'start' ? BEFORE_ALL : start === 'end' ? last : start;
  }

  async run(): Promise<never> {
    const { log } = this.context;
    const confirmedAt = { commit: log.lastPosition, prepare: log.lastPosition };
    this.live = log.count;
    await this.answer.send(readMessages.confirmation(randomUUID()));
    if (!isAfter(confirmedAt, this.at)) await this.goLive();
    for (;;) {
      await this.catchUp();
      await this.goLive();
    }
  }

  private async catchUp(): Promise<void> {
    const { log } = this.context;
    let considered = 0;
    let from = this.at.commit < 0 ? { commit: 0, prepare: 0 } : this.at;
    for (;;) {
      const page = pageForwards(log, from, this.filter);
      for (const event of page.events) {
        if (!isAfter(positionOf(event), this.at)) continue;
        await this.answer.send(readMessages.event(event));
        this.at = positionOf(event);
      }
      considered += page.considered;
      const due = this.filter !== undefined && considered >= this.filter.checkpointInterval;
      if (page.isEnd || due) {
        if (isAfter(page.from, this.at)) this.at = page.from;
        await this.checkpoint(this.at);
        if (due) considered %= this.filter.checkpointInterval;
      }
      if (page.isEnd) return;
      from = page.next;
    }
  }

  /** Returns when the subscriber has fallen behind. */
  private async goLive(): Promise<void> {
    const { log } = this.context;
    if (this.context.tellsCaughtUp) await this.answer.send(readMessages.caughtUp());
    for (;;) {
      const event = log.at(this.live);
      if (!event) {
        await this.untilMore();
        continue;
      }
      const isNew = isAfter(positionOf(event), this.at);
      if (isNew && this.allows(event) && this.hasFallenBehind()) {
        this.live = log.count;
        return this.checkpoint(this.at);
      }
      this.live += 1;
      if (isNew && this.allows(event)) {
        await this.answer.send(readMessages.event(event));
        this.at = positionOf(event);
      }
      this.sinceCheckpoint += 1;
      if (this.filter && this.sinceCheckpoint >= this.filter.checkpointInterval) {
        this.sinceCheckpoint = 0;
        if (isAfter(this.at, positionOf(event))) continue;
        this.at = positionOf(event);
        await this.checkpoint(this.at);
      }
    }
  }

  private allows(event: StoredEvent): boolean {
    return this.filter?.allows(event) ?? true;
  }

  private hasFallenBehind(): boolean {
    const { log } = this.context;
    let waiting = 0;
    for (let n = this.live; n < log.count && waiting <= LIVE_BUFFER; n += 1)
      if (this.allows(log.at(n)!)) waiting += 1;
    return waiting > LIVE_BUFFER;
  }

  private async checkpoint(position: Position): Promise<void> {
    if (!this.filter || position.commit < 0 || !isAfter(position, this.lastCheckpoint)) return;
    this.lastCheckpoint = position;
    await this.answer.send(readMessages.checkpoint(position));
  }

  private async untilMore(): Promise<void> {
    await untilVisible(this.context, this.answer.ended, () => this.context.log.count > this.live);
  }
}

/** Resolves when `enough` holds, looked at whenever there is more to read. @throws Gone when the caller has gone */
export async function untilVisible(
  { log }: ServerContext,
  ended: AbortSignal,
  enough: () => boolean,
): Promise<void> {
  const gone = new AbortController();
  await new Promise<void>((resolve) => {
    const stop = log.onVisible(() => {
      if (enough()) done();
    });
    const done = (): void => {
      stop();
      gone.abort();
      resolve();
    };
    if (ended.aborted || enough()) done();
    else void once(ended, 'abort', { signal: gone.signal }).then(done, () => undefined);
  });
  ended.throwIfAborted();
}
