import type { Clock } from '#libs/event-log/clock.js';
import type { EventLog } from '#libs/event-log/event-log.js';
import { reportProjection } from '../facts/report.projection.js';
import type { Lag } from './report.js';

export async function lagAfter(
  { log, clock }: { log: EventLog; clock: Clock },
  position: bigint,
): Promise<Lag> {
  const head = await log.head();
  if (head <= position) return { events: 0, seconds: 0 };
  const { categories } = reportProjection;
  for await (const next of log.readAll({ from: position, until: head, categories })) {
    const seconds = Math.max(0, (clock.now() - Date.parse(next.recordedAt)) / 1000);
    return { events: Number(head - next.position) + 1, seconds };
  }
  return { events: 0, seconds: 0 };
}
