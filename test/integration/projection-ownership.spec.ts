import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { forgetCheckpoints, readCheckpoint } from '#libs/projection/checkpoints.js';
import { projectionOwners } from '#libs/projection/owners.js';
import { Ownership } from '#libs/projection/ownership.js';
import { projectionStatus } from '#libs/projection/status.js';
import { setUpTables } from '#libs/projection/tables.js';
import { withClient } from '#libs/projection/transaction.js';
import { CounterProjection } from '../support/counter-projection.js';
import { newEvent, write } from '../support/dossier-events.js';
import { Gate } from '../support/gate.js';
import { ProjectionBench } from '../support/projection-bench.js';

const NAMES = ['counts', 'sums'];

describe('the ownership of projections', () => {
  let bench: ProjectionBench;
  let processes: Ownership[];
  let owned: Map<string, Map<string, bigint>>;
  const of = (process: string): string[] => [...(owned.get(process) ?? [])].map(([name]) => name).sort();
  const number = async (): Promise<unknown> =>
    (await bench.rows('SELECT count(*)::int AS n FROM projection.processes'))[0]?.['n'];

  beforeEach(async () => {
    bench = await ProjectionBench.open();
    processes = [];
    owned = new Map();
    await withClient(bench.pool, setUpTables);
  });
  afterEach(async () => {
    await Promise.all(processes.map((process) => process.stop()));
    await bench.close();
  });

  function start(process: string, options: { guest?: boolean; slow?: Gate } = {}): Ownership {
    const mine = new Map<string, bigint>();
    owned.set(process, mine);
    const begin = (name: string, token: bigint): { stop(): Promise<void> } => {
      for (const [other, theirs] of owned) {
        if (theirs.has(name) && !options.slow) throw new Error(`${name} is kept by ${other}`);
      }
      mine.set(name, token);
      return {
        stop: async () => {
          await options.slow?.pass();
          mine.delete(name);
        },
      };
    };
    const ownership = new Ownership({ pool: bench.pool, projections: NAMES, process, ...options, begin });
    processes.push(ownership);
    ownership.start();
    return ownership;
  }

  const until = (condition: () => boolean): Promise<void> => bench.until(() => Promise.resolve(condition()));

  it('is all with the first, spread when a second comes, and all with the one that is left', async () => {
    const first = start('first');
    await until(() => of('first').length === 2);
    start('second');
    await until(() => of('first').length === 1 && of('second').length === 1);
    expect([...of('first'), ...of('second')].sort()).toEqual(NAMES);
    await first.stop();
    await until(() => of('second').length === 2);
    expect(of('first')).toEqual([]);
    expect(await number()).toBe(1);
  });

  it('gives a token that grows with every owner', async () => {
    const tokens: bigint[] = [];
    for (const process of ['first', 'second', 'third']) {
      const ownership = start(process);
      await until(() => of(process).length === 2);
      tokens.push(owned.get(process)?.get('sums') ?? 0n);
      await ownership.stop();
    }
    expect(tokens).toEqual([1n, 2n, 3n]);
  });

  it('is given up only when its work has ended', async () => {
    const slow = new Gate();
    start('first', { slow });
    await until(() => of('first').length === 2);
    start('second');
    await slow.reached();
    await until(() => of('first').length === 2 && of('second').length === 0);
    const owners = await bench.rows('SELECT DISTINCT owner FROM projection.owners');
    expect(owners).toEqual([{ owner: 'first' }]);
    slow.open();
    await until(() => of('first').length === 1 && of('second').length === 1);
  });

  /** A lease that has just been renewed, by a process whose connection is this one. */
  async function leased(process: string, session: string): Promise<void> {
    await bench.rows(
      `INSERT INTO projection.processes VALUES ('${process}', now() + interval '3 seconds', '${session}')`,
    );
    await bench.rows(`INSERT INTO projection.owners
      SELECT name, 7, '${process}', now() + interval '3 seconds', '${session}'
        FROM unnest(ARRAY['counts', 'sums']) AS name`);
  }

  it('passes from a process that says nothing for three seconds, though its connection is there', async () => {
    const stalled = await bench.pool.connect();
    const { rows } = await stalled.query<{ session: string }>(
      `SELECT pid || ' ' || extract(epoch FROM backend_start) AS session
         FROM pg_stat_activity WHERE pid = pg_backend_pid()`,
    );
    await leased('stalled', rows[0]?.session ?? '');
    const begun = performance.now();
    start('heir');
    await until(() => of('heir').length === 2);
    stalled.release();
    expect(performance.now() - begun).toBeGreaterThan(2_000);
    expect(owned.get('heir')?.get('counts')).toBe(8n);
    expect(await number()).toBe(1);
  });

  it('passes at once from a process whose connection has ended', async () => {
    await leased('killed', '1 1700000000.5');
    start('heir');
    await until(() => of('heir').length === 2);
    const [row] = await bench.rows(`SELECT min(token)::int AS token FROM projection.owners`);
    expect(row?.['token']).toBe(8);
    expect(await number()).toBe(1);
  });

  it('is over where it ends further ahead than it lasts: the clock of the server was put back', async () => {
    await bench.rows(`INSERT INTO projection.processes VALUES ('before', now() + interval '1 hour', '')`);
    await bench.rows(`INSERT INTO projection.owners
      SELECT name, 7, 'before', now() + interval '1 hour' FROM unnest(ARRAY['counts', 'sums']) AS name`);
    start('heir');
    await until(() => of('heir').length === 2);
    expect(await number()).toBe(1);
  });

  it('is told as nobody’s, while its lease is not over, where the owner was killed or the clock put back', async () => {
    const told = async (): Promise<(string | null)[]> =>
      [...(await projectionOwners(bench.pool)).values()].map(({ process }) => process);
    const living = await bench.rows(
      `SELECT pid || ' ' || extract(epoch FROM backend_start) AS session
         FROM pg_stat_activity WHERE pid = pg_backend_pid()`,
    );
    const session = String(living[0]?.['session']);
    await leased('alive', session);
    expect(await told()).toEqual(['alive', 'alive']);
    await bench.rows(`UPDATE projection.owners SET session = '1 0' WHERE projection = 'counts'`);
    await bench.rows(
      `UPDATE projection.owners SET until = now() + interval '1 hour' WHERE projection = 'sums'`,
    );
    expect(await told()).toEqual([null, null]);
  });

  it('is lost to a process that has taken it meanwhile, whose work is then ended here', async () => {
    start('first');
    await until(() => of('first').length === 2);
    await bench.rows(
      `UPDATE projection.owners SET owner = 'other', token = token + 1, until = now() + interval '3 seconds'`,
    );
    await until(() => of('first').length === 0);
  });

  it('comes back by itself after the loss of the connection', async () => {
    bench.pool.on('error', () => undefined);
    start('first');
    await until(() => of('first').length === 2);
    await bench.rows(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity
      WHERE datname = current_database() AND pid <> pg_backend_pid()`);
    await bench.rows(`UPDATE projection.owners SET until = now() - interval '1 second'`);
    await bench.until(async () => {
      const [row] = await bench.rows('SELECT bool_and(until > now()) AS renewed FROM projection.owners');
      return row?.['renewed'] === true;
    });
    expect(of('first')).toEqual(NAMES);
  });

  it('is left to a living owner by a guest, which takes what is free, counts for nothing and keeps it', async () => {
    const first = start('first');
    await until(() => of('first').length === 2);
    const guest = start('guest', { guest: true });
    await first.stop();
    await until(() => of('guest').length === 2);
    expect(await number()).toBe(0);
    start('second');
    await bench.until(async () => (await number()) === 1);
    expect(of('guest')).toEqual(NAMES);
    await guest.stop();
    await until(() => of('second').length === 2);
  });
});

describe('checkpoints', () => {
  let bench: ProjectionBench;
  const counts = new CounterProjection('counts');
  const COUNTS = 'SELECT stream, events, amount FROM counts.streams ORDER BY stream';

  beforeEach(async () => {
    bench = await ProjectionBench.open();
  });
  afterEach(() => bench.close());

  it('of an older version are taken over, and nothing is rebuilt', async () => {
    await bench.rows('CREATE SCHEMA projection');
    await bench.rows(`CREATE TABLE projection.checkpoints (name text PRIMARY KEY, version integer NOT NULL,
      position bigint NOT NULL, status text NOT NULL CHECK (status IN ('live', 'rebuilding', 'stopped')),
      poisoned_event jsonb, error text, updated_at timestamptz NOT NULL DEFAULT now())`);
    const seen = await write(bench.log, 'A', newEvent('Paid', { amount: 1 }));
    await bench.rows(`INSERT INTO projection.checkpoints VALUES ('counts', 1, ${seen}, 'live')`);
    await bench.rows('CREATE SCHEMA counts');
    await withClient(bench.pool, (client) => counts.create(client, 'counts'));
    await bench.rows(`INSERT INTO counts.streams VALUES ('dossier-A', 1, 99)`);

    const starts = Array.from({ length: 8 }, () => withClient(bench.pool, setUpTables));
    await Promise.all(starts);
    bench.run(counts);
    await bench.reached('counts', await write(bench.log, 'A', newEvent('Paid', { amount: 1 })));
    expect(await bench.rows(COUNTS)).toEqual([{ stream: 'dossier-A', events: 2, amount: 100 }]);
    expect(await readCheckpoint(bench.pool, 'counts')).toMatchObject({ engine: 'postgresql', token: 0n });
  });

  it('mean nothing in the log of another engine: the projection rebuilds, and bars runners on the old one', async () => {
    const old = bench.run(counts);
    await bench.reached('counts', await write(bench.log, 'A', newEvent('Paid', { amount: 1 })));
    await bench.rows(`UPDATE counts.streams SET amount = 99`);
    bench.run(counts, undefined, undefined, { engine: 'eventstoredb' });
    await bench.until(async () => (await readCheckpoint(bench.pool, 'counts'))?.engine === 'eventstoredb');
    await bench.reached('counts', await write(bench.log, 'A', newEvent('Paid', { amount: 1 })));
    expect(await bench.rows(COUNTS)).toEqual([{ stream: 'dossier-A', events: 2, amount: 2 }]);
    await old.stop();
  });

  it('of another engine are as good as none, until its log was tried and could not be folded', async () => {
    const old = bench.run(counts);
    await bench.reached('counts', await write(bench.log, 'A', newEvent('Paid', { amount: 1 })));
    await old.stop();
    const poison = await write(bench.log, 'A', newEvent('Poison', {}));
    const engine = 'eventstoredb';
    const { log, pool } = bench;
    const status = () => projectionStatus({ log, pool, engine, clock: { now: () => 0 } }, counts);
    expect(await status()).toMatchObject({ status: 'rebuilding', position: 0n, lagEvents: 2 });
    const other = bench.run(counts, undefined, undefined, { engine });
    await bench.until(async () => (await other.status()).status === 'stopped');
    await other.stop();
    expect(await status()).toMatchObject({ status: 'stopped', poisonedEvent: { position: String(poison) } });
  });

  it('of the first engine begin anew when it comes back after such a try, and count nothing twice', async () => {
    const first = bench.run(counts);
    const head = await write(bench.log, 'A', newEvent('Paid', { amount: 1 }));
    await bench.reached('counts', head);
    await first.stop();
    await bench.rows(`UPDATE projection.checkpoints SET status = 'stopped', position = 0`);
    bench.run(counts);
    await bench.reached('counts', head);
    expect(await bench.rows(COUNTS)).toEqual([{ stream: 'dossier-A', events: 1, amount: 1 }]);
  });

  it('that are forgotten make all projections rebuild at their next start', async () => {
    await forgetCheckpoints(bench.pool);
    const before = bench.run(counts);
    const head = await write(bench.log, 'A', newEvent('Paid', { amount: 1 }));
    await bench.reached('counts', head);
    await before.stop();
    await bench.rows(`UPDATE counts.streams SET amount = 99`);
    await forgetCheckpoints(bench.pool);
    expect(await before.status()).toMatchObject({ status: 'rebuilding', position: 0n });
    bench.run(counts);
    await bench.reached('counts', head);
    expect(await bench.rows(COUNTS)).toEqual([{ stream: 'dossier-A', events: 1, amount: 1 }]);
  });
});
