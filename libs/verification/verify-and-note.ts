import { type Clock, isoNow } from '#libs/event-log/clock.js';
import type { LogEngine, RecordedEvent } from '#libs/event-log/event-log.js';
import { verifyLog } from '#libs/event-log/verify.js';
import type { Verifications } from './verifications.adapter.js';
import { EndCheck, FINDINGS_KEPT, noted, type NotedFinding } from './verification.js';

/**
 * Verifies the whole log and notes what came out, with the end of the log; compares that with the end that was noted
 * before for the same engine, which is the only way to see that events were cut off at the end. Does no harm when it
 * runs twice. When it is broken off, its note stays without an end.
 */
export async function verifyAndNote(
  { log, verifications, clock }: { log: LogEngine; verifications: Verifications; clock: Clock },
  signal: AbortSignal,
): Promise<{ events: number; findingsCount: number }> {
  const before = await verifications.lastEnd(log.engine);
  const id = await verifications.begin(log.engine, isoNow(clock));
  const check = new EndCheck(before);
  const { events, streams, findings } = await verifyLog(seen(log.readAll(), check, signal), log.contiguous);
  const all: NotedFinding[] = [...(check.finding ? [check.finding] : []), ...findings.map(noted)];
  await verifications.end(id, {
    endedAt: isoNow(clock),
    end: check.end,
    streams,
    findingsCount: all.length,
    findings: all.slice(0, FINDINGS_KEPT),
  });
  return { events, findingsCount: all.length };
}

async function* seen(
  events: AsyncIterable<RecordedEvent>,
  check: EndCheck,
  signal: AbortSignal,
): AsyncIterable<RecordedEvent> {
  for await (const event of events) {
    signal.throwIfAborted();
    check.see(event);
    yield event;
  }
}
