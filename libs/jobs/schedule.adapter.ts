import { getNextMillis } from 'bullmq';
import { Problem } from '#libs/problem/problem.js';
import type { JobQueue } from './job-engine.adapter.js';

/** A job that comes again and again. */
export interface Schedule {
  /** The same from every process, so that it is there once. */
  readonly id: string;
  /** Minute, hour, day of month, month, day of week; or with seconds before them. */
  readonly pattern: string;
  /** IANA name of the zone that the pattern is meant in. */
  readonly zone: string;
}

/**
 * Makes sure of a schedule, from any number of processes and as often as one likes. One that is there as it should be
 * is left alone: setting it anew would drop a run that is due, such as last night's when no worker was up.
 * @returns whether it had to be set
 */
export async function ensureSchedule(queue: JobQueue, schedule: Schedule): Promise<boolean> {
  const { id, pattern, zone } = schedule;
  if (await isThere(queue, schedule)) return false;
  try {
    await queue.upsertJobScheduler(id, { pattern, tz: zone }, { name: id });
    return true;
  } catch (error) {
    // Two at once: the backend in PostgreSQL refuses the second.
    if (await isThere(queue, schedule)) return false;
    throw error;
  }
}

async function isThere(queue: JobQueue, { id, pattern, zone }: Schedule): Promise<boolean> {
  const found = await queue.getJobScheduler(id);
  if (found?.pattern !== pattern || found.tz !== zone || found.next === undefined) return false;
  // The coming run is a job of its own, which may have been lost alone, or not been planned when the last one began.
  const coming = await queue.getJob(`repeat:${id}:${found.next}`);
  return coming !== undefined && coming.finishedOn === undefined;
}

/** @throws Problem `schedule-wrong` for a pattern or zone that names no instant */
export function requireSchedule({ pattern, zone }: Omit<Schedule, 'id'>): void {
  let next: number | undefined;
  try {
    next = getNextMillis(0, { pattern, tz: zone });
  } catch {
    // Told below, as a pattern that never comes.
  }
  if (next === undefined || Number.isNaN(next)) throw new Problem('schedule-wrong', { pattern, zone });
}
