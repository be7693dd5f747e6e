import type { Pool } from 'pg';
import type { Clock } from '../clock.js';
import type {
  Append,
  AppendResult,
  Batch,
  ExpectedRevision,
  InTurn,
  LogEngine,
  NewEvent,
  ReadAllOptions,
  ReadStreamOptions,
  RecordedEvent,
  SubscribeOptions,
} from '../event-log.js';
import { readEventStoreAddress } from './eventstoredb-address.adapter.js';
import { EventStoreAppender } from './eventstoredb-append.adapter.js';
import { clockSkewMs, requireServer } from './eventstoredb-check.adapter.js';
import { EventStoreClients } from './eventstoredb-client.adapter.js';
import { WriterClock } from './eventstoredb-clock.adapter.js';
import { StreamEnds } from './eventstoredb-ends.adapter.js';
import { plainId } from './eventstoredb-events.adapter.js';
import { EventIdsFilling } from './eventstoredb-filling.adapter.js';
import { EventIds } from './eventstoredb-ids.adapter.js';
import { KnownIds } from './eventstoredb-known.adapter.js';
import { EVENTSTOREDB_LIMITS, type EventStoreDbLimits } from './eventstoredb-limits.adapter.js';
import { EventStoreReader } from './eventstoredb-read.adapter.js';
import { restoreEvents } from './eventstoredb-restore.adapter.js';
import { AppendSender } from './eventstoredb-send.adapter.js';
import { followAll } from './eventstoredb-subscription.adapter.js';

export interface EventStoreDbOptions {
  /** `esdb://…`, `esdb+discover://…`, or the same with `kurrentdb`. */
  readonly url: string;
  /** Where ids are kept (`eventStoreDbMigrations` made the tables). It stays its owner's. */
  readonly pool: Pool;
  readonly clock: Clock;
  readonly limits?: Partial<EventStoreDbLimits>;
  /** Told whenever something is tried again, with a reason in one line without data. */
  readonly onRetry?: (reason: string) => void;
}

/**
 * The log in EventStoreDB 22.10 or newer, or KurrentDB, with the ids of events in PostgreSQL (docs/adr/0009).
 * Positions are those of the server: they grow with gaps. One instance a process: see `EventStoreClients`.
 */
export class EventStoreDbEventLog implements LogEngine {
  readonly engine = 'eventstoredb';
  readonly contiguous = false;
  private readonly clients: EventStoreClients;
  private readonly limits: EventStoreDbLimits;
  private readonly reader: EventStoreReader;
  private readonly sender: AppendSender;
  private readonly filling: EventIdsFilling;
  private readonly ids: EventIds;
  private readonly clock: WriterClock;
  private readonly ends = new StreamEnds();
  private readonly appender: EventStoreAppender;
  private readonly onRetry: (reason: string) => void;

  /** Connects when it is first used. @throws Problem for an address that would not work, or not safely */
  constructor(private readonly options: EventStoreDbOptions) {
    const { pool } = options;
    this.onRetry = options.onRetry ?? (() => undefined);
    this.limits = { ...EVENTSTOREDB_LIMITS, ...options.limits };
    const address = readEventStoreAddress(options.url);
    const clock = (this.clock = new WriterClock(options.clock, () => clockSkewMs(address, options.clock)));
    this.clients = new EventStoreClients(address.connectionString, this.limits, this.onRetry);
    const reader = (this.reader = new EventStoreReader(this.clients, this.limits));
    const sender = (this.sender = new AppendSender(this.clients, this.limits));
    const filling = (this.filling = new EventIdsFilling(pool, reader));
    const ids = (this.ids = new EventIds(pool, filling));
    const known = new KnownIds(reader);
    this.appender = new EventStoreAppender({ sender, reader, ids, filling, known, ends: this.ends, clock });
  }

  /**
   * Looks whether the server is there, lets us in, and has about our time.
   * @throws Problem in words for who runs it
   */
  requireServer(): Promise<void> {
    return requireServer(readEventStoreAddress(this.options.url), this.reader, this.options.clock);
  }

  /** See `EventStoreAppender` for what it promises. */
  append(stream: string, expected: ExpectedRevision, events: readonly NewEvent[]): Promise<AppendResult> {
    return this.appender.append(stream, expected, events);
  }

  appendInTurn(appends: readonly Append[]): Promise<InTurn> {
    return this.appender.appendInTurn(appends);
  }

  async *readStream(stream: string, options: ReadStreamOptions = {}): AsyncIterable<RecordedEvent> {
    let end: RecordedEvent | undefined;
    for await (const event of this.reader.stream(stream, options)) {
      if (!end || event.revision > end.revision) end = event;
      yield event;
    }
    // Who reads a stream is likely to append to it.
    if (end) this.ends.set(stream, end);
  }

  readAll(options: ReadAllOptions = {}): AsyncIterable<RecordedEvent> {
    return this.reader.all(options);
  }

  subscribeAll(options: SubscribeOptions): AsyncIterable<Batch> {
    const { clients, reader, limits, onRetry } = this;
    return followAll(options, { clients, reader, limits, onRetry });
  }

  head(): Promise<bigint> {
    return this.reader.head();
  }

  async streamOf(id: string): Promise<string | undefined> {
    const place = await this.ids.placeOf(plainId(id));
    if (!place) return undefined;
    const [event] = await this.reader.slice(place.stream, place.revision, 1);
    return event && plainId(event.id) === plainId(id) ? place.stream : undefined;
  }

  async requireWritable(): Promise<void> {
    await this.reader.head();
    await this.clock.requireRight();
  }

  restore(events: readonly RecordedEvent[]): Promise<void> {
    return restoreEvents(events, {
      ...this.options,
      sender: this.sender,
      reader: this.reader,
      filling: this.filling,
      ends: this.ends,
    });
  }

  async close(): Promise<void> {
    await this.filling.note();
    await this.clients.close();
  }
}
