import {
  type AllStreamResolvedEvent,
  BACKWARDS,
  END,
  type EventStoreDBClient,
  FORWARDS,
  type ResolvedEvent,
  START,
  type StreamingRead,
} from '@eventstore/db-client';
import {
  categoryOf,
  LogUnavailable,
  type ReadAllOptions,
  type ReadStreamOptions,
  type RecordedEvent,
} from '../event-log.js';
import type { EventStoreClients } from './eventstoredb-client.adapter.js';
import { failureOf, ServerSilent } from './eventstoredb-errors.adapter.js';
import { isSystemEvent, toEvent } from './eventstoredb-events.adapter.js';
import type { EventStoreDbLimits } from './eventstoredb-limits.adapter.js';

type Resolved = ResolvedEvent | AllStreamResolvedEvent;
type ClientEvent = NonNullable<Resolved['event']>;

const PAGE = 1_000;
const STREAM_PAGE = 500;
const LOOK_BACK = [1, 32, 500];

/**
 * Reads, each in pages of its own call: a call that fails goes on after the last event that came. They ask the
 * leader: a clerk must see what he has just written, and `head` must not go back.
 */
export class EventStoreReader {
  /** The last record of any kind that was seen at the end, and the last event of the log at that time. */
  private tail = { record: -1n, head: 0n };

  constructor(
    private readonly clients: EventStoreClients,
    private readonly limits: EventStoreDbLimits,
  ) {}

  async *stream(stream: string, options: ReadStreamOptions = {}): AsyncIterable<RecordedEvent> {
    const back = options.direction === 'backwards';
    let left = options.limit ?? Infinity;
    let next = options.from;
    while (left > 0 && !(next !== undefined && next < 0n)) {
      const size = Math.min(STREAM_PAGE, left);
      const found = await this.page((client) =>
        client.readStream(stream, {
          direction: back ? BACKWARDS : FORWARDS,
          fromRevision: next ?? (back ? END : START),
          maxCount: size,
          requiresLeader: true,
        }),
      );
      for (const record of found) {
        next = record.revision + (back ? -1n : 1n);
        const event = toEvent(record);
        if (event) yield event;
      }
      left -= size;
      if (found.length < size) return;
    }
  }

  /** So many events of a stream from this revision on; fewer at its end. */
  async slice(stream: string, from: bigint, count: number): Promise<RecordedEvent[]> {
    const events: RecordedEvent[] = [];
    for await (const event of this.stream(stream, { from, limit: count })) events.push(event);
    return events;
  }

  /** The last event of a stream. */
  async end(stream: string): Promise<RecordedEvent | undefined> {
    for await (const event of this.stream(stream, { direction: 'backwards', limit: 1 })) return event;
    return undefined;
  }

  async *all(options: ReadAllOptions = {}): AsyncIterable<RecordedEvent> {
    const head = await this.head();
    const until = options.until !== undefined && options.until < head ? options.until : head;
    const categories = options.categories && new Set(options.categories);
    let from = options.from ?? 0n;
    if (from >= until) return;
    let ahead = this.allAfter(from);
    try {
      while (from < until) {
        const records = await ahead;
        const last = records.at(-1)?.position?.commit;
        if (last === undefined) throw new LogUnavailable(new Error('the log ended before its last event'));
        from = last;
        // The next page is on its way while this one is being used.
        if (from < until) ahead = this.allAfter(from);
        for (const record of records) {
          if (isSystemEvent(record) || (record.position?.commit ?? 0n) > until) continue;
          if (categories && !categories.has(categoryOf(record.streamId))) continue;
          const event = toEvent(record);
          if (event) yield event;
        }
      }
    } finally {
      ahead.catch(() => undefined);
    }
  }

  /**
   * Position of the last event that is not one of the server's own. Looks back from the end, and no further than to
   * what was the end when it last looked.
   */
  async head(): Promise<bigint> {
    let from: bigint | undefined;
    let newest: bigint | undefined;
    for (let look = 0; ; look += 1) {
      const size = LOOK_BACK[Math.min(look, LOOK_BACK.length - 1)] ?? 1;
      const records = await this.page((client) =>
        client.readAll({
          direction: BACKWARDS,
          fromPosition: from === undefined ? END : { commit: from, prepare: from },
          maxCount: size,
          requiresLeader: true,
        }),
      );
      for (const record of records) {
        const position = record.position?.commit ?? 0n;
        newest ??= position;
        if (position === this.tail.record) return this.keepTail(newest, this.tail.head);
        if (!isSystemEvent(record)) return this.keepTail(newest, position);
        from = position;
      }
      if (records.length < size) return this.keepTail(newest ?? -1n, 0n);
    }
  }

  private keepTail(record: bigint, head: bigint): bigint {
    this.tail = { record, head };
    return head;
  }

  /** Records after a position; the server's own are among them, because only subscriptions can filter. */
  private async allAfter(position: bigint): Promise<ClientEvent[]> {
    const records = await this.page((client) =>
      client.readAll({
        direction: FORWARDS,
        fromPosition: position === 0n ? START : { commit: position, prepare: position },
        maxCount: PAGE,
        requiresLeader: true,
      }),
    );
    // Reading starts with the event at the position.
    return records[0]?.position?.commit === position ? records.slice(1) : records;
  }

  /** What one call gives; none for a stream that does not exist. */
  private async page(read: (client: EventStoreDBClient) => StreamingRead<Resolved>): Promise<ClientEvent[]> {
    return this.clients.retrying(async (client) => {
      try {
        return await drain(read(client), this.limits.readSilenceMs);
      } catch (error) {
        if (failureOf(error) === 'missing') return [];
        throw error;
      }
    });
  }
}

/** Reads to the end. It has its own timer, since the client has none for reads, and ends the call whatever happens. */
function drain(read: StreamingRead<Resolved>, silenceMs: number): Promise<ClientEvent[]> {
  return new Promise((resolve, reject) => {
    const records: ClientEvent[] = [];
    const silent = setTimeout(() => fail(new ServerSilent(silenceMs)), silenceMs);
    const fail = (error: Error): void => {
      clearTimeout(silent);
      reject(error);
      read.cancel().catch(() => undefined);
    };
    // It stays, so that an error that comes later is heard by somebody.
    read.on('error', fail);
    read.on('data', ({ event }: Resolved) => {
      silent.refresh();
      if (event) records.push(event);
    });
    read.on('end', () => {
      clearTimeout(silent);
      resolve(records);
    });
  });
}
