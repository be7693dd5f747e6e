import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Redis } from 'ioredis';
import { motcua } from '../program.js';
import { mulberry32 } from '../random.js';
import { Cluster, type ClusterOptions, type Engine } from './cluster.js';
import {
  eventsOf,
  expectAcknowledgedKept,
  expectInOrder,
  expectNothingDoubled,
  expectRepeatsAnswered,
  liveReport,
} from './record.js';
import { Work } from './work.js';

const ROUNDS = Number(process.env.FAULT_ROUNDS ?? 5);
const SEED = Number(process.env.FAULT_SEED ?? 20240701);
const CUT_SECONDS = Number(process.env.FAULT_CUT_SECONDS ?? 2);
const HOUR_MS = 3_600_000;
/** Longer than an owner of a projection may be silent. */
const PAST_THE_LEASE_MS = 5_000;
const [FROM, TO] = ['2023-12-01T00:00:00+07:00', '2100-01-01T00:00:00+07:00'];

/** What an installation of several processes must survive, on these engines, while clerks write. */
export function describeFaults(name: string, options: ClusterOptions): void {
  describe(`${name} (${ROUNDS} kills, seed ${SEED})`, () => {
    const random = mulberry32(SEED);
    const pick = <T>(values: readonly T[]): T => values[Math.floor(random() * values.length)]!;
    let cluster: Cluster;
    let work: Work;

    beforeAll(async () => {
      cluster = await Cluster.start(options);
      work = new Work(cluster, random);
    }, 120_000);
    afterAll(() => cluster.stop(), 60_000);

    /** Nothing acknowledged is lost or doubled, and the reports are what the log says. */
    async function expectAllKept(): Promise<void> {
      await cluster.up();
      const events = await eventsOf(cluster.places);
      expectAcknowledgedKept(events, work.sent);
      expectNothingDoubled(events, work.sent);
      expectInOrder(events, options.log === 'postgresql');
      const urls = await Promise.all(cluster.apis.map(async (api) => (await api.up()).url));
      await expectRepeatsAnswered(pick(urls), work.sent);
      const live = await Promise.all(urls.map((url) => liveReport(url, FROM, TO)));
      expect(live[1]).toEqual(live[0]);
      expect(live[0]?.position).toBe(Number(events.at(-1)?.position));
      const recounted = await motcua(
        ['report', '--form', 'II.06a', '--from', FROM, '--to', TO, '--json', '--final', '--recount'],
        cluster.env,
      );
      expect(recounted).toMatchObject({ code: 0, stderr: '' });
      expect(JSON.parse(recounted.stdout)).toMatchObject(live[0]!);
      // No lost engine ends a program: they wait for it.
      expect(cluster.programs.flatMap(({ falls }) => falls)).toEqual([]);
    }

    const survives = (
      what: string,
      fault: Parameters<Work['through']>[0],
      { seconds = 0, refusals }: { seconds?: number; refusals?: readonly string[] } = {},
    ): void => {
      const limit = 240_000 + seconds * 1_000;
      it(
        `survives ${what}`,
        async () => {
          await work.through(fault, refusals);
          await expectAllKept();
        },
        limit,
      );
    };

    const killed = (): [string, () => Promise<void>][] => [
      ...cluster.programs.map(({ name: own, kill }, n): [string, () => Promise<void>] => [
        own,
        kill.bind(cluster.programs[n]),
      ]),
      ...Object.entries(cluster.engines).map(([own, engine]): [string, () => Promise<void>] => [
        own,
        async () => {
          await engine.kill(random);
          await engine.restart();
        },
      ]),
    ];

    survives(
      `kill -9 of api, worker and engines, in turn and together, ${ROUNDS} times`,
      async (more) => {
        for (let round = 0; round < ROUNDS; round += 1) {
          await more(1 + Math.floor(random() * 60));
          const targets = killed();
          // Every other time one of them in its turn, else some or all at once.
          const chosen =
            round % 2 === 0
              ? [targets[(round / 2) % targets.length]!]
              : targets.filter(() => random() < 0.5 || round % 10 === 9);
          await Promise.all(chosen.map(([, kill]) => kill()));
        }
      },
      { seconds: ROUNDS * 20 },
    );

    const engines = ['postgresql', ...(options.redis ? ['redis'] : []), ...engineOfLog(options)] as const;
    for (const engine of engines) {
      survives(
        `${CUT_SECONDS} seconds without a connection to ${engine}`,
        async (more) => {
          const { line } = (cluster.engines as Record<string, Engine>)[engine]!;
          for (const how of ['refused', 'silent'] as const) {
            line.cut(how);
            await sleep(CUT_SECONDS * 1_000);
            line.mend();
            await more(10);
          }
        },
        { seconds: CUT_SECONDS * 2 },
      );
    }

    if (options.redis) {
      survives('a Redis that is emptied', async (more) => {
        const redis = new Redis(cluster.env.REDIS_URL!);
        for (let times = 0; times < 3; times += 1) {
          await more(20);
          await redis.flushall();
        }
        redis.disconnect();
      });
    }

    survives(
      'workers that stall past their lease, and go on while another owns what they did',
      async (more) => {
        for (const worker of cluster.workers) {
          worker.signal('SIGSTOP');
          await sleep(PAST_THE_LEASE_MS);
          worker.signal('SIGCONT');
          await more(20);
        }
      },
    );

    survives(
      'clocks that jump by an hour, forth and back',
      async (more) => {
        for (const program of [cluster.apis[0]!, cluster.workers[0]!]) {
          for (const offset of [HOUR_MS, 0, -HOUR_MS, 0]) {
            await cluster.shiftClock(program, offset);
            await more(30);
          }
        }
      },
      // What one api wrote an hour ahead of time the other does not let go back.
      { refusals: ['before-previous-step', 'before-acceptance'] },
    );

    it('has a log that verifies, and read models that a rebuild finds right', async () => {
      const verified = await motcua(['verify', '--json'], cluster.env);
      expect(JSON.parse(verified.stdout)).toMatchObject({ findings: [] });
      const rebuilt = await motcua(['rebuild', '--json'], cluster.env);
      expect(rebuilt).toMatchObject({ code: 0, stderr: '' });
      for (const report of JSON.parse(rebuilt.stdout) as { compared: boolean; tables: object[] }[]) {
        expect(report.compared).toBe(true);
        for (const table of report.tables)
          expect(table).toMatchObject({ onlyOld: 0, onlyNew: 0, changed: 0 });
      }
    }, 240_000);
  });
}

const engineOfLog = ({ log }: ClusterOptions): ['eventstoredb'] | [] =>
  log === 'eventstoredb' ? ['eventstoredb'] : [];
