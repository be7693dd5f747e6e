import { type Clock, isoNow } from '#libs/event-log/clock.js';
import {
  type AppendResult,
  type EventLog,
  type ExpectedRevision,
  type NewEvent,
  type RecordedEvent,
  WrongExpectedRevision,
} from '#libs/event-log/event-log.js';

/** Streams in memory, whose events are recorded by a clock of the test. It has no more than folding a stream needs. */
export class MemoryLog {
  readonly all: RecordedEvent[] = [];
  private readonly streams = new Map<string, RecordedEvent[]>();

  constructor(private readonly clock: Clock) {}

  /** As one who needs the port sees it. */
  get port(): EventLog {
    return this as unknown as EventLog;
  }

  append(stream: string, expected: ExpectedRevision, events: readonly NewEvent[]): Promise<AppendResult> {
    const there = this.streams.get(stream) ?? [];
    const actual = there.at(-1)?.revision;
    if (expected !== 'any' && expected !== (actual ?? 'no_stream')) {
      return Promise.reject(new WrongExpectedRevision(stream, expected, actual));
    }
    const recordedAt = isoNow(this.clock);
    for (const event of events) {
      const revision = BigInt(there.length);
      const position = BigInt(this.all.length + 1);
      const recorded = { ...event, stream, revision, position, recordedAt, previousHash: '', hash: '' };
      there.push(recorded);
      this.all.push(recorded);
    }
    this.streams.set(stream, there);
    const revision = BigInt(there.length - 1);
    return Promise.resolve({ revision, position: BigInt(this.all.length), repeated: false, recordedAt });
  }

  async *readStream(stream: string): AsyncIterable<RecordedEvent> {
    yield* await Promise.resolve([...(this.streams.get(stream) ?? [])]);
  }
}
