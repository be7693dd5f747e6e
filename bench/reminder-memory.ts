import { join } from 'node:path';
import type { Pool } from 'pg';
import { connectRedis } from '#libs/redis/redis-connection.adapter.js';
import { parseRedisUrl } from '#libs/redis/redis-address.js';
import { rebuildProjections } from '#libs/projection/rebuild.js';
import { ReminderPlanner } from '#libs/reminders/reminder-planner.adapter.js';
import { ReminderQueue } from '#libs/reminders/reminder-queue.adapter.js';
import { WatchedProjection } from '#libs/reminders/watched.projection.js';
import { BACKENDS, openEngine, startRedis } from './job-backends.js';
import { type Desk, logOpenDossiers, openDesk, type OpenShape, ShiftedClock } from './open-dossiers.js';
import { round, withFolder } from './support.js';

const PORT = 3_914;
const WORKING_DAYS = 20;
const MB = 2 ** 20;

/**
 * What the queue takes of open dossiers, few and many: with as many falling due each day as of the few, and with as long
 * a time for each.
 */
export async function benchMemory(size: 'short' | 'full'): Promise<object> {
  const [few, many] = size === 'full' ? [10_000, 1_000_000] : [1_000, 4_000];
  const shapes = [
    { dossiers: few, days: WORKING_DAYS },
    { dossiers: many, days: (WORKING_DAYS * many) / few },
    { dossiers: many, days: WORKING_DAYS },
  ];
  const results = [];
  for (const shape of shapes) results.push(await measure({ ...shape, withinMs: 3_600_000 }));
  return { horizonDays: 3, sizes: results };
}

async function measure(shape: OpenShape): Promise<object> {
  return withFolder(async (folder) => {
    const clock = new ShiftedClock();
    const desk = await openDesk(join(folder, 'data'), clock);
    const redis = await startRedis(join(folder, 'redis'), PORT);
    const client = connectRedis(parseRedisUrl(`redis://127.0.0.1:${PORT}`), {
      log: () => undefined,
      waits: true,
    });
    const { log, pool, rawLog } = desk.platform;
    try {
      await logOpenDossiers(desk, shape);
      const { engine } = rawLog;
      await rebuildProjections({ log, pool, engine, projections: [new WatchedProjection()] });
      await pool.query('VACUUM ANALYZE');
      const on = { redis: PORT, postgresql: pool.options.connectionString ?? '' };
      const used = {
        redis: async () => Number(/^used_memory:(\d+)/m.exec(await client.info('memory'))?.[1]),
        postgresql: () => sizeOf(pool, 'bullmq'),
      };
      const measured: Record<string, object> = {};
      for (const backend of BACKENDS) measured[backend] = await fill(desk, clock, on[backend], used[backend]);
      const { dossiers: open, days } = shape;
      return { open, workingDays: days, ...measured };
    } finally {
      client.disconnect();
      redis.kill();
      await desk.platform.close();
    }
  });
}

/** Plans all with an empty queue, and once more as every hour. */
async function fill(
  { platform, reference }: Desk,
  clock: ShiftedClock,
  on: number | string,
  used: () => Promise<number>,
): Promise<object> {
  const { pool, live } = platform;
  const jobs = await openEngine(on);
  try {
    const queue = new ReminderQueue(jobs, pool, clock);
    await pool.query('TRUNCATE reminder_queue.wakes');
    const onError = (error: unknown): never => {
      throw error;
    };
    const planner = new ReminderPlanner({
      ...{ pool, queue, reference, clock, live, onError },
      onReplanned: () => undefined,
    });
    await queue.wakes.getJobCounts();
    const before = await used();
    const timed = async (): Promise<{ added: number; seconds: number }> => {
      const begun = performance.now();
      const { added } = await planner.replan();
      return { added, seconds: round((performance.now() - begun) / 1_000) };
    };
    const first = await timed();
    const bytes = (await used()) - before;
    const again = await timed();
    if (again.added > 0) throw new Error(`${again.added} jobs were lost, or planned in two ways`);
    return {
      jobs: first.added,
      queueMb: round(bytes / MB),
      bytesPerJob: Math.round(bytes / first.added),
      notedMb: round((await sizeOf(pool, 'reminder_queue')) / MB),
      replanSeconds: first.seconds,
      hourlyReplanSeconds: again.seconds,
      nodeMb: round(process.memoryUsage().rss / MB),
    };
  } finally {
    await jobs.close();
  }
}

/** All tables of a schema with their indexes, in bytes. */
async function sizeOf(pool: Pool, schema: string): Promise<number> {
  const { rows } = await pool.query<{ bytes: string }>(
    `SELECT coalesce(sum(pg_total_relation_size(oid)), 0)::text AS bytes FROM pg_class
     WHERE relkind = 'r' AND relnamespace = $1::regnamespace`,
    [schema],
  );
  return Number(rows[0]?.bytes);
}
