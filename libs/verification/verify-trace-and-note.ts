import { type Clock, isoNow } from '#libs/event-log/clock.js';
import { type TraceEntry, type TraceFinding, verifyTrace } from '#libs/read-trace/trace-chain.js';
import type { Verifications } from './verifications.adapter.js';
import { EndCheck, FINDINGS_KEPT, type NotedFinding, READ_TRACE_ENGINE } from './verification.js';

/** As `verifyAndNote`, for the trace of reads: its numbers are the positions of what is noted. */
export async function verifyTraceAndNote(
  parts: { entries: AsyncIterable<TraceEntry>; verifications: Verifications; clock: Clock },
  signal: AbortSignal,
): Promise<{ entries: number; findingsCount: number }> {
  const { verifications, clock } = parts;
  const check = new EndCheck(await verifications.lastEnd(READ_TRACE_ENGINE));
  const id = await verifications.begin(READ_TRACE_ENGINE, isoNow(clock));
  const { entries, findings } = await verifyTrace(seen(parts.entries, check, signal));
  const all = [...(check.finding ? [check.finding] : []), ...findings.map(noted)];
  await verifications.end(id, {
    endedAt: isoNow(clock),
    end: check.end,
    streams: 1,
    findingsCount: all.length,
    findings: all.slice(0, FINDINGS_KEPT),
  });
  return { entries, findingsCount: all.length };
}

function noted({ kind, number }: TraceFinding): NotedFinding {
  return { kind, position: Number(number), stream: null, revision: null, id: null, type: null };
}

async function* seen(
  entries: AsyncIterable<TraceEntry>,
  check: EndCheck,
  signal: AbortSignal,
): AsyncIterable<TraceEntry> {
  for await (const entry of entries) {
    signal.throwIfAborted();
    check.see({ position: entry.number, hash: entry.hash });
    yield entry;
  }
}
