import { setTimeout as sleep } from 'node:timers/promises';
import type { Pool } from 'pg';
import { openDatabase } from '#libs/read-db/database.adapter.js';
import { accept } from './append.bench.js';
import { median, round, type Service, startProgram, withFolder } from './support.js';

const PORT = 3_930;

/**
 * From the death of a worker (kill -9) to the first event projected by its successor, a dossier having been accepted
 * right after the death. Two workers, one projection each.
 */
export async function benchTakeover(size: 'short' | 'full'): Promise<object> {
  const rounds = size === 'full' ? 15 : 2;
  return withFolder(async (folder) => {
    const { pool, url, close } = await openDatabase({ dataFolder: folder });
    const env = { DATABASE_URL: url };
    const running: Service[] = [];
    const times: number[] = [];
    try {
      const api = await startProgram('api', PORT, { ...env, MOTCUA_PROJECTIONS: 'elsewhere' });
      running.push(api);
      const workers = [
        await startProgram('worker', PORT + 1, env),
        await startProgram('worker', PORT + 2, env),
      ];
      running.push(...workers);
      for (let n = 0; n < rounds; n += 1) {
        const dying = workers[n % 2];
        const mine = dying && (await owned(pool, dying.pid));
        if (!dying || !mine) throw new Error('a worker that is ready owns nothing');
        await dying.kill();
        const begun = performance.now();
        const before = await positionOf(pool, mine);
        await accept(api.url, 1, 1);
        while ((await positionOf(pool, mine)) <= before) await sleep(1);
        times.push(performance.now() - begun);
        const fresh = await startProgram('worker', PORT + 1 + (n % 2), env);
        workers[n % 2] = fresh;
        running.push(fresh);
      }
      const sorted = [...times].sort((a, b) => a - b);
      return {
        rounds,
        medianMs: round(median(times)),
        minMs: round(sorted[0] ?? NaN),
        maxMs: round(sorted.at(-1) ?? NaN),
      };
    } finally {
      await Promise.all(running.map((program) => program.stop()));
      await close();
    }
  });
}

/** The projection that a process owns; waits until it has one, and the other worker the other. */
async function owned(pool: Pool, pid: number): Promise<string | undefined> {
  for (let n = 0; n < 1_000; n += 1) {
    const { rows } = await pool.query<{ projection: string; owner: string }>(
      'SELECT projection, owner FROM projection.owners WHERE owner IS NOT NULL',
    );
    const owners = new Set(rows.map(({ owner }) => owner));
    const mine = rows.find(({ owner }) => Number(owner.split(' ')[1]) === pid);
    if (mine && owners.size === rows.length) return mine.projection;
    await sleep(20);
  }
  return undefined;
}

async function positionOf(pool: Pool, projection: string): Promise<bigint> {
  const { rows } = await pool.query<{ position: bigint }>(
    'SELECT position FROM projection.checkpoints WHERE name = $1',
    [projection],
  );
  return rows[0]?.position ?? 0n;
}
