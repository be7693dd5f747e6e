import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { openPlatform } from '#apps/platform/open-platform.js';
import { projectRoot } from '#apps/platform/project-root.js';
import { median, round, withFolder } from './support.js';
import { sealedLog } from './synthetic-log.js';

const run = promisify(execFile);
const EVENTS_A_LIFE = 6;

interface Measured {
  events: number;
  seconds: number;
  peakMb: number;
}

/** A rebuild of all projections against bare readAll of the same log, each in a process of its own, in turn. */
export async function benchRebuild(size: 'short' | 'full'): Promise<object> {
  const sizes = size === 'full' ? [100_000, 1_000_000] : [5_000, 20_000];
  const results = [];
  for (const events of sizes) results.push(await measure(events, size === 'full' ? 3 : 1));
  const [small, large] = results;
  const memoryRatio = round(large!.rebuildPeakMb / small!.rebuildPeakMb);
  return { sizes: results, ratio: large!.ratio, memoryRatio, targets: 'ratio >= 0.5, memoryRatio <= 1.3' };
}

async function measure(events: number, rounds: number) {
  return withFolder(async (folder) => {
    const platform = await openPlatform({ dataFolder: folder, databaseUrl: undefined });
    try {
      const shape = {
        dossiers: Math.round(events / EVENTS_A_LIFE),
        start: '2015-01-05T01:00:00Z',
        days: 3_600,
      };
      for await (const batch of sealedLog(platform.vault, { ...shape, lives: 'full' }, 5_000)) {
        await platform.rawLog.restore(batch);
      }
      await platform.pool.query('VACUUM ANALYZE event_log.events');
      const pairs = [];
      for (let n = 0; n < rounds; n += 1) {
        pairs.push({ read: await child(folder, 'read'), rebuild: await child(folder, 'rebuild') });
      }
      const rate = ({ events: n, seconds }: Measured): number => n / seconds;
      return {
        events: pairs[0]!.read.events,
        readPerSecond: round(median(pairs.map(({ read }) => rate(read)))),
        rebuildPerSecond: round(median(pairs.map(({ rebuild }) => rate(rebuild)))),
        ratio: round(median(pairs.map(({ read, rebuild }) => rate(rebuild) / rate(read)))),
        ratios: pairs.map(({ read, rebuild }) => round(rate(rebuild) / rate(read))),
        readPeakMb: round(median(pairs.map(({ read }) => read.peakMb))),
        rebuildPeakMb: round(median(pairs.map(({ rebuild }) => rebuild.peakMb))),
      };
    } finally {
      await platform.close();
    }
  });
}

async function child(folder: string, what: 'read' | 'rebuild'): Promise<Measured> {
  const program = join(projectRoot, 'dist/bench/rebuild-child.js');
  const { stdout } = await run(process.execPath, [program, what], {
    env: { ...process.env, MOTCUA_DATA: folder, DATABASE_URL: '' },
  });
  return JSON.parse(stdout) as Measured;
}
