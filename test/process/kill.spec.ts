import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openPlatform } from '#apps/platform/open-platform.js';
import { commandIdOf } from '#libs/dossier/commands/command.js';
import type { RecordedEvent } from '#libs/event-log/event-log.js';
import { readPostmaster } from '#libs/read-db/postmaster.adapter.js';
import { Clerk, send, type Sent } from '../support/clerks.js';
import { motcua, type Program, startedService, temporaryFolder } from '../support/program.js';
import { mulberry32 } from '../support/random.js';

const ROUNDS = Number(process.env.FAULT_ROUNDS ?? 5);
const SEED = Number(process.env.FAULT_SEED ?? 20240701);
const CLERKS = 8;
const PERIOD = ['--from', '2023-12-01T00:00:00+07:00', '--to', '2100-01-01T00:00:00+07:00'];

describe(`killed ${ROUNDS} times at random points (seed ${SEED}) while ${CLERKS} clerks write`, () => {
  const random = mulberry32(SEED);
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let service: { program: Program; url: string };
  let sent: Sent[];
  let events: RecordedEvent[];

  beforeAll(
    async () => {
      folder = await temporaryFolder();
      sent = await workAndKill();
      const platform = await openPlatform({ dataFolder: folder.path, databaseUrl: undefined });
      events = [];
      for await (const event of platform.rawLog.readAll()) events.push(event);
      await platform.close();
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
    let up = startedService(env);
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
    const clerks = Array.from(
      { length: CLERKS },
      (_, n) => new Clerk(`clerk-${n + 1}`, counter, random, () => atWork),
    );
    const work = Promise.all(clerks.map((clerk) => clerk.work()));
    // A clerk that was told something unheard of ends the test.
    const failed = work.then(() => undefined);
    failed.catch(() => (atWork = false));
    for (let round = 0; round < ROUNDS; round += 1) {
      const moment = new Promise<void>((now) => (nextKill = { at: moves + 1 + random() * 400, now }));
      await Promise.race([moment, failed]);
      for (let turns = Math.floor(random() * 50); turns > 0; turns -= 1) await turn();
      let restart!: (started: Promise<{ program: Program; url: string }>) => void;
      up = new Promise((resolve) => (restart = resolve));
      if (round % 3 === 1) await killServer(folder.path, random() < 0.5);
      service.program.signal('SIGKILL');
      if (round % 3 === 2) await killServer(folder.path, random() < 0.5);
      await service.program.ended;
      restart(startedService(env));
      service = await up;
    }
    atWork = false;
    await work;
    return clerks.flatMap((clerk) => clerk.sent);
  }

  const byCommand = (): Map<string, RecordedEvent[]> => groupBy(events, (event) => event.metadata.commandId);
  const idOf = ({ actor, key }: Sent): string => commandIdOf(actor, key);

  it('has every acknowledged command in the log as it was acknowledged', () => {
    const written = byCommand();
    const acknowledged = sent.flatMap(({ answer, ...command }) => (answer ? [{ ...command, answer }] : []));
    expect(acknowledged.length).toBeGreaterThan(ROUNDS * 10);
    const told = acknowledged.map(({ answer }) => answer);
    const found = acknowledged.map((command) => {
      const last = written.get(idOf(command))?.at(-1);
      return {
        code: last?.stream.replace(/^dossier-/, ''),
        revision: Number(last?.revision),
        position: Number(last?.position),
        recordedAt: last?.recordedAt,
      };
    });
    expect(found).toEqual(told);
  });

  it('has no command twice or in part, acknowledged or not, and none that nobody gave', () => {
    const given = new Map(sent.map((command) => [idOf(command), command.step]));
    const shapes = new Map<string, Set<string>>();
    for (const [id, own] of byCommand()) {
      const step = given.get(id);
      expect(step).toBeDefined();
      expect(new Set(own.map(({ stream }) => stream)).size).toBe(1);
      const first = own[0]!.revision;
      expect(own.map(({ revision }) => revision - first)).toEqual(own.map((_, n) => BigInt(n)));
      shapes.set(step!, (shapes.get(step!) ?? new Set()).add(own.map(({ type }) => type).join()));
    }
    // Every command of a step wrote the same events.
    expect([...shapes].filter(([, kinds]) => kinds.size !== 1)).toEqual([]);
  });

  it('has codes without gaps in every day, and positions without gaps', () => {
    const codes = new Set(
      events.map(({ stream }) => stream).filter((stream) => stream.startsWith('dossier-')),
    );
    for (const numbers of groupBy([...codes], (code) => code.replace(/-\d+$/, '')).values()) {
      const sorted = numbers.map((code) => Number(/\d+$/.exec(code)![0])).sort((a, b) => a - b);
      expect(sorted).toEqual(sorted.map((_, n) => n + 1));
    }
    expect(events.map(({ position }) => position)).toEqual(events.map((_, n) => BigInt(n + 1)));
  });

  it('answers a repeat as it answered the first time', async () => {
    const known = sent.filter(({ answer }) => answer).slice(-40);
    const again = await Promise.all(known.map((command) => send(service.url, command)));
    expect(again).toEqual(known.map(({ answer }) => answer));
  });

  it('has a log that verifies, and a rebuilt report equal to the live one', async () => {
    const env = { MOTCUA_DATA: folder.path };
    const verified = await motcua(['verify', '--json'], env);
    expect(JSON.parse(verified.stdout)).toMatchObject({ findings: [], events: events.length });
    const live = await liveReport();
    const rebuilt = await motcua(['rebuild', '--json'], env);
    expect(rebuilt).toMatchObject({ code: 0, stderr: '' });
    const reports = JSON.parse(rebuilt.stdout) as { compared: boolean; tables: object[] }[];
    expect(reports.map(({ compared }) => compared)).toEqual([true, true]);
    for (const table of reports.flatMap(({ tables }) => tables)) {
      expect(table).toMatchObject({ onlyOld: 0, onlyNew: 0, changed: 0 });
    }
    expect(await liveReport()).toEqual(live);
    const told = await motcua(
      ['report', '--form', 'II.06a', ...PERIOD, '--json', '--final', '--recount'],
      env,
    );
    expect(JSON.parse(told.stdout)).toMatchObject(live);
  }, 60_000);

  async function liveReport(): Promise<{ rows: unknown; total: unknown; position: number }> {
    const query = new URLSearchParams({ from: PERIOD[1]!, to: PERIOD[3]! });
    for (;;) {
      const response = await fetch(`${service.url}/api/reports/ii-06a?${query.toString()}`);
      const { rows, total, position, lag } = (await response.json()) as {
        rows: unknown;
        total: unknown;
        position: number;
        lag?: { events: number };
      };
      if (lag?.events === 0) return { rows, total, position };
    }
  }
});

/** The database server and all its processes, as a power cut would. */
async function killServer(data: string, childrenFirst: boolean): Promise<void> {
  const server = await readPostmaster(join(data, 'postgres'));
  if (!server) return;
  const children = (await promisify(execFile)('pgrep', ['-P', String(server.pid)])).stdout
    .split('\n')
    .filter(Boolean);
  const pids = childrenFirst ? [...children, server.pid] : [server.pid, ...children];
  for (const pid of pids) {
    try {
      process.kill(Number(pid), 'SIGKILL');
    } catch {
      // It ended by itself when the others did.
    }
  }
}

function groupBy<T>(values: readonly T[], keyOf: (value: T) => string | undefined): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const value of values) {
    const key = keyOf(value);
    if (key !== undefined) groups.set(key, [...(groups.get(key) ?? []), value]);
  }
  return groups;
}
