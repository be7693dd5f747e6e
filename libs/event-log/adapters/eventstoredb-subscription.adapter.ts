import {
  type AllStreamResolvedEvent,
  type AllStreamSubscription,
  excludeSystemEvents,
  START,
} from '@eventstore/db-client';
import { setImmediate as turn, setTimeout as sleep } from 'node:timers/promises';
import { type Batch, categoryOf, type RecordedEvent, type SubscribeOptions } from '../event-log.js';
import type { EventStoreClients, Held } from './eventstoredb-client.adapter.js';
import { failureOf, reasonOf, ServerSilent } from './eventstoredb-errors.adapter.js';
import { isSystemEvent, toEvent } from './eventstoredb-events.adapter.js';
import { backoff, type EventStoreDbLimits } from './eventstoredb-limits.adapter.js';
import type { EventStoreReader } from './eventstoredb-read.adapter.js';

type ClientEvent = NonNullable<AllStreamResolvedEvent['event']>;

const MOST_IN_BATCH = 500;
/** Held back by this process before the server is made to wait, which it does well. */
const MOST_WAITING = 2_000;

/**
 * Follows the log for ever, until the signal: after an error, an end or a silence it subscribes again from the last
 * position that was yielded.
 *
 * The server leaves out its own events only; categories are picked here. Were they picked there, a subscription could
 * not move its position past what is left out without trusting the server's checkpoints, which come now and then.
 * Whether everything was seen is asked of `head` when it is quiet, not taken from the server's "caught up": servers
 * before 23.10 do not say it, and a connection that is dead says nothing at all.
 */
export async function* followAll(
  options: SubscribeOptions,
  { clients, reader, limits, onRetry }: FollowParts,
): AsyncIterable<Batch> {
  const { signal } = options;
  let position = options.from ?? 0n;
  let failures = 0;
  while (!signal.aborted) {
    const held = clients.current();
    try {
      for await (const batch of followOnce({ ...options, from: position }, held, reader, limits)) {
        position = batch.position;
        failures = 0;
        yield batch;
      }
    } catch (error) {
      if (failureOf(error) === 'broken') clients.renew(held);
      failures += 1;
      onRetry(`subscription: ${reasonOf(error)}`);
      await sleep(backoff(Math.min(failures, 10), limits), undefined, { signal }).catch(() => undefined);
    }
  }
}

export interface FollowParts {
  readonly clients: EventStoreClients;
  readonly reader: EventStoreReader;
  readonly limits: EventStoreDbLimits;
  readonly onRetry: (reason: string) => void;
}

/** One subscription, until it fails. */
async function* followOnce(
  { from = 0n, categories, signal }: SubscribeOptions,
  { client }: Held,
  reader: EventStoreReader,
  limits: EventStoreDbLimits,
): AsyncIterable<Batch> {
  const wanted = categories && new Set(categories);
  const subscription = client.subscribeToAll({
    fromPosition: from === 0n ? START : { commit: from, prepare: from },
    filter: excludeSystemEvents(),
  });
  const arriving = new Arriving(subscription, signal);
  let position = from;
  let idle = false;
  /** Since when the log is known to hold more than has come. */
  let lacking: number | undefined;
  try {
    for (;;) {
      const records = await arriving.next(idle ? limits.watchMs : limits.quietMs);
      if (signal.aborted) return;
      const events: RecordedEvent[] = [];
      const before = position;
      for (const record of records) {
        const at = record.position.commit;
        if (at <= position || isSystemEvent(record)) continue;
        position = at;
        if (wanted && !wanted.has(categoryOf(record.streamId))) continue;
        const event = toEvent(record);
        if (event) events.push(event);
      }
      if (position > before) {
        idle = false;
        lacking = undefined;
        yield { events, position, caughtUp: false };
        continue;
      }
      const head = await unlessAborted(reader.head(), signal);
      if (head === undefined) return;
      if (arriving.some) continue;
      if (head <= position) {
        if (!idle) yield { events, position, caughtUp: true };
        idle = true;
        lacking = undefined;
        continue;
      }
      lacking ??= performance.now();
      const waited = performance.now() - lacking;
      if (Math.min(waited, arriving.silentMs) > limits.stalledMs) throw new ServerSilent(limits.stalledMs);
    }
  } finally {
    subscription.unsubscribe().catch(() => undefined);
  }
}

/** Undefined when the signal comes first: whoever stops does not wait for a server that is away. */
async function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T | undefined> {
  let abort = (): void => undefined;
  const aborted = new Promise<undefined>((resolve) => {
    abort = () => resolve(undefined);
    signal.addEventListener('abort', abort);
    if (signal.aborted) abort();
  });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    work.catch(() => undefined);
    signal.removeEventListener('abort', abort);
  }
}

/** What a subscription has sent and nobody has taken yet. */
class Arriving {
  private waiting: ClientEvent[] = [];
  private failure: Error | undefined;
  private last = performance.now();
  private wake: (() => void) | undefined;

  constructor(
    private readonly subscription: AllStreamSubscription,
    private readonly signal: AbortSignal,
  ) {
    // It stays, so that an error that comes later is heard by somebody.
    subscription.on('error', (error) => this.fail(error));
    subscription.on('end', () => this.fail(new Error('the subscription ended')));
    subscription.on('close', () => this.fail(new Error('the subscription was closed')));
    subscription.on('data', ({ event }: AllStreamResolvedEvent) => {
      this.last = performance.now();
      if (!event) return;
      this.waiting.push(event);
      if (this.waiting.length >= MOST_WAITING) subscription.pause();
      this.wake?.();
    });
  }

  get some(): boolean {
    return this.waiting.length > 0 || this.failure !== undefined;
  }

  /** How long nothing has come. */
  get silentMs(): number {
    return performance.now() - this.last;
  }

  /** What has come; none after so many milliseconds, or when the signal ends it. @throws what ended it */
  async next(ms: number): Promise<ClientEvent[]> {
    if (!this.some && !this.signal.aborted) await this.heard(ms);
    // Lets all that came in one piece come.
    await turn();
    if (this.failure) throw this.failure;
    const taken = this.waiting.splice(0, MOST_IN_BATCH);
    if (this.waiting.length < MOST_WAITING / 2 && this.subscription.isPaused()) this.subscription.resume();
    return taken;
  }

  private async heard(ms: number): Promise<void> {
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms);
      const ring = (): void => {
        clearTimeout(timer);
        this.signal.removeEventListener('abort', ring);
        resolve();
      };
      this.wake = ring;
      this.signal.addEventListener('abort', ring);
    });
    this.wake?.();
    this.wake = undefined;
  }

  private fail(error: Error): void {
    this.failure ??= error;
    this.wake?.();
  }
}
