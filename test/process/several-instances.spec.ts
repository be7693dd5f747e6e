import { randomUUID } from 'node:crypto';
import { PROJECTION_NAMES } from '#apps/worker/projections.js';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { motcua, type Program, startedService, startedWorker } from '../support/program.js';
import { bearer } from '../support/tokens.js';

const SIGNED_IN = { headers: bearer('clerk-1') };
const LIMIT = 120_000;
/** A lease, a second to look around, and what a loaded machine adds. */
const TAKEN_OVER_MS = 10_000;
const PATIENCE_MS = 40_000;
const PERIOD = 'from=2023-12-01T00:00:00%2B07:00&to=2100-01-01T00:00:00%2B07:00';

interface Running {
  readonly program: Program;
  readonly url: string;
}
interface Report {
  readonly total: Record<string, number>;
  readonly rows: readonly unknown[];
  readonly position: number;
  readonly lag: { readonly events: number };
}

describe('two api and two workers on one PostgreSQL', () => {
  let database: TestDatabase;
  let env: NodeJS.ProcessEnv;
  let apis: Running[];
  let workers: Running[];
  const opened: string[] = [];

  beforeAll(async () => {
    database = await createTestDatabase();
    env = { DATABASE_URL: database.url };
    const api = { ...env, MOTCUA_PROJECTIONS: 'elsewhere' };
    const starts = [startedService(api), startedService(api), startedWorker(env), startedWorker(env)];
    const all = await Promise.allSettled(starts);
    const running = (from: number): Running[] =>
      all.slice(from, from + 2).flatMap((start) => (start.status === 'fulfilled' ? [start.value] : []));
    [apis, workers] = [running(0), running(2)];
    await Promise.all(starts);
  }, LIMIT);

  afterAll(async () => {
    for (const { program } of [...apis, ...workers]) {
      program.signal('SIGKILL');
      await program.ended;
    }
    await database.drop();
  });

  async function rows<T extends object>(sql: string): Promise<T[]> {
    return (await database.pool.query<T>(sql)).rows;
  }

  /** The process that owns each projection. */
  async function owners(): Promise<Map<string, number>> {
    const found = await rows<{ projection: string; owner: string | null }>(
      'SELECT projection, owner FROM projection.owners WHERE owner IS NOT NULL',
    );
    return new Map(found.map(({ projection, owner }) => [projection, Number(owner?.split(' ')[1])]));
  }

  async function until(condition: () => Promise<boolean>): Promise<number> {
    const begun = performance.now();
    while (!(await condition())) {
      if (performance.now() - begun > PATIENCE_MS) throw new Error('it did not come to pass');
    }
    return performance.now() - begun;
  }

  const spread = async (): Promise<boolean> => {
    const pids = [...new Set((await owners()).values())].sort();
    return String(pids) === String(workers.map(({ program }) => program.pid).sort());
  };

  async function open(url: string): Promise<{ code: string; position: number }> {
    const response = await fetch(`${url}/api/dossiers`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...SIGNED_IN.headers, 'idempotency-key': randomUUID() },
      body: JSON.stringify({
        ...{ unit: 'H54.12', procedure: '1.009664', channel: 'in_person' },
        applicant: { name: 'Công ty TNHH Ánh Dương' },
      }),
    });
    const body = (await response.json()) as { code: string; position: number };
    expect([response.status, body]).toEqual([201, body]);
    opened.push(body.code);
    return body;
  }

  const get = async <T>(url: string): Promise<T> => (await fetch(url, SIGNED_IN)).json() as Promise<T>;

  /** As soon as it holds the whole log. */
  async function report(url: string): Promise<Omit<Report, 'lag'>> {
    for (;;) {
      const { total, rows: lines, position, lag } = await get<Report>(`${url}/api/reports/ii-06a?${PERIOD}`);
      if (lag?.events === 0) return { total, rows: lines, position };
    }
  }

  /** Every dossier is listed once and counted once, whichever instance is asked. */
  async function expectAllRight(): Promise<void> {
    const reports = await Promise.all(apis.map(({ url }) => report(url)));
    expect(reports[1]).toEqual(reports[0]);
    expect(reports[0]?.total['3']).toBe(130 + opened.length);
    const behind = `SELECT 1 FROM projection.checkpoints WHERE position < ${reports[0]?.position ?? 0}`;
    await until(async () => (await rows(behind)).length === 0);
    const listed = await rows<{ code: string }>('SELECT code FROM worklist.dossiers');
    expect(listed).toHaveLength(130 + opened.length);
    const codes = new Set(listed.map(({ code }) => code));
    expect(opened.filter((code) => !codes.has(code))).toEqual([]);
  }

  it('come up together on an empty database, and the demonstration is there once', async () => {
    const loaded = apis.filter(({ program }) => program.stdout.includes('demonstration desk was loaded'));
    expect(loaded).toHaveLength(1);
    for (const { program } of [...apis, ...workers]) expect(program.stderr).toBe('');
    await until(async () => (await get<{ status: string }>(`${apis[0]!.url}/health/ready`)).status === 'ok');
    await expectAllRight();
    for (const { url } of workers) {
      expect(await get(`${url}/health/ready`)).toMatchObject({ status: 'ok' });
    }
  });

  it('give the codes of a day without gaps or doubles, whichever instance is asked', async () => {
    const opening = Array.from({ length: 60 }, (_, n) => open(apis[n % 2]!.url));
    const codes = (await Promise.all(opening)).map(({ code }) => code);
    const days = new Map<string, number[]>();
    for (const code of codes) {
      const [, day = '', sequence] = /^(.+)-(\d+)$/.exec(code) ?? [];
      days.set(day, [...(days.get(day) ?? []), Number(sequence)]);
    }
    for (const numbers of days.values()) {
      expect(numbers.sort((a, b) => a - b)).toEqual(numbers.map((_, n) => n + 1));
    }
    await expectAllRight();
  });

  it('share the projections, some to each worker', async () => {
    await until(spread);
    expect((await owners()).size).toBe(PROJECTION_NAMES.length);
  });

  it(
    'lose nothing with a killed worker: the other takes over within seconds',
    async () => {
      const [killed, heir] = workers as [Running, Running];
      killed.program.signal('SIGKILL');
      await killed.program.ended;
      const { position } = await open(apis[0]!.url);
      const took = await until(async () => {
        const behind = await rows(`SELECT 1 FROM projection.checkpoints WHERE position < ${position}`);
        return behind.length === 0;
      });
      expect(took).toBeLessThan(TAKEN_OVER_MS);
      expect(new Set((await owners()).values())).toEqual(new Set([heir.program.pid]));
      await expectAllRight();
      workers = [heir, await startedWorker(env)];
      await until(spread);
    },
    LIMIT,
  );

  it(
    'keep a worker that stalled past its lease from writing when it goes on',
    async () => {
      await rows(`CREATE TABLE writes (name text, token bigint, writer text)`);
      await rows(`CREATE FUNCTION note_write() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        INSERT INTO writes VALUES (new.name, new.token, current_setting('application_name'));
        RETURN NULL; END $$`);
      await rows(`CREATE TRIGGER note AFTER UPDATE OF position ON projection.checkpoints
        FOR EACH ROW EXECUTE FUNCTION note_write()`);
      const [stalled] = workers as [Running, Running];
      let writing = true;
      const writers = apis.map(async ({ url }) => {
        while (writing) await open(url);
      });
      await until(async () => (await rows(`SELECT 1 FROM writes`)).length > 4);
      stalled.program.signal('SIGSTOP');
      await until(async () => ![...(await owners()).values()].includes(stalled.program.pid));
      const handed = await rows<{ n: number }>('SELECT count(*)::int AS n FROM writes');
      await until(async () => (await rows(`SELECT 1 FROM writes`)).length > handed[0]!.n + 4);
      stalled.program.signal('SIGCONT');
      await until(spread);
      writing = false;
      await Promise.all(writers);
      await expectAllRight();

      const byTwo = `SELECT name, token FROM writes GROUP BY 1, 2 HAVING count(DISTINCT writer) > 1`;
      expect(await rows(byTwo)).toEqual([]);
      const owned = await rows(`SELECT DISTINCT name, token FROM writes`);
      expect(owned.length).toBeGreaterThan(2);
    },
    LIMIT,
  );

  it(
    'are waited for by the command line, which keeps up only what nobody else does',
    async () => {
      const period = ['--from', '2023-12-01T00:00:00+07:00', '--to', '2100-01-01T00:00:00+07:00'];
      const told = async (): Promise<number | undefined> => {
        const { stdout, stderr } = await motcua(
          ['report', '--form', 'II.06a', ...period, '--final', '--json'],
          env,
        );
        expect(stderr).toBe('');
        return (JSON.parse(stdout) as Report).total['3'];
      };
      const before = await owners();
      await open(apis[0]!.url);
      expect(await told()).toBe(130 + opened.length);
      expect(await owners()).toEqual(before);

      for (const { program } of workers) program.signal('SIGTERM');
      await Promise.all(workers.map(({ program }) => program.ended));
      await open(apis[1]!.url);
      expect(await told()).toBe(130 + opened.length);
      expect(await owners()).toEqual(new Map());
      workers = await Promise.all([startedWorker(env), startedWorker(env)]);
      await until(spread);
    },
    LIMIT,
  );

  it(
    'stop cleanly, and the projections of a worker that is told to go pass on at once',
    async () => {
      const [going, staying] = workers as [Running, Running];
      going.program.signal('SIGTERM');
      expect(await going.program.ended).toMatchObject({ code: 0 });
      await until(async () => {
        const pids = new Set((await owners()).values());
        const all = (await owners()).size === PROJECTION_NAMES.length;
        return all && pids.size === 1 && pids.has(staying.program.pid);
      });
      await open(apis[1]!.url);
      await expectAllRight();
      for (const { program } of [staying, ...apis]) {
        program.signal('SIGINT');
        expect(await program.ended).toMatchObject({ code: 0 });
      }
      expect(await rows('SELECT * FROM projection.processes')).toEqual([]);
      expect(await owners()).toEqual(new Map());
    },
    LIMIT,
  );
});
