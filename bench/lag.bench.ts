import { setTimeout as sleep } from 'node:timers/promises';
import { openPlatform } from '#apps/platform/open-platform.js';
import { Projections } from '#apps/worker/projections.js';
import { percentile, round, withFolder } from './support.js';
import { syntheticLog } from './synthetic-log.js';

const PER_SECOND = 300;

/** From the answer to an append to the event being in the worklist's tables, at a steady 300 events a second. */
export async function benchLag(size: 'short' | 'full'): Promise<object> {
  const seconds = size === 'full' ? 30 : 3;
  return withFolder(async (folder) => {
    const platform = await openPlatform({ dataFolder: folder, databaseUrl: undefined });
    const projections = new Projections(platform);
    try {
      projections.start();
      const shape = {
        dossiers: PER_SECOND * seconds,
        start: '2024-01-05T01:00:00Z',
        days: 90,
        lives: 'full' as const,
      };
      const appended: { position: bigint; at: number }[] = [];
      const writing = write(syntheticLog(shape), PER_SECOND * seconds, async (event) => {
        const {
          stream,
          revision,
          position: _,
          recordedAt: __,
          hash: ___,
          previousHash: ____,
          ...own
        } = event;
        const result = await platform.log.append(stream, revision === 0n ? 'no_stream' : revision - 1n, [
          own,
        ]);
        appended.push({ position: result.position, at: performance.now() });
      });
      const lags = await watch(platform.pool, appended, PER_SECOND * seconds);
      await writing;
      const [p50Ms, p99Ms] = [0.5, 0.99].map((share) => round(percentile(lags, share)));
      return { eventsPerSecond: PER_SECOND, seconds, p50Ms, p99Ms, maxMs: round(Math.max(...lags)) };
    } finally {
      await projections.stop();
      await platform.close();
    }
  });
}

/** One event after another at the given pace; a stream's events in their order. */
async function write<E>(
  events: Iterable<E>,
  count: number,
  append: (event: E) => Promise<void>,
): Promise<void> {
  const begun = performance.now();
  let n = 0;
  for (const event of events) {
    if (n === count) return;
    await sleep(Math.max(0, begun + (n * 1_000) / PER_SECOND - performance.now()));
    await append(event);
    n += 1;
  }
}

async function watch(
  pool: { query(sql: string): Promise<{ rows: { position: bigint }[] }> },
  appended: { position: bigint; at: number }[],
  count: number,
): Promise<number[]> {
  const lags: number[] = [];
  while (lags.length < count) {
    const { rows } = await pool
      .query(`SELECT position FROM projection.checkpoints WHERE name = 'worklist'`)
      .catch(() => ({ rows: [] }));
    const now = performance.now();
    const seen = rows[0]?.position ?? 0n;
    while (appended[0] && appended[0].position <= seen) lags.push(now - appended.shift()!.at);
    await sleep(1);
  }
  return lags;
}
