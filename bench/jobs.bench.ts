import { join } from 'node:path';
import type { JobEngine } from '#libs/jobs/job-engine.adapter.js';
import { openDatabase } from '#libs/read-db/database.adapter.js';
import { openEngine, startRedis } from './job-backends.js';
import { median, round, withFolder } from './support.js';

const PORT = 3_912;
const AT_ONCE = 1_000;
const CONCURRENCY = 20;
const ROUNDS = 3;

interface Rate {
  addedPerSecond: number;
  donePerSecond: number;
}

/** The same jobs on Redis (append-only file) and on the embedded PostgreSQL, by one engine, in turn. */
export async function benchJobs(size: 'short' | 'full'): Promise<object> {
  const jobs = size === 'full' ? 20_000 : 2_000;
  return withFolder(async (folder) => {
    const database = await openDatabase({ dataFolder: join(folder, 'data') });
    const redis = await startRedis(join(folder, 'redis'), PORT);
    try {
      const rounds: { redis: Rate; postgresql: Rate }[] = [];
      for (let n = 0; n < ROUNDS; n += 1) {
        rounds.push({
          redis: await measure(await openEngine(PORT), n, jobs),
          postgresql: await measure(await openEngine(database.url), n, jobs),
        });
      }
      const ratio = (of: keyof Rate): number =>
        round(median(rounds.map((each) => each.postgresql[of] / each.redis[of])));
      const rate = (engine: 'redis' | 'postgresql'): Rate => ({
        addedPerSecond: round(median(rounds.map((each) => each[engine].addedPerSecond))),
        donePerSecond: round(median(rounds.map((each) => each[engine].donePerSecond))),
      });
      return {
        jobs,
        addedAtOnce: AT_ONCE,
        concurrency: CONCURRENCY,
        redis: rate('redis'),
        postgresql: rate('postgresql'),
        postgresqlToRedis: { added: ratio('addedPerSecond'), done: ratio('donePerSecond') },
      };
    } finally {
      redis.kill();
      await database.close();
    }
  });
}

/** Adds all, then does all: jobs that do nothing. */
async function measure(engine: JobEngine, round: number, jobs: number): Promise<Rate> {
  const name = `round-${round}`;
  try {
    const queue = engine.queue<{ n: number }>(name);
    const adding = performance.now();
    for (let from = 0; from < jobs; from += AT_ONCE) {
      await queue.addBulk(
        Array.from({ length: AT_ONCE }, (_, n) => ({ name: 'job', data: { n: from + n } })),
      );
    }
    const added = performance.now() - adding;
    const doing = performance.now();
    await new Promise<void>((resolve) => {
      let done = 0;
      const worker = engine.worker(name, async () => undefined, { concurrency: CONCURRENCY });
      worker.on('completed', () => {
        done += 1;
        if (done === jobs) resolve();
      });
    });
    const done = performance.now() - doing;
    return { addedPerSecond: (jobs * 1_000) / added, donePerSecond: (jobs * 1_000) / done };
  } finally {
    await engine.close();
  }
}
