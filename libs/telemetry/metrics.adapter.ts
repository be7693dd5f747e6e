import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';

/** From a millisecond to the ten seconds after which a client gives up. */
const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
/** From a tenth of a second to the day that nobody was there. */
const LATE_SECONDS = [0.1, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 900, 3_600, 14_400, 86_400];

export type Outcome = 'done' | 'repeated' | 'refused' | 'conflict' | 'unavailable' | 'error';

/** A value read when someone asks, by its labels. */
export interface Reading {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** What is counted in this process, for Prometheus. What each figure means: docs/operation.md. */
export class Metrics {
  private readonly registry = new Registry();
  private readonly at = { registers: [this.registry] };
  private readonly gauges = new Map<string, Gauge>();
  private readonly sources: (() => Promise<void>)[] = [];

  readonly commands = new Counter({
    ...this.at,
    name: 'motcua_commands_total',
    help: 'Commands by their outcome; `problem` is the type of problem they were refused with.',
    labelNames: ['command', 'outcome', 'problem'],
  });
  readonly commandSeconds = new Histogram({
    ...this.at,
    name: 'motcua_command_seconds',
    help: 'Time from the command to its answer.',
    labelNames: ['command'],
    buckets: SECONDS,
  });
  readonly appendSeconds = new Histogram({
    ...this.at,
    name: 'motcua_append_seconds',
    help: 'Time of one call of the event log that appends, whatever came of it.',
    labelNames: ['engine'],
    buckets: SECONDS,
  });
  readonly appendedEvents = new Counter({
    ...this.at,
    name: 'motcua_append_events_total',
    help: 'Events that were appended; repeats are not counted.',
  });
  readonly appendConflicts = new Counter({
    ...this.at,
    name: 'motcua_append_conflicts_total',
    help: 'Appends refused because the stream was elsewhere.',
  });
  readonly appendRetries = new Counter({
    ...this.at,
    name: 'motcua_append_retries_total',
    help: 'Appends tried again by the engine because it was not known what came of them.',
    labelNames: ['reason'],
  });
  readonly requests = new Counter({
    ...this.at,
    name: 'motcua_http_requests_total',
    help: 'HTTP requests answered, by pattern of the route.',
    labelNames: ['method', 'route', 'status'],
  });
  readonly requestSeconds = new Histogram({
    ...this.at,
    name: 'motcua_http_request_seconds',
    help: 'Time from a request to the end of its answer, by pattern of the route.',
    labelNames: ['method', 'route'],
    buckets: SECONDS,
  });
  readonly remindersPlanned = new Counter({
    ...this.at,
    name: 'motcua_reminders_planned_total',
    help: 'Dossiers that were put into the queue, to be looked at when their next reminder is due.',
  });
  readonly remindersRaised = new Counter({
    ...this.at,
    name: 'motcua_reminders_raised_total',
    help: 'Reminders that were due and went to inboxes.',
  });
  readonly remindersSent = new Counter({
    ...this.at,
    name: 'motcua_reminders_sent_total',
    help: 'Messages about reminders that the other side has taken.',
    labelNames: ['channel'],
  });
  readonly remindersFailed = new Counter({
    ...this.at,
    name: 'motcua_reminders_failed_total',
    help: 'Messages about reminders that are not tried any more.',
    labelNames: ['channel'],
  });
  readonly reminderLatenessSeconds = new Histogram({
    ...this.at,
    name: 'motcua_reminder_lateness_seconds',
    help: 'From the instant that a reminder was planned for until its message was noted as sent.',
    labelNames: ['channel'],
    buckets: LATE_SECONDS,
  });
  readonly overdueDelaySeconds = new Histogram({
    ...this.at,
    name: 'motcua_overdue_delay_seconds',
    help: 'From the due instant of a dossier until the log had that it passed.',
    buckets: LATE_SECONDS,
  });

  /** @param reason begins with a word from the code; what follows it is left out */
  retried(reason: string): void {
    this.appendRetries.inc({ reason: /^[A-Z_-]{1,40}/i.exec(reason)?.[0] ?? 'other' });
  }

  /** Process memory, CPU, event loop and the like, under the names that prom-client gives them. */
  withProcess(): this {
    collectDefaultMetrics({ register: this.registry });
    return this;
  }

  /** A value that is read anew by a source; see `readBefore`. */
  gauge(name: string, help: string, labelNames: readonly string[]): void {
    this.gauges.set(name, new Gauge({ ...this.at, name, help, labelNames }));
  }

  /** `source` is asked each time before values are given out; what it cannot tell it leaves out. */
  readBefore(source: () => Promise<void>): void {
    this.sources.push(source);
  }

  /** Puts these values in the place of all that a gauge had. */
  set(name: string, readings: readonly Reading[]): void {
    const gauge = this.gauges.get(name);
    gauge?.reset();
    for (const { labels, value } of readings) gauge?.set(labels, value);
  }

  /** All of it, in the text format of Prometheus. */
  async text(): Promise<string> {
    await Promise.all(this.sources.map((source) => source().catch(() => undefined)));
    return this.registry.metrics();
  }
}

/** Of `Metrics.text`. */
export const METRICS_TYPE: string = Registry.PROMETHEUS_CONTENT_TYPE;
