import { randomBytes } from 'node:crypto';
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
} from '#libs/event-log/event-log.js';

/**
 * A part of a log that looks like the whole of it, so that scenarios can run on a server that holds other events, those
 * of earlier runs too: streams get a prefix, and ids, many of which follow from what happens, are changed reversibly.
 * Hashes are those of the events as they stand in the log.
 */
export class RunOfItsOwn implements LogEngine {
  private readonly prefix = `run${randomBytes(6).toString('hex')}.`;
  private readonly mask = BigInt(`0x${randomBytes(6).toString('hex')}`);

  constructor(private readonly log: LogEngine) {}

  get engine(): LogEngine['engine'] {
    return this.log.engine;
  }

  get contiguous(): boolean {
    return this.log.contiguous;
  }

  append(stream: string, expected: ExpectedRevision, events: readonly NewEvent[]): Promise<AppendResult> {
    return this.log.append(this.prefix + stream, expected, events.map(this.masked));
  }

  appendInTurn(appends: readonly Append[]): Promise<InTurn> {
    return this.log.appendInTurn(
      appends.map(({ stream, expected, events }) => ({
        stream: this.prefix + stream,
        expected,
        events: events.map(this.masked),
      })),
    );
  }

  readStream(stream: string, options?: ReadStreamOptions): AsyncIterable<RecordedEvent> {
    return this.mine(this.log.readStream(this.prefix + stream, options));
  }

  readAll({ categories, ...options }: ReadAllOptions = {}): AsyncIterable<RecordedEvent> {
    return this.mine(this.log.readAll({ ...options, ...this.prefixed(categories) }));
  }

  async *subscribeAll({ categories, ...options }: SubscribeOptions): AsyncIterable<Batch> {
    for await (const batch of this.log.subscribeAll({ ...options, ...this.prefixed(categories) })) {
      yield { ...batch, events: batch.events.filter(this.isMine).map(this.shown) };
    }
  }

  head(): Promise<bigint> {
    return this.log.head();
  }

  async streamOf(id: string): Promise<string | undefined> {
    return (await this.log.streamOf(this.changed(id)))?.slice(this.prefix.length);
  }

  requireWritable(): Promise<void> {
    return this.log.requireWritable();
  }

  restore(events: readonly RecordedEvent[]): Promise<void> {
    return this.log.restore(events);
  }

  close(): Promise<void> {
    return this.log.close();
  }

  private readonly isMine = ({ stream }: RecordedEvent): boolean => stream.startsWith(this.prefix);

  private readonly shown = (event: RecordedEvent): RecordedEvent => ({
    ...this.masked(event),
    stream: event.stream.slice(this.prefix.length),
  });

  /** Twice is not at all. What says that it is a UUID, and of which version, stays. */
  private readonly masked = <E extends NewEvent>(event: E): E => ({ ...event, id: this.changed(event.id) });

  private changed(id: string): string {
    const [first = '', second = '', ...rest] = id.split('-');
    const changed = BigInt(`0x${first}${second}`) ^ this.mask;
    const hex = changed.toString(16).padStart(12, '0');
    return [hex.slice(0, 8), hex.slice(8), ...rest].join('-');
  }

  private prefixed(categories: readonly string[] | undefined): { categories?: readonly string[] } {
    return categories ? { categories: categories.map((category) => this.prefix + category) } : {};
  }

  private async *mine(events: AsyncIterable<RecordedEvent>): AsyncIterable<RecordedEvent> {
    for await (const event of events) if (this.isMine(event)) yield this.shown(event);
  }
}
