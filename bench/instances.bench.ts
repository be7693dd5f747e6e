import { openDatabase } from '#libs/read-db/database.adapter.js';
import { accept } from './append.bench.js';
import { median, round, type Service, startProgram, withFolder } from './support.js';

const COUNTS = [1, 2, 4] as const;
const CLIENTS = 32;
const PORT = 3_920;

/**
 * Acceptances over HTTP through 1, 2 and 4 api processes on one PostgreSQL, one worker beside them: the same dossiers
 * by the same number of clients, spread evenly. The clients run on the same machine and take their part of it.
 */
export async function benchInstances(size: 'short' | 'full'): Promise<object> {
  const [rounds, perRound] = size === 'full' ? [5, 4_000] : [1, 400];
  return withFolder(async (folder) => {
    const { url, close } = await openDatabase({ dataFolder: folder });
    const env = { DATABASE_URL: url };
    const running: Service[] = [];
    try {
      for (let n = 0; n < Math.max(...COUNTS); n += 1) {
        running.push(await startProgram('api', PORT + n, { ...env, MOTCUA_PROJECTIONS: 'elsewhere' }));
      }
      running.push(await startProgram('worker', PORT + 10, env));
      const urls = running.slice(0, -1).map((api) => api.url);
      await acceptBy(urls, 400); // warm up
      const rates = new Map<number, number[]>(COUNTS.map((count) => [count, []]));
      for (let n = 0; n < rounds; n += 1) {
        for (const count of COUNTS) {
          rates.get(count)?.push(await acceptBy(urls.slice(0, count), perRound));
        }
      }
      const perSecond = COUNTS.map((count) => median(rates.get(count) ?? []));
      const [one = NaN] = perSecond;
      return {
        clients: CLIENTS,
        rounds,
        acceptancesPerRound: perRound,
        ...Object.fromEntries(
          COUNTS.map((count, n) => [
            `api${count}`,
            { perSecond: round(perSecond[n] ?? NaN), ratio: round((perSecond[n] ?? NaN) / one) },
          ]),
        ),
      };
    } finally {
      await Promise.all(running.map((program) => program.stop()));
      await close();
    }
  });
}

/** @returns acceptances a second, of all together */
async function acceptBy(urls: readonly string[], amount: number): Promise<number> {
  const begun = performance.now();
  await Promise.all(urls.map((url) => accept(url, amount / urls.length, CLIENTS / urls.length)));
  return amount / ((performance.now() - begun) / 1_000);
}
