import { DelayedError } from 'bullmq';
import type { Platform } from '#apps/platform/open-platform.js';
import type { Accounts } from '#libs/access/accounts/account.js';
import { systemClock } from '#libs/event-log/clock.js';
import type { JobEngine } from '#libs/jobs/job-engine.adapter.js';
import { once, oneLine } from '#libs/jobs/told-once.js';
import { ensureSchedule } from '#libs/jobs/schedule.adapter.js';
import type { ReferenceData } from '#libs/reference/reference.events.js';
import { type Channel, RefusedForGood } from '#libs/reminders/channel.js';
import { deliver, giveUp, isToLeave, type Parcel } from '#libs/reminders/deliver.js';
import { raiseDue } from '#libs/reminders/raise.js';
import { ReminderPlanner, type Replanned } from '#libs/reminders/reminder-planner.adapter.js';
import { PostgresWaiting } from '#libs/reminders/waiting.adapter.js';
import {
  DELIVERIES,
  NEVER,
  ReminderQueue,
  type WakeJob,
  WAKES,
} from '#libs/reminders/reminder-queue.adapter.js';
import { ReminderMeter } from '#libs/telemetry/reminder-meter.js';

/** Compares the queue with the plan; the hourly job, which also brings in what has come within the horizon. */
export const REPLAN = { id: 'replan', pattern: '7 * * * *', zone: 'UTC' };
const WAKES_AT_ONCE = 8;
const DELIVERIES_AT_ONCE = 4;

export interface ReminderOptions {
  readonly engine: JobEngine;
  readonly platform: Pick<Platform, 'pool' | 'log' | 'clock' | 'live' | 'metrics'>;
  readonly reference: ReferenceData;
  readonly accounts: { readonly all: Accounts };
  readonly channels: readonly Channel[];
  readonly notice: (line: string) => void;
}

export interface Reminders {
  readonly planner: ReminderPlanner;
  /** Sees to it that the schedule is there; where it was not, the queue was emptied, and is filled again at once. */
  ensure(): Promise<void>;
  close(): Promise<void>;
}

/** Plans, raises and delivers reminders from now on, beside any number of other processes that do. */
export function startReminders(options: ReminderOptions): Reminders {
  const { engine, platform, notice, ...parts } = options;
  const { pool, log, clock, live } = platform;
  const meter = new ReminderMeter(platform.metrics, clock);
  const queue = new ReminderQueue(engine, pool, clock, meter);
  const tell = once((error) => notice(`reminders: ${oneLine(error)}`));
  const planner = new ReminderPlanner({
    pool,
    queue,
    reference: parts.reference,
    clock,
    live,
    onError: tell,
    onReplanned: (replanned) => told(replanned, notice),
  });
  engine.worker<WakeJob>(
    WAKES,
    async (job, signal) => {
      if (job.name === REPLAN.id) {
        told(await planner.replan(signal), notice);
        return;
      }
      const { code, at } = job.data;
      const next = (await raiseDue({ ...parts, log, clock, meter }, code)) ?? NEVER;
      if (next.at !== at) {
        await queue.setWakes([{ code, ...next }]);
        return;
      }
      // The queue's clock is ahead of ours.
      const early = Math.max(EARLY_MS, Date.parse(at) - clock.now());
      await job.moveToDelayed(systemClock.now() + early, job.token);
      throw new DelayedError();
    },
    { concurrency: WAKES_AT_ONCE },
  );
  const delivering = { ...parts, log, clock, meter, waiting: new PostgresWaiting(pool) };
  const sender = engine.worker<Parcel>(
    DELIVERIES,
    async (job, signal) => {
      let later: number | null;
      try {
        later = await deliver(delivering, job.data, signal);
      } catch (error) {
        const attempts = job.attemptsMade + 1;
        if (signal.aborted) throw error;
        tell(error);
        const isLast = attempts >= (job.opts.attempts ?? 1) || error instanceof RefusedForGood;
        if (!isLast) throw error;
        notice(`reminders: ${job.id ?? ''} failed after ${attempts}: ${oneLine(error)}`);
        await giveUp(delivering, job.data, attempts, error);
        return GIVEN_UP;
      }
      if (later === null) return;
      await job.moveToDelayed(systemClock.now() + (later - clock.now()), job.token);
      throw new DelayedError();
    },
    { concurrency: DELIVERIES_AT_ONCE },
  );
  // Whoever wanted it sent again before its job had gone could not put it there.
  sender.on('completed', ({ data }, result) => {
    if (result !== GIVEN_UP) return;
    const again = async (): Promise<void> => {
      if (await isToLeave(log, data)) await queue.addDeliveries([data]);
    };
    again().catch(tell);
  });
  const stopping = new AbortController();
  const following = planner.follow(stopping.signal);
  return {
    planner,
    ensure: async () => {
      if (await ensureSchedule(queue.wakes, REPLAN)) planner.replanSoon();
    },
    close: async () => {
      stopping.abort();
      await following;
    },
  };
}

const EARLY_MS = 50;
const GIVEN_UP = 'given up';

function told({ open, added, removed, pending }: Replanned, notice: (line: string) => void): void {
  if (added + removed + pending > 0) {
    notice(
      `reminders: ${added} planned, ${removed} taken away, of ${open} open dossiers; ${pending} not sent yet`,
    );
  }
}
