import type { Dependency } from '#apps/api/health/vitals.js';
import type { Platform } from '#apps/platform/open-platform.js';
import { JobEngine } from '#libs/jobs/job-engine.adapter.js';
import { ensureSchedule, requireSchedule } from '#libs/jobs/schedule.adapter.js';
import { DELIVERIES, WAKES } from '#libs/reminders/reminder-queue.adapter.js';
import { connectRedis } from '#libs/redis/redis-connection.adapter.js';
import { type ReminderOptions, startReminders } from './reminders.js';
import { TraceEntries } from '#libs/read-trace/trace-entries.adapter.js';
import { verifyAndNote } from '#libs/verification/verify-and-note.js';
import { verifyTraceAndNote } from '#libs/verification/verify-trace-and-note.js';
import { Verifications } from '#libs/verification/verifications.adapter.js';

/** What the system does to itself: one job at a time in each process. */
export const MAINTENANCE = 'maintenance';
export const VERIFY_LOG = 'verify-log';
/** Every queue there is. */
export const QUEUES = [MAINTENANCE, WAKES, DELIVERIES];
/** A queue that was emptied is filled again so soon. */
const ENSURE_EVERY_MS = 10 * 60_000;

export interface JobOptions {
  readonly platform: Pick<Platform, 'pool' | 'rawLog' | 'log' | 'clock' | 'redis' | 'live' | 'metrics'>;
  /** Absent: no reminders are planned, raised or sent here. */
  readonly reminders?: Pick<ReminderOptions, 'reference' | 'accounts' | 'channels'>;
  /** When the log is verified; undefined for never. */
  readonly verifyAt: { readonly pattern: string; readonly zone: string } | undefined;
  readonly notice: (line: string) => void;
  readonly ensureEveryMs?: number;
}

export interface Jobs {
  readonly engine: JobEngine;
  /** Lets running jobs end, for some seconds. Before the platform is closed. */
  close(): Promise<void>;
}

/**
 * The job engine of a process that works: opens it, makes sure of every schedule again and again, and works on jobs.
 * @throws Problem `schedule-wrong`
 */
export async function startJobs(options: JobOptions): Promise<Jobs> {
  const { platform, verifyAt, notice, ensureEveryMs = ENSURE_EVERY_MS } = options;
  if (verifyAt) requireSchedule(verifyAt);
  const engine = await openJobEngine(platform, notice);
  const queue = engine.queue(MAINTENANCE);
  const reminders = options.reminders && startReminders({ ...options.reminders, engine, platform, notice });
  const ensure = async (): Promise<void> => {
    await engine.ensure();
    if (verifyAt) await ensureSchedule(queue, { id: VERIFY_LOG, ...verifyAt });
    else await queue.removeJobScheduler(VERIFY_LOG);
    await reminders?.ensure();
  };
  try {
    await ensure();
  } catch (error) {
    await reminders?.close();
    await engine.close();
    throw error;
  }
  const noting = { verifications: new Verifications(platform.pool), clock: platform.clock };
  const trace = new TraceEntries(platform.pool);
  engine.worker(MAINTENANCE, async (job, signal) => {
    if (job.name !== VERIFY_LOG) throw new Error(`there is no job ${job.name}`);
    const log = await verifyAndNote({ log: platform.rawLog, ...noting }, signal);
    if (log.findingsCount > 0) {
      notice(`the log of ${log.events} events has ${log.findingsCount} finding(s): run verify`);
    }
    const reads = await verifyTraceAndNote({ entries: trace.entries(), ...noting }, signal);
    if (reads.findingsCount > 0) {
      notice(`the trace of ${reads.entries} reads has ${reads.findingsCount} finding(s): run verify`);
    }
  });
  const again = setInterval(() => {
    ensure().catch((error: unknown) =>
      notice(`jobs: ${error instanceof Error ? error.message : 'no answer'}`),
    );
  }, ensureEveryMs);
  return {
    engine,
    close: async () => {
      clearInterval(again);
      await reminders?.close();
      await engine.close();
    },
  };
}

/** For health: whether the job engine answers. */
export const jobsDependency = (engine: JobEngine): Dependency => ({
  name: 'jobs',
  engine: engine.kind,
  vital: false,
  ask: () => engine.counts(),
  counts: () => engine.counts(),
});

/** On the platform's Redis, which has been looked at (`checkRedis`), or else in its PostgreSQL. */
export function openJobEngine(
  { pool, redis }: Pick<Platform, 'pool' | 'redis'>,
  notice: (line: string) => void,
): Promise<JobEngine> {
  if (redis) {
    const client = connectRedis(redis, { log: notice, waits: true });
    return JobEngine.open({ redis: client, prefix: redis.prefix }, notice);
  }
  const databaseUrl = pool.options.connectionString;
  if (databaseUrl === undefined) throw new Error('the pool was made without an address');
  return JobEngine.open({ databaseUrl }, notice);
}
