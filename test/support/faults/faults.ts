import { setTimeout as sleep } from 'node:timers/promises';
import { Redis } from 'ioredis';
import type { Cluster, ClusterOptions, EngineName } from './cluster.js';

const HOUR_MS = 3_600_000;
/** Longer than an owner of a projection may be silent. */
const PAST_THE_LEASE_MS = 5_000;

export type FaultName = 'kill' | 'cut' | 'empty' | 'stall' | 'clock';

export interface Fault {
  readonly name: FaultName;
  /** In words: "survives …". */
  readonly what: string;
  /** How long it takes at most, beside the work meanwhile. */
  readonly seconds: number;
  /** Types of problems that a step may be answered with. */
  readonly refusals?: readonly string[];
  /** @param more waits until some more commands were acknowledged */
  readonly run: (cluster: Cluster, more: (commands: number) => Promise<void>) => Promise<void>;
}

export interface Extent {
  readonly rounds: number;
  readonly cutSeconds: number;
  /** By how many hours clocks are put off, one after another. */
  readonly clockHours: readonly number[];
  readonly random: () => number;
}

/** All that befalls an installation with these engines. */
export function faultsOf({ log, redis }: ClusterOptions, extent: Extent): Fault[] {
  const engines: EngineName[] = ['postgresql'];
  if (redis) engines.push('redis');
  if (log === 'eventstoredb') engines.push('eventstoredb');
  return [
    kills(extent),
    ...engines.map((engine) => cut(engine, extent)),
    ...(redis ? [emptied()] : []),
    stalls(),
    clocks(extent),
  ];
}

function kills({ rounds, random }: Extent): Fault {
  const targets = (cluster: Cluster): (() => Promise<void>)[] => [
    ...cluster.programs.map((program) => () => program.kill()),
    ...Object.values(cluster.engines).map((engine) => async () => {
      await engine.kill(random);
      await engine.restart();
    }),
  ];
  return {
    name: 'kill',
    what: `kill -9 of api, worker and engines, in turn and together, ${rounds} times`,
    seconds: rounds * 30,
    run: async (cluster, more) => {
      for (let round = 0; round < rounds; round += 1) {
        await more(1 + Math.floor(random() * 60));
        const all = targets(cluster);
        const together = all.filter(() => random() < 0.5 || round % 10 === 9);
        // Every other time one of them in its turn, else some or all at once.
        const chosen = round % 2 === 0 ? [all[(round / 2) % all.length]!] : together;
        await Promise.all(chosen.map((kill) => kill()));
      }
    },
  };
}

function cut(engine: EngineName, { cutSeconds }: Extent): Fault {
  return {
    name: 'cut',
    what: `${cutSeconds} seconds without a connection to ${engine}, refused and then silent`,
    seconds: cutSeconds * 2,
    run: async ({ engines }, more) => {
      const { line } = engines[engine]!;
      for (const how of ['refused', 'silent'] as const) {
        line.cut(how);
        await sleep(cutSeconds * 1_000);
        line.mend();
        await more(10);
      }
    },
  };
}

function emptied(): Fault {
  return {
    name: 'empty',
    what: 'a Redis that is emptied',
    seconds: 0,
    run: async ({ env }, more) => {
      const redis = new Redis(env.REDIS_URL!);
      for (let times = 0; times < 3; times += 1) {
        await more(20);
        await redis.flushall();
      }
      redis.disconnect();
    },
  };
}

function stalls(): Fault {
  return {
    name: 'stall',
    what: 'workers that stall past their lease, and go on while another owns what they did',
    seconds: 2 * (PAST_THE_LEASE_MS / 1_000),
    run: async ({ workers }, more) => {
      for (const worker of workers) {
        worker.signal('SIGSTOP');
        await sleep(PAST_THE_LEASE_MS);
        worker.signal('SIGCONT');
        await more(20);
      }
    },
  };
}

function clocks({ clockHours }: Extent): Fault {
  return {
    name: 'clock',
    what: 'clocks that jump by an hour, forth and back',
    seconds: 120,
    // What one api wrote an hour ahead of time is not followed by a step before it.
    refusals: ['before-previous-step', 'before-acceptance'],
    run: async (cluster, more) => {
      for (const program of [cluster.apis[0]!, cluster.workers[0]!]) {
        for (const hours of clockHours) {
          await cluster.shiftClock(program, hours * HOUR_MS);
          await more(20);
        }
      }
    },
  };
}
