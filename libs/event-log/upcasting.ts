import type {
  Append,
  AppendResult,
  Batch,
  EventLog,
  ExpectedRevision,
  InTurn,
  NewEvent,
  ReadAllOptions,
  ReadStreamOptions,
  RecordedEvent,
  SubscribeOptions,
} from './event-log.js';

/** Makes an event of one schema version into one of the next. It may change `data` and `personal`, nothing else. */
export type Upcaster = (event: RecordedEvent) => Pick<RecordedEvent, 'data' | 'personal'>;

/** Event type → schema version that it takes → how. */
export type Upcasters = Readonly<Record<string, Readonly<Record<number, Upcaster>>>>;

/** The event in the newest version that there is a way to. What is stored stays as it was written. */
export function upcast(event: RecordedEvent, upcasters: Upcasters): RecordedEvent {
  let current = event;
  for (;;) {
    const step = upcasters[current.type]?.[current.schemaVersion];
    if (!step) return current;
    current = { ...current, ...step(current), schemaVersion: current.schemaVersion + 1 };
  }
}

/**
 * A log that gives every event in its newest version. `verify` must read the log itself: hashes are over what was
 * written.
 */
export class UpcastingEventLog implements EventLog {
  constructor(
    private readonly log: EventLog,
    private readonly upcasters: Upcasters,
  ) {}

  append(stream: string, expected: ExpectedRevision, events: readonly NewEvent[]): Promise<AppendResult> {
    return this.log.append(stream, expected, events);
  }

  appendInTurn(appends: readonly Append[]): Promise<InTurn> {
    return this.log.appendInTurn(appends);
  }

  readStream(stream: string, options?: ReadStreamOptions): AsyncIterable<RecordedEvent> {
    return this.each(this.log.readStream(stream, options));
  }

  readAll(options?: ReadAllOptions): AsyncIterable<RecordedEvent> {
    return this.each(this.log.readAll(options));
  }

  async *subscribeAll(options: SubscribeOptions): AsyncIterable<Batch> {
    for await (const batch of this.log.subscribeAll(options)) {
      yield { ...batch, events: batch.events.map((event) => upcast(event, this.upcasters)) };
    }
  }

  head(): Promise<bigint> {
    return this.log.head();
  }

  streamOf(id: string): Promise<string | undefined> {
    return this.log.streamOf(id);
  }

  private async *each(events: AsyncIterable<RecordedEvent>): AsyncIterable<RecordedEvent> {
    for await (const event of events) yield upcast(event, this.upcasters);
  }
}
