import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { projectRoot } from '#apps/platform/project-root.js';
import { accept } from './append.bench.js';
import { median, round, withFolder } from './support.js';

const ROUNDS = 40;
type Kind = 'with' | 'without';

/**
 * Acceptances over HTTP with sealing, keys, tokens and limits, and without them; in turn, each on its own database.
 * Rounds are short, so that a machine that becomes slower slows down both.
 */
export async function benchAccess(size: 'short' | 'full'): Promise<object> {
  const [rounds, perRound] = size === 'full' ? [ROUNDS, 600] : [2, 100];
  return withFolder((first) =>
    withFolder(async (second) => {
      const services = await Promise.all([
        started('with', { MOTCUA_DATA: first, PORT: '3931' }),
        started('without', { MOTCUA_DATA: second, PORT: '3932' }),
      ]);
      try {
        for (const { url } of services) await accept(url, 10 * perRound); // warm up
        const rates: Record<Kind, number[]> = { with: [], without: [] };
        for (let n = 0; n < rounds; n += 1) {
          // Whoever comes first may find a colder machine.
          const order = n % 2 === 0 ? services : [...services].reverse();
          for (const { kind, url } of order) rates[kind].push((await accept(url, perRound)).perSecond);
        }
        const ratios = rates.with.map((rate, n) => rate / (rates.without[n] ?? NaN)).sort((a, b) => a - b);
        const quartile = (n: number): number => round(ratios[Math.floor((ratios.length * n) / 4)] ?? NaN);
        return {
          rounds,
          acceptancesPerRound: perRound,
          withPerSecond: round(median(rates.with)),
          withoutPerSecond: round(median(rates.without)),
          ratio: round(median(ratios)),
          quartiles: [quartile(1), quartile(3)],
          target: 'ratio >= 0.85',
        };
      } finally {
        for (const { child } of services) await ended(child);
      }
    }),
  );
}

async function started(kind: Kind, env: NodeJS.ProcessEnv) {
  const script = join(projectRoot, 'dist/bench/access-child.js');
  const child = spawn(process.execPath, [script, kind], {
    cwd: projectRoot,
    env: { ...process.env, DATABASE_URL: '', ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  return { kind, child, url: line.toString().trim() };
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  const exit = once(child, 'exit');
  child.kill('SIGTERM');
  await exit;
}
