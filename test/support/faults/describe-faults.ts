import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { motcua } from '../program.js';
import { mulberry32 } from '../random.js';
import { Cluster, type ClusterOptions } from './cluster.js';
import { type FaultName, faultsOf } from './faults.js';
import {
  eventsOf,
  expectAcknowledgedKept,
  expectInOrder,
  expectNothingDoubled,
  expectRepeatsAnswered,
  liveReport,
} from './record.js';
import { Work } from './work.js';

/** All of it, each looked at by itself: `npm run test:faults`. The gate has some, and looks at the end. */
const THOROUGH = process.env.FAULT_ROUNDS !== undefined;
const ROUNDS = Number(process.env.FAULT_ROUNDS ?? 3);
const CUT_SECONDS = Number(process.env.FAULT_CUT_SECONDS ?? 1);
const SEED = Number(process.env.FAULT_SEED ?? 20240701);
/** Put back, a clock makes the event store refuse what comes late: that api is of little use meanwhile. */
const CLOCK_HOURS = THOROUGH ? [1, 0, -1, 0] : [1, 0];
const PATIENCE_SECONDS = 240;
const [FROM, TO] = ['2023-12-01T00:00:00+07:00', '2100-01-01T00:00:00+07:00'];
const REPORT = ['report', '--form', 'II.06a', '--from', FROM, '--to', TO, '--json', '--final', '--recount'];

/**
 * What an installation of several processes must survive, on these engines, while clerks write.
 * @param inGate the faults that are tried each time
 */
export function describeFaults(
  name: string,
  options: ClusterOptions & { readonly inGate: readonly FaultName[] },
): void {
  describe(`${name} (seed ${SEED})`, () => {
    const random = mulberry32(SEED);
    let cluster: Cluster;
    let work: Work;

    beforeAll(async () => {
      cluster = await Cluster.start(options);
      work = new Work(cluster, random);
    }, PATIENCE_SECONDS * 1_000);
    afterAll(async () => {
      if (THOROUGH) process.stderr.write(`${name}: ${work.summary}\n`);
      await cluster.stop();
    }, PATIENCE_SECONDS * 1_000);

    const extent = { rounds: ROUNDS, cutSeconds: CUT_SECONDS, clockHours: CLOCK_HOURS, random };
    for (const fault of faultsOf(options, extent)) {
      if (!THOROUGH && !options.inGate.includes(fault.name)) continue;
      it(
        `survives ${fault.what}`,
        async () => {
          await work.through((more) => fault.run(cluster, more), fault.refusals);
          if (THOROUGH) await expectAllKept();
        },
        (PATIENCE_SECONDS + fault.seconds) * 1_000,
      );
    }

    it(
      'has lost nothing and doubled nothing, has a log that verifies, and read models that a rebuild finds right',
      async () => {
        await expectAllKept();
        const verified = await motcua(['verify', '--json'], cluster.env);
        expect(JSON.parse(verified.stdout)).toMatchObject({ findings: [] });
        const rebuilt = await motcua(['rebuild', '--json'], cluster.env);
        expect(rebuilt).toMatchObject({ code: 0, stderr: '' });
        for (const report of JSON.parse(rebuilt.stdout) as { compared: boolean; tables: object[] }[]) {
          expect(report.compared).toBe(true);
          for (const table of report.tables)
            expect(table).toMatchObject({ onlyOld: 0, onlyNew: 0, changed: 0 });
        }
      },
      PATIENCE_SECONDS * 1_000,
    );

    /** Nothing acknowledged is lost or doubled, and the reports are what the log says. */
    async function expectAllKept(): Promise<void> {
      await cluster.up();
      const events = await eventsOf(cluster.places);
      expect(expectAcknowledgedKept(events, work.sent)).toBeGreaterThan(0);
      expectNothingDoubled(events, work.sent);
      expectInOrder(events, options.log === 'postgresql');
      const urls = await Promise.all(cluster.apis.map(async (api) => (await api.up()).url));
      await expectRepeatsAnswered(urls[work.sent.length % 2]!, work.sent);
      const live = await Promise.all(urls.map((url) => liveReport(url, FROM, TO)));
      expect(live[1]).toEqual(live[0]);
      expect(live[0]?.position).toBe(Number(events.at(-1)?.position));
      const recounted = await motcua(REPORT, cluster.env);
      expect(recounted).toMatchObject({ code: 0, stderr: '' });
      expect(JSON.parse(recounted.stdout)).toMatchObject(live[0]!);
      // No lost engine ends a program: they wait for it.
      expect(cluster.programs.flatMap(({ falls }) => falls)).toEqual([]);
    }
  });
}
