import { randomUUID } from 'node:crypto';
import type { EventLog, NewEvent, RecordedEvent } from '../event-log.js';

/** What the contract needs of an engine under test. */
export interface EngineUnderTest {
  log: EventLog;
  /** Cuts every connection of the log from outside; the engine itself goes on. */
  dropConnections(): Promise<void>;
  close(): Promise<void>;
}

export function sampleEvent(n = 0, over: Partial<NewEvent> = {}): NewEvent {
  return {
    id: randomUUID(),
    type: 'Sampled',
    schemaVersion: 1,
    data: { n, text: 'Ban Quản lý – “một cửa” ✓', nested: { list: [1, null, true, 0.1] } },
    occurredAt: '2024-01-15T02:30:00.000Z',
    metadata: { actor: 'tester', correlationId: 'c', causationId: 'c' },
    ...over,
  };
}

export async function collect<T>(source: AsyncIterable<T>): Promise<T[]> {
  const items: T[] = [];
  for await (const item of source) items.push(item);
  return items;
}

export const ids = (events: readonly { id: string }[]): string[] => events.map((event) => event.id);

/** Follows the log until `enough` says so. */
export async function follow(
  log: EventLog,
  from: bigint | undefined,
  enough: (seen: RecordedEvent[]) => boolean,
  categories?: string[],
): Promise<RecordedEvent[]> {
  const stop = new AbortController();
  const seen: RecordedEvent[] = [];
  for await (const batch of log.subscribeAll({
    ...(from === undefined ? {} : { from }),
    ...(categories ? { categories } : {}),
    signal: stop.signal,
  })) {
    seen.push(...batch.events);
    if (enough(seen)) break;
  }
  stop.abort();
  return seen;
}

/** The engine under test, and for each test a new stream and where the log ended before. */
export interface Subject {
  readonly engine: EngineUnderTest;
  readonly log: EventLog;
  readonly stream: string;
  readonly start: bigint;
}
