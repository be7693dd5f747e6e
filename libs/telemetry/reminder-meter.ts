import type { Clock } from '#libs/event-log/clock.js';
import type { Metrics } from './metrics.adapter.js';

/** Counts what this process does about reminders, and how late it was. */
export class ReminderMeter {
  constructor(
    private readonly metrics: Metrics,
    private readonly clock: Clock,
  ) {}

  /** @param wakes dossiers that were put into the queue, to be looked at */
  planned(wakes: number): void {
    this.metrics.remindersPlanned.inc(wakes);
  }

  raised(reminders: number): void {
    this.metrics.remindersRaised.inc(reminders);
  }

  /** @param dueAt the due instant that passed, and was noted now */
  fellOverdue(dueAt: string): void {
    this.metrics.overdueDelaySeconds.observe(this.since(dueAt));
  }

  /** @param plannedAt when the reminder was to be raised */
  sent(channel: string, plannedAt: string): void {
    this.metrics.remindersSent.inc({ channel });
    this.metrics.reminderLatenessSeconds.observe({ channel }, this.since(plannedAt));
  }

  /** Nobody tries any more. */
  failed(channel: string): void {
    this.metrics.remindersFailed.inc({ channel });
  }

  private since(at: string): number {
    return Math.max(0, (this.clock.now() - Date.parse(at)) / 1_000);
  }
}
