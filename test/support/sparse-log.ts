import type { EventLog, ReadAllOptions, RecordedEvent } from '#libs/event-log/event-log.js';

/** Between one event and the next. */
const STEP = 1_000n;

/** A log whose positions leave numbers out, as engines do that count bytes. */
export function sparseLog(log: EventLog): EventLog {
  const sparse = Object.create(log) as EventLog;
  const outward = (event: RecordedEvent): RecordedEvent => ({ ...event, position: event.position * STEP });
  const inward = <O extends ReadAllOptions>({ from, until, ...rest }: O): O =>
    ({
      ...rest,
      ...(from === undefined ? {} : { from: from / STEP }),
      ...(until === undefined ? {} : { until: until / STEP }),
    }) as O;
  sparse.head = async () => (await log.head()) * STEP;
  sparse.readAll = async function* (options = {}) {
    for await (const event of log.readAll(inward(options))) yield outward(event);
  };
  sparse.subscribeAll = async function* (options) {
    for await (const { events, position, caughtUp } of log.subscribeAll(inward(options))) {
      yield { events: events.map(outward), position: position * STEP, caughtUp };
    }
  };
  return sparse;
}
