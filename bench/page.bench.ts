import { openPlatform } from '#apps/platform/open-platform.js';
import { idOf } from '#libs/event-log/event-log.js';
import { bearer } from '../test/support/tokens.js';
import { ACCOUNT, load, type Rate, round, startProgram, withFolder } from './support.js';
import { sealedLog } from './synthetic-log.js';

const CLIENTS = 4;

/** A dossier's page over HTTP, any of few and of many: folded, opened and traced each time. */
export async function benchPage(size: 'short' | 'full'): Promise<object> {
  const sizes = size === 'full' ? [10_000, 1_000_000] : [500, 1_000];
  const results = [];
  for (const dossiers of sizes) results.push(await measure(dossiers, size === 'full' ? 8_000 : 200));
  const [small, large] = results;
  return { sizes: results, ratio: round(large!.p99Ms / small!.p99Ms) };
}

async function measure(dossiers: number, amount: number) {
  return withFolder(async (folder) => {
    const codes = await filled(folder, dossiers);
    const env = { MOTCUA_DATA: folder, DATABASE_URL: '', MOTCUA_PROJECTIONS: 'elsewhere' };
    const service = await startProgram('api', 3_933, env);
    try {
      const read = (times: number): Promise<Rate> =>
        load({
          ...{ url: service.url, connections: CLIENTS, amount: times, headers: bearer(ACCOUNT) },
          requests: [
            {
              setupRequest: (request) => {
                const code = codes[Math.floor(Math.random() * codes.length)] ?? '';
                return { ...request, path: `/api/dossiers/${code}` };
              },
            },
          ],
        });
      await read(Math.ceil(amount / 10)); // warm up
      const { perSecond, ...latency } = await read(amount);
      return { dossiers, clients: CLIENTS, perSecond: round(perSecond), ...latency };
    } finally {
      await service.stop();
    }
  });
}

/** @returns codes of some of the dossiers, spread over all */
async function filled(folder: string, dossiers: number): Promise<string[]> {
  const platform = await openPlatform({ dataFolder: folder, databaseUrl: undefined });
  const shape = { dossiers, start: '2015-01-01T01:00:00Z', days: 3_650, lives: 'short' as const };
  const codes = new Set<string>();
  const every = Math.max(1, Math.floor(dossiers / 20_000));
  let n = 0;
  try {
    for await (const batch of sealedLog(platform.vault, shape, 5_000)) {
      await platform.rawLog.restore(batch);
      for (const { stream, revision } of batch) {
        if (revision === 0n && (n += 1) % every === 0) codes.add(idOf(stream));
      }
    }
    await platform.pool.query('VACUUM ANALYZE');
  } finally {
    await platform.close();
  }
  return [...codes];
}
