import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import { openEmbeddedPostgres } from '#libs/read-db/embedded-postgres.adapter.js';
import { readPostmaster } from '#libs/read-db/postmaster.adapter.js';
import { createTestDatabase } from '../support/database.js';
import { copyOfEmpty } from '../support/data-template.js';
import { copyOfDesk, KEY } from '../support/desk-template.js';
import {
  type Ended,
  motcua,
  type Program,
  serverRuns,
  service,
  startedService,
  takenPort,
  temporaryFolder,
} from '../support/program.js';
import { bearer } from '../support/tokens.js';

const HALF_YEAR = '/api/reports/ii-06a?from=2024-01-01T00:00:00%2B07:00&to=2024-07-01T00:00:00%2B07:00';
const JULY = '/api/reports/ii-06a?from=2024-07-01T00:00:00%2B07:00&to=2024-08-01T00:00:00%2B07:00';
/** 130 = 13 + 117, 110 online, 7 in person, 119 before or on time, none late, 11 pending. */
const ARTICLE = { '3': 130, '4': 110, '5': 7, '6': 13, '7': 119, '10': 0, '11': 11 };
const SIGNED_IN = { headers: bearer('clerk-1') };
/** Events of the account that asks. */
const OF_THE_ACCOUNT = 3;
const LIMIT = 120_000;

describe('the service as a process', () => {
  const after: (() => Promise<unknown>)[] = [];
  afterEach(async () => {
    for (let undo = after.pop(); undo; undo = after.pop()) await undo();
  });

  async function folder(): Promise<string> {
    const { path, remove } = await temporaryFolder();
    after.push(remove);
    return path;
  }

  /** One with the demonstration, whose master key is `KEY`. */
  async function desk(): Promise<string> {
    const path = await folder();
    await copyOfDesk(path);
    return path;
  }

  async function started(env: NodeJS.ProcessEnv): Promise<{ program: Program; url: string }> {
    const running = await startedService(env);
    after.push(() => stopped(running.program));
    return running;
  }

  it(
    'comes up on a new folder with the demonstration desk, stops cleanly, and comes up again without a second one',
    async () => {
      const data = await folder();
      const first = await started({ MOTCUA_DATA: data });
      const lines = first.program.stdout.split('\n');
      expect(lines[0]).toMatch(/demonstration desk was loaded \(130 synthetic dossiers/);
      expect(lines[1]).toContain(`open ${first.url}/api (data: ${data})`);
      expect(await json(`${first.url}/health/ready`)).toMatchObject({ status: 'ok' });
      expect(await columns(first.url + HALF_YEAR)).toMatchObject(ARTICLE);
      expect(await columns(first.url + JULY)).toMatchObject({ '6': 11 });

      first.program.signal('SIGINT');
      expect(await first.program.ended).toMatchObject({ code: 0 });
      expect(await serverRuns(data)).toBe(false);

      const second = await started({ MOTCUA_DATA: data });
      expect(second.program.stdout.split('\n')[0]).toMatch(/motcua is running/);
      expect(await columns(second.url + HALF_YEAR)).toMatchObject(ARTICLE);
      second.program.signal('SIGTERM');
      expect(await second.program.ended).toMatchObject({ code: 0, stderr: '' });
      expect(await serverRuns(data)).toBe(false);
    },
    LIMIT,
  );

  it(
    'leaves a new log empty with MOTCUA_DEMO=off, and refuses another word',
    async () => {
      const data = await folder();
      await copyOfEmpty(data);
      const { program, url } = await started({ MOTCUA_DATA: data, MOTCUA_DEMO: 'off' });
      expect(program.stdout).not.toMatch(/demonstration/);
      expect(await json(`${url}/api/dossiers`)).toMatchObject({ items: [], position: OF_THE_ACCOUNT });
      const wrong = await service({ MOTCUA_DATA: data, MOTCUA_DEMO: 'no' }).ended;
      expect(wrong).toMatchObject({ code: 1, stdout: '' });
      expect(wrong.stderr).toMatch(/^motcua: MOTCUA_DEMO .*\n$/);
    },
    LIMIT,
  );

  it(
    'stops with requests in flight, a client that never ends its own, and the signal given twice',
    async () => {
      const data = await desk();
      const { program, url } = await started({ ...KEY, MOTCUA_DATA: data });
      const { port } = new URL(url);
      const slow = connect(Number(port), '127.0.0.1');
      slow.on('error', () => undefined);
      slow.write(
        'POST /api/dossiers HTTP/1.1\r\nHost: motcua\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{',
      );
      await once(slow, 'ready');
      const flood = Array.from({ length: 30 }, () =>
        fetch(url + HALF_YEAR, SIGNED_IN).then(
          (r) => r.status,
          () => 'cut',
        ),
      );
      await Promise.race(flood);
      program.signal('SIGINT');
      program.signal('SIGINT');
      expect(await program.ended).toMatchObject({ code: 0 });
      expect((await Promise.all(flood)).filter((status) => status === 500)).toEqual([]);
      expect(await serverRuns(data)).toBe(false);
    },
    LIMIT,
  );

  it(
    'stops cleanly at every point of its start, and the next start has the whole demonstration',
    async () => {
      const data = await folder();
      const points = [/making the database/, /demonstration desk/];
      for (const [n, point] of points.entries()) {
        const program = service({ MOTCUA_DATA: data });
        after.push(() => stopped(program));
        await program.says(point, n === 0 ? 'stderr' : 'stdout');
        program.signal('SIGINT');
        expect(await program.ended).toMatchObject({ code: 0 });
        expect(await serverRuns(data)).toBe(false);
      }
      const { url } = await started({ MOTCUA_DATA: data });
      expect(await columns(url + HALF_YEAR)).toMatchObject(ARTICLE);
    },
    LIMIT,
  );

  it.each(['SIGINT', 'SIGKILL'] as const)(
    'completes a demonstration that %s broke off half-way',
    async (signal) => {
      const database = await createTestDatabase();
      after.push(() => database.drop());
      const env = { DATABASE_URL: database.url };
      const program = service(env);
      const events = async (): Promise<bigint> => {
        const { rows } = await database.pool
          .query<{ count: bigint }>('SELECT count(*) FROM event_log.events')
          .catch(() => ({ rows: [] }));
        return rows[0]?.count ?? 0n;
      };
      let half = 0n;
      while (half < 150n) half = await events();
      program.signal(signal);
      await program.ended;
      half = await events();

      const { program: second, url } = await started(env);
      expect(await columns(url + HALF_YEAR)).toMatchObject(ARTICLE);
      expect(second.stdout).toMatch(/demonstration desk was loaded/);
      expect(await events()).toBeGreaterThan(half);
    },
    LIMIT,
  );

  it(
    'runs twice on one folder, and the first to stop leaves the database to the other',
    async () => {
      const data = await desk();
      const env = { ...KEY, MOTCUA_DATA: data };
      const [one, other] = await Promise.all([started(env), started(env)]);
      expect(await columns(one.url + HALF_YEAR)).toMatchObject(ARTICLE);
      expect(await columns(other.url + HALF_YEAR)).toMatchObject(ARTICLE);
      one.program.signal('SIGINT');
      expect(await one.program.ended).toMatchObject({ code: 0 });
      expect(await json(`${other.url}/health/ready`)).toMatchObject({ status: 'ok' });
      other.program.signal('SIGINT');
      expect(await other.program.ended).toMatchObject({ code: 0 });
      expect(await serverRuns(data)).toBe(false);
    },
    LIMIT,
  );

  it(
    'works on a PostgreSQL of the user’s, and leaves it running',
    async () => {
      const database = await createTestDatabase();
      after.push(() => database.drop());
      const unused = join(await folder(), 'unused');
      const { program, url } = await started({ DATABASE_URL: database.url, MOTCUA_DATA: unused });
      expect(program.stdout).toContain('(data: DATABASE_URL)');
      expect(await columns(url + HALF_YEAR)).toMatchObject(ARTICLE);
      program.signal('SIGINT');
      expect(await program.ended).toMatchObject({ code: 0 });
      expect((await database.pool.query('SELECT 1')).rowCount).toBe(1);
      expect(existsSync(unused)).toBe(false);
    },
    LIMIT,
  );

  it(
    'says that it is not ready when its database goes away, and neither ends nor throws',
    async () => {
      const data = await desk();
      const cluster = await openEmbeddedPostgres({ dataFolder: data, durable: false });
      const { program, url } = await started({ DATABASE_URL: cluster.url });
      await cluster.close();
      await killServer(data);
      const answer = await fetch(`${url}/health/ready`);
      expect(answer.status).toBe(503);
      expect((await fetch(`${url}/health/live`)).status).toBe(200);
      expect((await fetch(`${url}/api/dossiers/H54.12-240102-0001`, SIGNED_IN)).status).toBe(503);
      expect((await fetch(url + HALF_YEAR, SIGNED_IN)).status).toBe(503);
      program.signal('SIGINT');
      const { code, stderr } = await program.ended;
      expect(code).toBe(0);
      expect(stderr).not.toMatch(/unhandled|at \S+ \(/i);
    },
    LIMIT,
  );

  describe('refuses to start with one line, and starts nothing', () => {
    const refused = async ({ code, stdout, stderr }: Ended, named: RegExp, data: string): Promise<void> => {
      expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
      expect(stderr).toMatch(/^motcua: .+\n$/);
      expect(stderr).toMatch(named);
      expect(stderr).not.toContain('secret');
      expect(await serverRuns(data)).toBe(false);
    };

    it.each<[string, (data: string) => Promise<NodeJS.ProcessEnv>, RegExp]>([
      ['a port that is no number', async () => ({ PORT: 'abc' }), /abc/],
      [
        'a port that is taken',
        async () => {
          const { port, release } = await takenPort();
          after.push(release);
          return { PORT: String(port) };
        },
        /port \d+/i,
      ],
      [
        'a data folder of a newer version',
        async (data) => {
          await writeFile(join(data, 'motcua.json'), JSON.stringify({ format: 99, password: 'x' }));
          return {};
        },
        /newer/,
      ],
      [
        'a database out of reach',
        async () => {
          const { port, release } = await takenPort();
          await release();
          return { DATABASE_URL: `postgresql://u:secret@127.0.0.1:${port}/db` };
        },
        /127\.0\.0\.1:\d+\/db/,
      ],
    ])('%s', async (_what, prepare, named) => {
      const data = await folder();
      await refused(await service({ MOTCUA_DATA: data, ...(await prepare(data)) }).ended, named, data);
    });

    // Settings are read and folders opened by the same functions: a command starts in a tenth of the time.
    it.each<[string, (data: string) => Promise<NodeJS.ProcessEnv>, RegExp]>([
      [
        'a data folder below a file',
        async (data) => {
          await writeFile(join(data, 'file'), '');
          return { MOTCUA_DATA: join(data, 'file', 'data') };
        },
        /file\/data/,
      ],
      [
        'a data folder where none can be made',
        async () => ({ MOTCUA_DATA: '/proc/motcua/data' }),
        /\/proc\/motcua/,
      ],
      [
        'a data folder that lost its mark',
        async (data) => {
          await mkdir(join(data, 'postgres'));
          await writeFile(join(data, 'postgres', 'PG_VERSION'), '18\n');
          return {};
        },
        /motcua\.json/,
      ],
      [
        'an address that is none of a database',
        async () => ({ DATABASE_URL: 'mysql://secret@x' }),
        /postgresql:\/\//,
      ],
    ])('%s, as any command', async (_what, prepare, named) => {
      const data = await folder();
      await refused(await motcua(['demo'], { MOTCUA_DATA: data, ...(await prepare(data)) }), named, data);
    });
  });
});

async function stopped(program: Program): Promise<void> {
  program.signal('SIGTERM');
  await program.ended;
}

async function killServer(data: string): Promise<void> {
  const server = await readPostmaster(join(data, 'postgres'));
  if (server) process.kill(server.pid, 'SIGQUIT');
}

async function json(url: string): Promise<unknown> {
  return (await fetch(url, SIGNED_IN)).json();
}

/** The totals of a report, as soon as the read models are there and at the end of the log. */
async function columns(url: string): Promise<Record<string, number>> {
  for (;;) {
    const report = (await json(url)) as { total: Record<string, number>; lag?: { events: number } };
    if (report.lag?.events === 0) return report.total;
  }
}
