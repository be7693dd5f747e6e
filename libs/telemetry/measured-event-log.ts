import type { Span } from '@opentelemetry/api';
import {
  type Append,
  type AppendResult,
  type Batch,
  categoryOf,
  type EventLog,
  type ExpectedRevision,
  type InTurn,
  type LogEngine,
  type NewEvent,
  type ReadAllOptions,
  type ReadStreamOptions,
  type RecordedEvent,
  type SubscribeOptions,
  WrongExpectedRevision,
} from '#libs/event-log/event-log.js';
import type { Metrics } from './metrics.adapter.js';
import { beginSpan, noteError } from './tracing.js';

/** A log whose appends are counted, timed and traced, whichever engine they go to. */
export class MeasuredEventLog implements EventLog {
  constructor(
    private readonly log: LogEngine,
    private readonly metrics: Metrics,
  ) {}

  append(stream: string, expected: ExpectedRevision, events: readonly NewEvent[]): Promise<AppendResult> {
    return this.measured([{ stream, expected, events }], async () => {
      const result = await this.log.append(stream, expected, events);
      return { result, done: [result], refused: undefined };
    }).then(({ result }) => result);
  }

  appendInTurn(appends: readonly Append[]): Promise<InTurn> {
    return this.measured(appends, () => this.log.appendInTurn(appends));
  }

  readStream(stream: string, options?: ReadStreamOptions): AsyncIterable<RecordedEvent> {
    return this.log.readStream(stream, options);
  }

  readAll(options?: ReadAllOptions): AsyncIterable<RecordedEvent> {
    return this.log.readAll(options);
  }

  subscribeAll(options: SubscribeOptions): AsyncIterable<Batch> {
    return this.log.subscribeAll(options);
  }

  head(): Promise<bigint> {
    return this.log.head();
  }

  streamOf(id: string): Promise<string | undefined> {
    return this.log.streamOf(id);
  }

  private async measured<T extends InTurn>(appends: readonly Append[], call: () => Promise<T>): Promise<T> {
    const spans = appends.map((append) => this.spanOf(append));
    const end = this.metrics.appendSeconds.startTimer({ engine: this.log.engine });
    try {
      const turn = await call();
      this.count(appends, turn);
      // Those after the refused one were not tried: nothing is told of them.
      for (const span of spans.splice(0, turn.done.length)) span.end();
      if (turn.refused) spans[0]?.setAttribute('motcua.refused', 'conflict').end();
      return turn;
    } catch (error) {
      if (error instanceof WrongExpectedRevision) this.metrics.appendConflicts.inc();
      for (const span of spans) {
        noteError(span, error);
        span.end();
      }
      throw error;
    } finally {
      end();
    }
  }

  private count(appends: readonly Append[], { done, refused }: InTurn): void {
    if (refused) this.metrics.appendConflicts.inc();
    for (const [n, { repeated }] of done.entries()) {
      if (!repeated) this.metrics.appendedEvents.inc(appends[n]?.events.length ?? 0);
    }
  }

  /** Below what caused its events: appends of several requests may go in one call. */
  private spanOf({ stream, events }: Append): Span {
    const category = categoryOf(stream);
    return beginSpan(`append ${category}`, {
      parent: events[0]?.metadata.traceparent,
      attributes: {
        'motcua.engine': this.log.engine,
        'motcua.category': category,
        'motcua.event_types': [...new Set(events.map(({ type }) => type))],
        'motcua.events': events.length,
      },
    });
  }
}
