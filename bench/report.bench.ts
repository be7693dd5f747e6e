import { openPlatform } from '#apps/platform/open-platform.js';
import { rebuildProjections } from '#libs/projection/rebuild.js';
import { reportProjection } from '#libs/reports/facts/report.projection.js';
import { reportII06a } from '#libs/reports/ii-06a/ii-06a.query.js';
import { percentile, round, withFolder } from './support.js';
import { inBatches, syntheticLog } from './synthetic-log.js';

const YEARS = 10;

/** Form II.06a of one quarter by procedure, over ten years of dossiers, few and many. */
export async function benchReport(size: 'short' | 'full'): Promise<object> {
  const sizes = size === 'full' ? [10_000, 1_000_000] : [1_000, 10_000];
  const results = [];
  for (const dossiers of sizes) results.push(await measure(dossiers, size === 'full' ? 400 : 20));
  const [small, large] = results;
  return { sizes: results, ratio: round(large!.p99Ms / small!.p99Ms), target: 'ratio <= 1.5' };
}

async function measure(dossiers: number, calls: number) {
  return withFolder(async (folder) => {
    const platform = await openPlatform({ dataFolder: folder, databaseUrl: undefined });
    try {
      const shape = { dossiers, start: '2015-01-01T01:00:00Z', days: YEARS * 365, lives: 'short' as const };
      for (const batch of inBatches(syntheticLog(shape), 5_000)) await platform.rawLog.restore(batch);
      const { log, pool, rawLog } = platform;
      await rebuildProjections({ log, pool, engine: rawLog.engine, projections: [reportProjection] });
      await platform.pool.query('VACUUM ANALYZE');
      const sources = { ...platform, engine: rawLog.engine };
      const times: number[] = [];
      let received = 0;
      for (let n = 0; n < calls; n += 1) {
        const [from, to] = quarter(n % (YEARS * 4 - 4));
        const begun = performance.now();
        const report = await reportII06a(sources, { from, to, unit: null, by: 'procedure', final: false });
        times.push(performance.now() - begun);
        received += report.total['3'] ?? 0;
      }
      if (received === 0) throw new Error('the reports are empty');
      return { dossiers, calls, p50Ms: round(percentile(times, 0.5)), p99Ms: round(percentile(times, 0.99)) };
    } finally {
      await platform.close();
    }
  });
}

/** The n-th quarter from 2015 on, in the desk's zone. */
function quarter(n: number): [string, string] {
  const start = (q: number): string => {
    const month = String((q % 4) * 3 + 1).padStart(2, '0');
    return new Date(`${2015 + Math.floor(q / 4)}-${month}-01T00:00:00+07:00`).toISOString();
  };
  return [start(n), start(n + 1)];
}
