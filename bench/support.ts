import autocannon, { type Options } from 'autocannon';
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { projectRoot } from '#apps/platform/project-root.js';
import { issueTokensTo } from '../test/support/tokens.js';

/** One account, from one address, asks as often as it can: all of it is counted, as in use, and nothing refused. */
const LIMITS = { MOTCUA_LIMIT_ACCOUNT: '999999999', MOTCUA_LIMIT_ADDRESS: '999999999' };

/** Account that gives the commands. */
export const ACCOUNT = 'bench';

export interface Rate {
  readonly perSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

/** Sends requests as fast as they are answered. @throws when one is not answered well */
export async function load(options: Options & { amount: number }): Promise<Rate> {
  const begun = performance.now();
  let ended = begun;
  const { non2xx, errors, latency } = await new Promise<autocannon.Result>((resolve, reject) => {
    const run = autocannon(options, (error: Error | null, result) => {
      if (error) reject(error);
      else resolve(result);
    });
    // autocannon itself looks once a second whether it is done, which is too coarse for rounds of seconds.
    run.on('response', () => {
      ended = performance.now();
    });
  });
  if (non2xx + errors > 0) throw new Error(`${non2xx} refused, ${errors} errors`);
  const perSecond = options.amount / ((ended - begun) / 1_000);
  return { perSecond, p50Ms: latency.p50, p99Ms: latency.p99 };
}

/** A folder that is gone afterwards. */
export async function withFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'motcua-bench-'));
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

export interface Service {
  readonly url: string;
  /** Milliseconds from starting the process to the first good answer. */
  readonly startedMs: number;
  readonly pid: number;
  stop(): Promise<void>;
  /** Without a chance to tidy up. */
  kill(): Promise<void>;
}

/** Starts the built service as a process of its own and waits until it is ready. */
export function startService(folder: string, port: number): Promise<Service> {
  return startProgram('api', port, { MOTCUA_DATA: folder, DATABASE_URL: '' });
}

/** Starts a built program as a process of its own and waits until it is ready. */
export async function startProgram(
  name: 'api' | 'worker',
  port: number,
  env: NodeJS.ProcessEnv,
): Promise<Service> {
  const begun = performance.now();
  const child = spawn(process.execPath, [join(projectRoot, `dist/apps/${name}/main.js`)], {
    cwd: projectRoot,
    env: { ...process.env, ...LIMITS, ...env, PORT: String(port) },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const url = `http://127.0.0.1:${port}`;
  while (!(await answers(`${url}/health/ready`))) {
    if (child.exitCode !== null) throw new Error(`the service ended with ${child.exitCode}`);
    await sleep(5);
  }
  const startedMs = performance.now() - begun;
  if (name === 'api') await issueTokensTo(url, { ...process.env, ...env }, [ACCOUNT]);
  return {
    url,
    startedMs,
    pid: child.pid ?? 0,
    stop: () => end(child, 'SIGINT'),
    kill: () => end(child, 'SIGKILL'),
  };
}

async function answers(url: string): Promise<boolean> {
  return fetch(url).then(
    (response) => response.ok,
    () => false,
  );
}

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill(signal);
  await ended;
}

/** The value below which a share of the values lies (nearest rank). */
export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? NaN;
}

export const median = (values: readonly number[]): number => percentile(values, 0.5);

export function round(value: number, digits = 3): number {
  return Number(value.toPrecision(digits));
}
