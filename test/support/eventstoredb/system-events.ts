import { randomUUID } from 'node:crypto';
import type { ProposedEvent } from './event.js';

/** An event as servers write them for themselves: statistics, and metadata of streams. */
export function systemEvents(n: number): { stream: string; event: ProposedEvent } {
  const [stream, type] =
    n % 2 === 0 ? ['$stats-127.0.0.1:2113', '$statsCollected'] : ['$$$stats-127.0.0.1:2113', '$metadata'];
  const data = new TextEncoder().encode(JSON.stringify({ n }));
  return {
    stream,
    event: { id: randomUUID(), type, isJson: true, data, metadata: new Uint8Array() },
  };
}
