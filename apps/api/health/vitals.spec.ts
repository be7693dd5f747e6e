import { describe, expect, it } from '@jest/globals';
import type { Pool } from 'pg';
import type { LogEngine } from '#libs/event-log/event-log.js';
import type { ProjectionStatus } from '#libs/projection/status.js';
import { type Dependency, Vitals } from './vitals.js';

const LIVE: ProjectionStatus = {
  ...{ name: 'worklist', version: 1, position: 7n, head: 7n, lagEvents: 0, lagSeconds: 0, status: 'live' },
};
const never = (): Promise<never> => new Promise<never>(() => undefined);
const fails = (): Promise<never> => Promise.reject(new Error('gone'));

/** A process whose database says who keeps the worklist, and how long the last one has been gone. */
function vitals(
  given: {
    projection?: Partial<ProjectionStatus>;
    owner?: { owner: string | null; gone: number };
    dependencies?: readonly Dependency[];
    head?: () => Promise<bigint>;
    stopping?: AbortSignal;
  } = {},
): Vitals {
  const { projection = {}, owner = { owner: 'me', gone: -2 }, head = () => Promise.resolve(7n) } = given;
  const query = (sql: string): Promise<{ rows: object[] }> => {
    if (sql.includes('to_regclass')) return Promise.resolve({ rows: [{ there: true }] });
    return Promise.resolve({
      rows: sql.includes('projection.owners') ? [{ projection: 'worklist', ...owner }] : [],
    });
  };
  return new Vitals({
    platform: {
      pool: { query } as unknown as Pool,
      rawLog: { engine: 'postgresql', requireWritable: head } as unknown as LogEngine,
    },
    projections: { process: 'me', status: () => Promise.resolve([{ ...LIVE, ...projection }]) },
    dependencies: given.dependencies ?? [],
    lagLimitSeconds: 60,
    stopping: given.stopping ?? new AbortController().signal,
  });
}
const statusOf = async (given: Parameters<typeof vitals>[0]): Promise<string> =>
  (await vitals(given).read()).status;

describe('a process', () => {
  it('is ok when all answer and the read models are kept and near', async () => {
    const { status, projections } = await vitals().read();
    expect(status).toBe('ok');
    expect(projections).toMatchObject([{ name: 'worklist', owner: 'me', ours: true, ownerlessSeconds: 0 }]);
  });

  it('is degraded by a read model that stands still, is of another log, is late, or has been without an owner for long', async () => {
    expect(await statusOf({ projection: { status: 'stopped' } })).toBe('degraded');
    expect(await statusOf({ projection: { status: 'rebuilding' } })).toBe('ok');
    expect(await statusOf({ projection: { status: 'rebuilding', tablesOf: 'eventstoredb' } })).toBe(
      'degraded',
    );
    expect(await statusOf({ projection: { lagSeconds: 61 } })).toBe('degraded');
    expect(await statusOf({ projection: { lagSeconds: 59 } })).toBe('ok');
    expect(await statusOf({ owner: { owner: null, gone: 11 } })).toBe('degraded');
    expect(await statusOf({ owner: { owner: null, gone: 4 } })).toBe('ok');
    expect(await statusOf({ owner: { owner: 'another', gone: -1 } })).toBe('ok');
  });

  it('is degraded without what it can do its main work without, and unavailable without the log', async () => {
    const jobs = (ask: () => Promise<unknown>): Dependency => ({ name: 'jobs', vital: false, ask });
    expect(await statusOf({ dependencies: [jobs(fails)] })).toBe('degraded');
    expect(await statusOf({ dependencies: [jobs(() => Promise.resolve())] })).toBe('ok');
    expect(await statusOf({ head: fails })).toBe('unavailable');
  });

  it('waits a few seconds at most for one that does not answer, and says so', async () => {
    const begun = performance.now();
    const { status, dependencies } = await vitals({ head: never }).read();
    expect(performance.now() - begun).toBeLessThan(4_000);
    expect(status).toBe('unavailable');
    expect(dependencies).toMatchObject([
      { name: 'event-log', engine: 'postgresql', status: 'unavailable' },
      { name: 'database', status: 'ok' },
    ]);
    expect(dependencies[0]?.milliseconds).toBeGreaterThan(1_900);
  });

  it('that was told to stop says only that', async () => {
    expect(await statusOf({ head: fails, stopping: AbortSignal.abort() })).toBe('stopping');
  });

  it('counts the jobs of those that have some, and leaves out those that do not answer', async () => {
    const dependencies: Dependency[] = [
      { name: 'jobs', vital: false, ask: fails, counts: async () => ({ maintenance: { waiting: 2 } }) },
      { name: 'others', vital: false, ask: fails, counts: fails },
    ];
    expect(await vitals({ dependencies }).jobs()).toEqual([
      { queue: 'maintenance', state: 'waiting', jobs: 2 },
    ]);
  });
});
