import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Reminders, startReminders } from '#apps/worker/reminders.js';
import { isoNow } from '#libs/event-log/clock.js';
import type { RecordedEvent } from '#libs/event-log/event-log.js';
import { JobEngine } from '#libs/jobs/job-engine.adapter.js';
import { ProjectionRunner } from '#libs/projection/runner.js';
import type { CalendarVersion } from '#libs/reference/reference.events.js';
import { basisFor } from '#libs/reminders/basis.js';
import type { Channel, Message } from '#libs/reminders/channel.js';
import { lookAt } from '#libs/reminders/plan.js';
import { HORIZON_MS, type WakeJob, WAKES } from '#libs/reminders/reminder-queue.adapter.js';
import { codeOf, foldWatched, type Watched } from '#libs/reminders/watched.js';
import { WatchedProjection } from '#libs/reminders/watched.projection.js';
import { eventually } from '../support/eventually.js';
import {
  emptyJobTables,
  type OpenDossier,
  type OpenDossiers,
  openDossiers,
  PUBLISHER,
} from '../support/replay/open-dossiers.js';
import { TestClock } from '../support/service.js';

const N = Number(process.env.FAULT_DOSSIERS ?? 200);
const PATIENCE_MS = 30_000 + N * 200;

const at = (instant: string, n: number, withinMs: number): string =>
  new Date(Date.parse(instant) + Math.floor((n / N) * withinMs)).toISOString();
/** Accepted on Monday from 7 to 8 in Vietnam, and due on Friday from 9 to 11. */
const DOSSIERS = Array.from({ length: N }, (_, n): OpenDossier => ({
  code: `H54.12-270308-${String(n + 1).padStart(5, '0')}`,
  acceptedAt: at('2027-03-08T00:00:00.000Z', n, 3_600_000),
  dueAt: at('2027-03-12T02:00:00.000Z', n, 7_200_000),
}));
const RULES = [
  { about: 'result', when: { before: { value: 3, unit: 'working_day' } }, to: 'official' },
  { about: 'result', when: { share: 0.5 }, to: 'official' },
] as const;
/** By hand: three working days before is Tuesday, or Monday if Tuesday is off; half of the time is over on Wednesday. */
const EXPECTED = DOSSIERS.flatMap(({ code, dueAt }) => [
  `${code} result/before-3-working_day/official/${dueAt}`,
  `${code} result/share-0.5/official/${dueAt}`,
]).sort();

/** Of a reminder, or of what became of it. */
function nameOf({ data }: RecordedEvent): string {
  const { code, reminder } = data as { code: string; reminder: string };
  return `${code} ${reminder}`;
}

describe(`${N} open dossiers, with jobs in PostgreSQL`, () => {
  const clock = new TestClock('2027-03-08T01:00:00.000Z');
  const arrived: Message[] = [];
  const told: string[] = [];
  let onArrival: (() => void) | undefined;
  let open: OpenDossiers;
  let runner: ProjectionRunner;
  let engine: JobEngine;
  let reminders: Reminders;

  beforeAll(async () => {
    open = await openDossiers(clock, DOSSIERS);
    const { platform, reference, databaseUrl } = open;
    const policy = reference.data.reminders('H54.12', '2027-03-08');
    if (!policy) throw new Error('the demonstration has no reminder policy');
    const { version: _, ...content } = policy;
    await reference.publish({ kind: 'reminders', content: { ...content, rules: RULES } }, PUBLISHER);
    const { rawLog: log, pool, live } = platform;
    const onMoved = (position: bigint): void => live.publish({ projection: 'reminders', position });
    const projection = new WatchedProjection();
    runner = new ProjectionRunner({ log, pool, clock, projection, engine: log.engine, token: 0n, onMoved });
    runner.start();
    await folded();
    engine = await JobEngine.open({ databaseUrl }, (line) => told.push(line));
    const channel: Channel = {
      name: 'webhook',
      addressees: () => Promise.resolve(['gate']),
      send: (message) => {
        arrived.push(message);
        onArrival?.();
        return Promise.resolve('sent');
      },
    };
    const parts = { engine, platform, reference: reference.data, accounts: { all: new Map() } };
    reminders = startReminders({ ...parts, channels: [channel], notice: (line) => told.push(line) });
  }, PATIENCE_MS);
  afterAll(async () => {
    await reminders.close();
    await engine.close();
    await runner.stop();
    await open.platform.close();
  });

  async function folded(): Promise<bigint> {
    const head = await open.platform.log.head();
    await eventually(async () => {
      const { rows } = await open.platform.pool.query(
        `SELECT 1 FROM projection.checkpoints WHERE name = 'reminders' AND status = 'live' AND position >= $1`,
        [String(head)],
      );
      expect(rows).toHaveLength(1);
    }, PATIENCE_MS);
    return head;
  }

  /** Until there is nothing more to do at this instant. */
  async function passTo(instant: string): Promise<void> {
    clock.set(instant);
    for (let before = -1n; ;) {
      const head = await folded();
      const { pending } = await reminders.planner.replan();
      await eventually(async () => {
        for (const { waiting, active } of Object.values(await engine.counts())) {
          expect({ waiting, active }).toEqual({ waiting: 0, active: 0 });
        }
      }, PATIENCE_MS);
      if (pending === 0 && head === before) return;
      before = head;
    }
  }

  const publish = (definition: CalendarVersion['definition']) => {
    const { version: _, ...content } = calendar();
    const published = { ...content, definition, validFrom: '2027-03-08' };
    return open.reference.publish({ kind: 'calendar', content: published }, PUBLISHER);
  };
  function calendar(): CalendarVersion {
    const found = open.reference.data.calendar('vn', '2027-03-08');
    if (!found) throw new Error('there is no calendar');
    return found;
  }

  const delayed = async (): Promise<number> => (await engine.counts())[WAKES]?.['delayed'] ?? 0;

  async function lying(): Promise<string[]> {
    const jobs = await engine.queue<WakeJob>(WAKES).getJobs(['delayed', 'waiting', 'active']);
    return jobs
      .filter(({ name }) => name === 'look')
      .map(({ data }) => `${data.code} ${data.at}`)
      .sort();
  }

  /** What should lie there, from the log alone. */
  async function planned(): Promise<string[]> {
    const watched = new Map<string, Watched | undefined>();
    for (const event of await eventsOf('dossier', 'reminder')) {
      watched.set(codeOf(event), foldWatched(watched.get(codeOf(event)), event));
    }
    const now = isoNow(clock);
    const until = new Date(clock.now() + HORIZON_MS).toISOString();
    const basis = basisFor('H54.12', now, open.reference.data);
    return [...watched.values()]
      .flatMap((one) => {
        const { due, next } = lookAt(one!, basis, now);
        const first = due[0]?.at ?? next?.at;
        return first !== undefined && first <= until ? [`${one!.row.code} ${first}`] : [];
      })
      .sort();
  }

  async function eventsOf(...categories: string[]): Promise<RecordedEvent[]> {
    const events: RecordedEvent[] = [];
    for await (const event of open.platform.log.readAll()) {
      if (categories.some((category) => event.stream.startsWith(`${category}-`))) events.push(event);
    }
    return events;
  }
  const raised = async (): Promise<string[]> =>
    (await eventsOf('reminder')).filter(({ type }) => type === 'ReminderRaised').map(nameOf);

  it(
    'has one wake of each in the queue',
    async () => {
      await eventually(async () => expect(await delayed()).toBe(N), PATIENCE_MS);
      const all = await lying();
      expect(all.filter((wake) => !wake.includes(' 2027-03-09T'))).toEqual([]);
      expect(all).toEqual(await planned());
    },
    PATIENCE_MS,
  );

  it(
    'has in the queue what a fresh plan says, once a day off has been published and half of it is due at once',
    async () => {
      const { definition } = calendar();
      await passTo('2027-03-08T03:00:00.000Z');
      expect(await raised()).toEqual([]);
      await publish({ ...definition, daysOff: [...(definition.daysOff ?? []), '2027-03-09'] });
      // Nobody asks for it: the worker sees that reference data changed.
      await eventually(
        async () => expect((await raised()).length).toBeGreaterThanOrEqual(N / 2),
        PATIENCE_MS,
      );
      await passTo('2027-03-08T03:00:00.000Z');
      const all = await lying();
      expect(all.filter((wake) => wake.includes(' 2027-03-09T'))).toEqual([]);
      expect(all).toEqual(await planned());
      expect(all).toHaveLength(N);
    },
    PATIENCE_MS,
  );

  it(
    'has the same in the queue when its tables were emptied and all is planned from nothing',
    async () => {
      const before = await lying();
      await emptyJobTables(open.platform);
      await open.platform.pool.query('DELETE FROM reminder_queue.wakes');
      expect(await lying()).toEqual([]);
      // As every some minutes: the schedule is missing, so that all is planned.
      await reminders.ensure();
      await eventually(async () => expect(await delayed()).toBe(N + 1), PATIENCE_MS);
      expect(await lying()).toEqual(before);
    },
    PATIENCE_MS,
  );

  it(
    'goes on when the tables are emptied while it sends',
    async () => {
      let emptied: Promise<void> | undefined;
      const from = arrived.length;
      onArrival = () => {
        if (arrived.length === from + Math.floor(N / 8)) emptied ??= emptyJobTables(open.platform);
      };
      await passTo('2027-03-08T03:30:00.000Z');
      expect(emptied).toBeDefined();
      await emptied;
      await passTo('2027-03-08T03:30:00.000Z');
      expect(await lying()).toEqual(await planned());
      expect(await raised()).toHaveLength((N * 3) / 4 + 1);
    },
    PATIENCE_MS,
  );

  it(
    'has every reminder raised and sent once, though the day off is taken back: as if nothing had happened',
    async () => {
      const { definition } = calendar();
      const daysOff = (definition.daysOff ?? []).filter((day) => day !== '2027-03-09');
      await publish({ ...definition, daysOff });
      await passTo('2027-03-08T03:30:00.000Z');
      const all = await lying();
      expect(all.filter((wake) => wake.includes(' 2027-03-09T'))).toHaveLength(N / 4 - 1);
      expect(all).toEqual(await planned());
      await passTo('2027-03-09T08:00:00.000Z');
      await passTo('2027-03-10T09:00:00.000Z');
      expect((await raised()).sort()).toEqual(EXPECTED);
      const sent = (await eventsOf('reminder')).filter(({ type }) => type === 'ReminderSent');
      expect(sent.map(nameOf).sort()).toEqual(EXPECTED);
      const keys = new Set(arrived.map(({ code, reminder, key }) => `${code} ${reminder} ${key}`));
      expect(keys.size).toBe(EXPECTED.length);
      process.stdout.write(
        `the calendar changed twice and the job tables were emptied twice with ${N} open dossiers: ` +
          `${keys.size} messages, ${arrived.length - keys.size} repeated with the same key\n`,
      );
    },
    PATIENCE_MS,
  );
});
