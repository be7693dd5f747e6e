import { once } from 'node:events';
import { join } from 'node:path';
import type { JobEngine } from '#libs/jobs/job-engine.adapter.js';
import { rebuildProjections } from '#libs/projection/rebuild.js';
import { ReminderPlanner } from '#libs/reminders/reminder-planner.adapter.js';
import { ReminderQueue, type Wake, WAKES } from '#libs/reminders/reminder-queue.adapter.js';
import { WatchedProjection } from '#libs/reminders/watched.projection.js';
import { type Backend, BACKENDS, openEngine, startRedis } from './job-backends.js';
import { type Desk, logOpenDossiers, openDesk, ShiftedClock } from './open-dossiers.js';
import { median, round, withFolder } from './support.js';

const PORT = 3_913;
const AT_ONCE = 1_000;
/** Within the horizon of the queue, so that each dossier is a job. */
const DAYS = 3;

interface Rates {
  replanned: number;
  followed: number;
  bare: number;
}

/** Jobs planned a second against the same jobs given to bare `addBulk`, on the same backend, in turn. */
export async function benchPlanning(size: 'short' | 'full'): Promise<object> {
  const [dossiers, rounds] = size === 'full' ? [20_000, 5] : [1_000, 2];
  return withFolder(async (folder) => {
    const clock = new ShiftedClock();
    const desk = await openDesk(join(folder, 'data'), clock);
    const redis = await startRedis(join(folder, 'redis'), PORT);
    const { platform } = desk;
    try {
      await logOpenDossiers(desk, { dossiers, days: DAYS, withinMs: 3_600_000 });
      const { log, pool, rawLog } = platform;
      const { engine } = rawLog;
      await rebuildProjections({ log, pool, engine, projections: [new WatchedProjection()] });
      const on = { redis: PORT, postgresql: pool.options.connectionString ?? '' };
      const measured: Record<Backend, Rates[]> = { redis: [], postgresql: [] };
      for (let n = 0; n < rounds; n += 1) {
        for (const backend of BACKENDS) {
          const jobs = await openEngine(on[backend]);
          try {
            measured[backend].push(await measure(desk, clock, jobs, dossiers));
          } finally {
            await jobs.close();
          }
        }
      }
      return {
        ...{ dossiers, rounds, redis: summary(measured.redis), postgresql: summary(measured.postgresql) },
        targets: 'ratios >= 0.5',
      };
    } finally {
      redis.kill();
      await platform.close();
    }
  });
}

function summary(rounds: readonly Rates[]): object {
  const rate = (of: keyof Rates): number => round(median(rounds.map((each) => each[of])));
  const ratios = (of: keyof Rates): number[] => rounds.map((each) => round(each[of] / each.bare));
  return {
    addBulkPerSecond: rate('bare'),
    replannedPerSecond: rate('replanned'),
    replanRatio: round(median(ratios('replanned'))),
    replanRatios: ratios('replanned'),
    followedPerSecond: rate('followed'),
    followRatio: round(median(ratios('followed'))),
    followRatios: ratios('followed'),
  };
}

/** Tells when so many dossiers were put there. */
class CountedQueue extends ReminderQueue {
  readonly told = new EventTarget();
  private put = 0;

  async whenPut(count: number): Promise<void> {
    while (this.put < count) await once(this.told, 'put');
  }

  override async setWakes(wakes: readonly Wake[]): Promise<void> {
    await super.setWakes(wakes);
    this.put += wakes.length;
    this.told.dispatchEvent(new Event('put'));
  }
}

/** All dossiers after the queue was lost; all after each of them had an event; and the same jobs without any plan. */
async function measure(desk: Desk, clock: ShiftedClock, engine: JobEngine, dossiers: number): Promise<Rates> {
  const { platform, reference } = desk;
  const { pool, live } = platform;
  const rate = async (work: () => Promise<unknown>): Promise<number> => {
    const begun = performance.now();
    await work();
    return (dossiers * 1_000) / (performance.now() - begun);
  };
  const queue = new CountedQueue(engine, pool, clock);
  const lose = async (): Promise<void> => {
    await queue.wakes.obliterate({ force: true });
    await pool.query('TRUNCATE reminder_queue.wakes');
  };
  let onReplanned = (): void => undefined;
  const onError = (error: unknown): never => {
    throw error;
  };
  const parts = { pool, queue, reference, clock, live, onError };
  const planner = new ReminderPlanner({ ...parts, onReplanned: () => onReplanned() });
  const replanned = await rate(() => planner.replan());
  const planned = await queue.wakes.getJobs(['delayed']);
  const jobs = planned.map(({ name, data, opts }) => ({ name, data, opts }));
  if (jobs.length !== dossiers) throw new Error(`${jobs.length} jobs for ${dossiers} dossiers`);
  await lose();

  // Nothing to plan at first; then every dossier has changed at the same time.
  await pool.query('UPDATE reminders.watched SET open = false');
  const stopping = new AbortController();
  const ready = new Promise<void>((resolve) => {
    onReplanned = resolve;
  });
  const following = planner.follow(stopping.signal);
  await ready;
  await pool.query(`UPDATE reminders.watched
    SET open = true, position = position + (SELECT max(position) FROM reminders.watched)`);
  const followed = await rate(async () => {
    live.publish({ projection: 'reminders', position: 0n });
    await queue.whenPut(dossiers);
  });
  stopping.abort();
  await following;
  await lose();

  const bareQueue = engine.queue<object>(`bare-${WAKES}`);
  const bare = await rate(async () => {
    for (let from = 0; from < jobs.length; from += AT_ONCE) {
      await bareQueue.addBulk(jobs.slice(from, from + AT_ONCE));
    }
  });
  await bareQueue.obliterate({ force: true });
  await pool.query('VACUUM ANALYZE');
  return { replanned, followed, bare };
}
