import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Projections } from '#apps/worker/projections.js';
import { systemClock } from '#libs/event-log/clock.js';
import type { RecordedEvent } from '#libs/event-log/event-log.js';
import { eventually } from '../support/eventually.js';
import { HookReceiver, type Received } from '../support/faults/hook-receiver.js';
import { startedWorker, temporaryFolder } from '../support/program.js';
import { mulberry32 } from '../support/random.js';
import { describeWithRedis, startRedis, type TestRedis } from '../support/redis.js';
import {
  emptyJobTables,
  type OpenDossier,
  type OpenDossiers,
  openDossiers,
} from '../support/replay/open-dossiers.js';
import { TestClock } from '../support/service.js';

const ROUNDS = Number(process.env.FAULT_ROUNDS ?? 3);
const SEED = Number(process.env.FAULT_SEED ?? 20270309);
const IS_LONG = process.env.FAULT_ROUNDS !== undefined;
/** Of the worker: more cannot be under way in one process. */
const DELIVERIES_AT_ONCE = 4;
const SHIFTED_CLOCK = join(import.meta.dirname, '../support/faults/shifted-clock.cjs');

/** Tuesday, 9:30 in Vietnam; all were due on Monday at 9. */
const NOW = '2027-03-09T02:30:00.000Z';
const DUE = '2027-03-08T02:00:00.000Z';
/** Of the last three days: at the opening of the last day, at the deadline, and a working day after it. */
const EXPECTED = [
  ...[`result/last_day/official/${DUE}`, `result/last_day/supervisor/${DUE}`],
  ...[`result/due/official/${DUE}`, `result/due/supervisor/${DUE}`],
  `result/after-1-working_day/supervisor/${DUE}`,
];
const DOSSIERS = Array.from({ length: 8 + 2 * ROUNDS }, (_, n): OpenDossier => ({
  ...{ code: `H54.12-270304-${String(n + 1).padStart(4, '0')}`, dueAt: DUE },
  acceptedAt: '2027-03-04T02:00:00.000Z',
}));

describe('with jobs in PostgreSQL', () => suite(false));
if (IS_LONG) describeWithRedis('with jobs in Redis', () => suite(true));

function suite(withRedis: boolean): void {
  describe(`a worker that is killed ${ROUNDS} times while it sends (seed ${SEED})`, () => {
    let receiver: HookReceiver;
    let open: OpenDossiers;
    let folder: Awaited<ReturnType<typeof temporaryFolder>>;
    let redis: TestRedis | undefined;
    let projections: Projections;
    let reminders: RecordedEvent[];
    let fell: RecordedEvent[];
    const clock = new TestClock(NOW);

    beforeAll(
      async () => {
        folder = await temporaryFolder();
        receiver = await HookReceiver.open();
        redis = withRedis ? await startRedis() : undefined;
        open = await openDossiers(clock, DOSSIERS);
        // The read models are kept elsewhere, as in a cluster.
        projections = new Projections(open.platform);
        projections.start();
        await workAndKill();
        const events: RecordedEvent[] = [];
        for await (const event of open.platform.log.readAll()) events.push(event);
        reminders = events.filter(({ stream }) => stream.startsWith('reminder-'));
        fell = events.filter(({ type }) => type === 'DossierFellOverdue');
      },
      90_000 + ROUNDS * 15_000,
    );
    afterAll(async () => {
      await projections.stop();
      await open.platform.close();
      await redis?.stop();
      await receiver.close();
      await folder.remove();
    });

    async function workAndKill(): Promise<void> {
      const random = mulberry32(SEED);
      const env = await environment();
      for (let round = 0; round < ROUNDS; round += 1) {
        const moment = new Promise<void>((resolve) => {
          const when = round % 2 === 0 ? 'before' : 'after';
          receiver.after(1 + Math.floor(random() * 8), when, resolve);
        });
        const { program } = await startedWorker(env);
        await moment;
        if (round % 2 === 1) for (let turns = Math.floor(random() * 50); turns > 0; turns -= 1) await turn();
        program.signal('SIGKILL');
        await program.ended;
        // Else it takes half a minute until the queue gives back what the killed worker had in hand.
        if (!IS_LONG) await emptyJobTables(open.platform);
      }
      const { program } = await startedWorker(env);
      await eventually(async () => {
        const { rows } = await open.platform.pool.query(
          `SELECT 1 FROM reminders.watched
           WHERE cardinality(waiting) > 0 OR jsonb_array_length(watched->'raised') < $1`,
          [EXPECTED.length],
        );
        expect(rows).toEqual([]);
      }, 150_000);
      program.signal('SIGTERM');
      expect(await program.ended).toMatchObject({ code: 0 });
    }

    /** The worker's clock is put to the day of the test, and goes on from there. */
    async function environment(): Promise<NodeJS.ProcessEnv> {
      const [hooks, offset] = [join(folder.path, 'webhooks.json'), join(folder.path, 'clock')];
      const secrets = [`whsec_${Buffer.alloc(32, 7).toString('base64')}`];
      await writeFile(
        hooks,
        JSON.stringify([{ id: 'gate', url: receiver.url, secrets, allowPrivate: true }]),
      );
      await writeFile(offset, String(clock.now() - systemClock.now()));
      return {
        DATABASE_URL: open.databaseUrl,
        ...(redis ? { REDIS_URL: redis.url } : {}),
        MOTCUA_PROJECTIONS: 'elsewhere',
        MOTCUA_WEBHOOKS_FILE: hooks,
        NODE_OPTIONS: `--require ${SHIFTED_CLOCK}`,
        MOTCUA_TEST_CLOCK: offset,
      };
    }

    const nameOf = ({ code, reminder }: Pick<Received, 'code' | 'reminder'>): string => `${code} ${reminder}`;
    const dataOf = (type: string): Received[] =>
      reminders.filter((event) => event.type === type).map(({ data }) => data as unknown as Received);
    const all = DOSSIERS.flatMap(({ code }) => EXPECTED.map((reminder) => nameOf({ code, reminder }))).sort();

    it('has every message arrive, and none that was not to be sent', () => {
      expect([...new Set(receiver.received.map(nameOf))].sort()).toEqual(all);
    });

    it('has each message repeated with its own key, and no more of them than were under way', () => {
      const keys = new Map(receiver.received.map((message) => [nameOf(message), message.key]));
      expect(new Set(keys.values()).size).toBe(all.length);
      for (const message of receiver.received) expect(message.key).toBe(keys.get(nameOf(message)));
      const repeats = receiver.received.length - all.length;
      process.stdout.write(
        `killed ${ROUNDS} times while sending, jobs in ${withRedis ? 'Redis' : 'PostgreSQL'}: ` +
          `${all.length} messages, ${repeats} repeated with the same key\n`,
      );
      // Every other time it was killed before the answer.
      expect(repeats).toBeGreaterThanOrEqual(Math.ceil(ROUNDS / 2));
      expect(repeats).toBeLessThanOrEqual(ROUNDS * DELIVERIES_AT_ONCE);
    });

    it('has each reminder raised once and each message noted once as sent, with the key that it had', () => {
      expect(dataOf('ReminderRaised').map(nameOf).sort()).toEqual(all);
      const keys = new Map(receiver.received.map((message) => [nameOf(message), message.key]));
      const sent = dataOf('ReminderSent');
      expect(sent.map(nameOf).sort()).toEqual(all);
      for (const message of sent) expect(message.key).toBe(keys.get(nameOf(message)));
      expect(reminders).toHaveLength(2 * all.length);
    });

    it('has each lateness noted once, at its instant', () => {
      expect(fell.map(({ stream, occurredAt }) => `${stream} ${occurredAt}`).sort()).toEqual(
        DOSSIERS.map(({ code }) => `dossier-${code} ${DUE}`).sort(),
      );
    });
  });
}
