import type { Pool } from 'pg';
import type { RecordedEvent } from '../event-log.js';
import type { StreamEnds } from './eventstoredb-ends.adapter.js';
import { plainId, toProposed } from './eventstoredb-events.adapter.js';
import type { EventIdsFilling } from './eventstoredb-filling.adapter.js';
import { claimIds, enterIds, removeIds } from './eventstoredb-ids.adapter.js';
import type { EventStoreReader } from './eventstoredb-read.adapter.js';
import type { AppendSender } from './eventstoredb-send.adapter.js';

/** Events, and about as many bytes of JSON, that go in one append; the server takes 1 MiB. */
const MOST_EVENTS = 500;
const MOST_BYTES = 512 * 1024;

export interface RestoreParts {
  readonly pool: Pool;
  readonly sender: AppendSender;
  readonly reader: EventStoreReader;
  readonly filling: EventIdsFilling;
  readonly ends: StreamEnds;
}

/** See `LogEngine.restore`. Events that stand there already are passed over, so that it can be done again. */
export async function restoreEvents(events: readonly RecordedEvent[], parts: RestoreParts): Promise<void> {
  if (events.length === 0) return;
  await parts.filling.complete();
  const allNew = await claimIds(parts.pool, events);
  let written = 0;
  try {
    for (const run of runs(events)) {
      await restoreRun(run, parts);
      if (!allNew) await enterIds(parts.pool, run);
      written += run.length;
    }
  } catch (error) {
    if (error instanceof RangeError) await removeIds(parts.pool, events.slice(written));
    throw error;
  }
}

async function restoreRun(run: readonly RecordedEvent[], parts: RestoreParts): Promise<void> {
  const [start, last] = [run[0], run.at(-1)];
  if (!start || !last) return;
  const sent = await parts.sender.send(
    start.stream,
    start.revision,
    run.map((event) => toProposed(event, true)),
  );
  if (sent.kind === 'appended') {
    parts.ends.set(last.stream, last);
    parts.filling.appended(sent.position, plainId(last.id));
    return;
  }
  const found = await parts.reader.slice(start.stream, start.revision, run.length);
  const rest = run.slice(found.length);
  const follows = found.length > 0 && found.every(({ id }, n) => id === run[n]?.id);
  if (!follows) {
    throw new RangeError(
      `event ${start.id} does not follow the end of stream ${start.stream}: nothing from it on was written`,
    );
  }
  await restoreRun(rest, parts);
}

/** Events that follow one another in one stream and in the whole log. */
function* runs(events: readonly RecordedEvent[]): Iterable<RecordedEvent[]> {
  let run: RecordedEvent[] = [];
  let bytes = 0;
  for (const event of events) {
    const before = run.at(-1);
    const size = JSON.stringify([event.data, event.metadata, event.personal ?? null]).length + 500;
    const goesOn =
      before?.stream === event.stream &&
      before.revision + 1n === event.revision &&
      before.hash === event.previousHash;
    if (before && (!goesOn || run.length >= MOST_EVENTS || bytes + size > MOST_BYTES)) {
      yield run;
      run = [];
      bytes = 0;
    }
    run.push(event);
    bytes += size;
  }
  if (run.length > 0) yield run;
}
