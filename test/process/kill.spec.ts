import { setImmediate as turn } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { PROJECTION_NAMES } from '#apps/worker/projections.js';
import type { RecordedEvent } from '#libs/event-log/event-log.js';
import { Clerk, type Sent } from '../support/clerks.js';
import { copyOfEmpty } from '../support/data-template.js';
import { killServer } from '../support/faults/kill-server.js';
import {
  eventsOf,
  expectAcknowledgedKept,
  expectInOrder,
  expectNothingDoubled,
  expectRepeatsAnswered,
  liveReport,
} from '../support/faults/record.js';
import { motcua, type Program, startedService, temporaryFolder } from '../support/program.js';
import { mulberry32 } from '../support/random.js';

const ROUNDS = Number(process.env.FAULT_ROUNDS ?? 5);
const SEED = Number(process.env.FAULT_SEED ?? 20240701);
const CLERKS = Array.from({ length: 8 }, (_, n) => `clerk-${n + 1}`);
const [FROM, TO] = ['2023-12-01T00:00:00+07:00', '2100-01-01T00:00:00+07:00'];

describe(`killed ${ROUNDS} times at random points (seed ${SEED}) while ${CLERKS.length} clerks write`, () => {
  const random = mulberry32(SEED);
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let service: { program: Program; url: string };
  let sent: Sent[];
  let events: RecordedEvent[];

  beforeAll(
    async () => {
      folder = await temporaryFolder();
      await copyOfEmpty(folder.path);
      sent = await workAndKill();
      events = await eventsOf({ dataFolder: folder.path, databaseUrl: undefined, eventStoreUrl: undefined });
    },
    30_000 + ROUNDS * 15_000,
  );

  afterAll(async () => {
    service.program.signal('SIGKILL');
    await service.program.ended;
    await folder.remove();
  });

  /** All that the clerks have sent, and whether they know that it was done. */
  async function workAndKill(): Promise<Sent[]> {
    const env = { MOTCUA_DATA: folder.path };
    let up = startedService(env, CLERKS);
    let moves = 0;
    let nextKill = { at: Infinity, now: (): void => undefined };
    const counter = {
      url: async () => (await up).url,
      moved: () => {
        moves += 1;
        if (moves >= nextKill.at) nextKill.now();
      },
    };
    service = await up;
    let atWork = true;
    const clerks = CLERKS.map((id) => new Clerk(id, counter, random, () => atWork));
    const work = Promise.all(clerks.map((clerk) => clerk.work()));
    // A clerk that was told something unheard of ends the test.
    const failed = work.then(() => undefined);
    failed.catch(() => (atWork = false));
    for (let round = 0; round < ROUNDS; round += 1) {
      const moment = new Promise<void>((now) => (nextKill = { at: moves + 1 + random() * 400, now }));
      await Promise.race([moment, failed]);
      for (let turns = Math.floor(random() * 50); turns > 0; turns -= 1) await turn();
      if (round % 4 === 3) {
        // The service stays, and starts its database again by itself.
        await killServer(folder.path, random() < 0.5);
        continue;
      }
      let restart!: (started: Promise<{ program: Program; url: string }>) => void;
      up = new Promise((resolve) => (restart = resolve));
      if (round % 4 === 1) await killServer(folder.path, random() < 0.5);
      service.program.signal('SIGKILL');
      if (round % 4 === 2) await killServer(folder.path, random() < 0.5);
      await service.program.ended;
      restart(startedService(env, []));
      service = await up;
    }
    atWork = false;
    await work;
    return clerks.flatMap((clerk) => clerk.sent);
  }

  it('has every acknowledged command in the log as it was acknowledged', () => {
    expect(expectAcknowledgedKept(events, sent)).toBeGreaterThan(ROUNDS * 10);
  });

  it('has no command twice or in part, acknowledged or not, and none that nobody gave', () => {
    expectNothingDoubled(events, sent);
  });

  it('has codes without gaps in every day, and positions without gaps', () => {
    expectInOrder(events, true);
  });

  it(
    'answers a repeat as it answered the first time',
    () => expectRepeatsAnswered(service.url, sent),
    60_000,
  );

  it('has a log that verifies, and a rebuilt report equal to the live one', async () => {
    const env = { MOTCUA_DATA: folder.path };
    const verified = await motcua(['verify', '--json'], env);
    expect(JSON.parse(verified.stdout)).toMatchObject({ findings: [], events: events.length });
    const live = await liveReport(service.url, FROM, TO);
    const rebuilt = await motcua(['rebuild', '--json'], env);
    expect(rebuilt).toMatchObject({ code: 0, stderr: '' });
    const reports = JSON.parse(rebuilt.stdout) as { name: string; compared: boolean; tables: object[] }[];
    expect(reports.map(({ name, compared }) => [name, compared])).toEqual(
      PROJECTION_NAMES.map((name) => [name, true]),
    );
    for (const table of reports.flatMap(({ tables }) => tables)) {
      expect(table).toMatchObject({ onlyOld: 0, onlyNew: 0, changed: 0 });
    }
    expect(await liveReport(service.url, FROM, TO)).toEqual(live);
    const told = await motcua(
      ['report', '--form', 'II.06a', '--from', FROM, '--to', TO, '--json', '--final', '--recount'],
      env,
    );
    expect(JSON.parse(told.stdout)).toMatchObject(live);
  }, 60_000);
});
