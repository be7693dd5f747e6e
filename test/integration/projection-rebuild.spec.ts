import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { RebuildRunning } from '#libs/projection/rebuild.js';
import { reportProjection } from '#libs/reports/facts/report.projection.js';
import { accepted, TERMS } from '#libs/reports/testing/recorded.js';
import { CounterProjection } from '../support/counter-projection.js';
import { newEvent, write } from '../support/dossier-events.js';
import { ProjectionBench } from '../support/projection-bench.js';

const COUNTS = 'SELECT stream, events, amount FROM counts.streams ORDER BY stream';
const SCHEMAS = `SELECT nspname::text AS name FROM pg_namespace WHERE nspname LIKE 'counts%' OR nspname LIKE 'sums%' ORDER BY 1`;

describe('a rebuild', () => {
  let bench: ProjectionBench;
  const counts = new CounterProjection('counts');
  const sums = new CounterProjection('sums');

  beforeEach(async () => {
    bench = await ProjectionBench.open();
  });
  afterEach(() => bench.close());

  it('makes all projections in one reading of the log, where no service runs', async () => {
    for (let n = 1; n <= 20; n += 1) await write(bench.log, `A${n % 3}`, newEvent('Paid', { amount: n }));
    const seen: number[] = [];
    const reports = await bench.rebuild([counts, sums], {
      progress: (done, total) => seen.push(done / total),
      batchSize: 6,
    });

    expect(reports).toMatchObject([
      { name: 'counts', version: 1, position: 20n, events: 20, compared: false },
      { name: 'sums', version: 1, position: 20n, events: 20, compared: false },
    ]);
    expect(seen).toEqual([0, 0.3, 0.6, 0.9, 1, 1]);
    expect(await bench.rows(COUNTS)).toHaveLength(3);
    expect((await bench.rows(SCHEMAS)).map(({ name }) => name)).toEqual(['counts', 'sums']);
  });

  it('finds the rows that someone changed, added and took away by hand, and mends them', async () => {
    for (const code of ['A', 'B', 'C']) await write(bench.log, code, newEvent('Paid', { amount: 5 }));
    await bench.rebuild([counts]);
    await bench.rows(`UPDATE counts.streams SET amount = 6 WHERE stream = 'dossier-A'`);
    await bench.rows(`DELETE FROM counts.streams WHERE stream = 'dossier-B'`);
    await bench.rows(`INSERT INTO counts.streams VALUES ('dossier-Z', 1, 1)`);

    const [report] = await bench.rebuild([counts]);
    expect(report).toMatchObject({ compared: true, position: 3n });
    expect(report?.tables).toMatchObject([{ table: 'streams', onlyOld: 1, onlyNew: 1, changed: 1 }]);
    expect(report?.tables[0]?.samples).toEqual(
      expect.arrayContaining([
        { kind: 'changed', key: ['dossier-A'], columns: ['amount'] },
        { kind: 'only_new', key: ['dossier-B'], columns: [] },
        { kind: 'only_old', key: ['dossier-Z'], columns: [] },
      ]),
    );
    const [again] = await bench.rebuild([counts]);
    expect(again?.tables).toEqual([{ table: 'streams', onlyOld: 0, onlyNew: 0, changed: 0, samples: [] }]);
  });

  it('goes on beside runner, writers and readers: no read fails, no event is lost, nothing differs', async () => {
    const runner = bench.run(counts);
    await bench.reached('counts', await write(bench.log, 'A', newEvent('Paid', { amount: 1 })));
    let working = true;
    const writers = ['A', 'B', 'C'].map(async (code) => {
      let written = 0;
      for (; working; written += 1) await write(bench.log, code, newEvent('Paid', { amount: 1 }));
      return written;
    });
    const reader = (async () => {
      let last = 0;
      for (; working;) {
        const [row] = await bench.rows('SELECT coalesce(sum(events), 0)::int AS n FROM counts.streams');
        expect(row?.['n']).toBeGreaterThanOrEqual(last);
        last = Number(row?.['n']);
      }
      return last;
    })();
    for (let n = 0; n < 3; n += 1) {
      const [report] = await bench.rebuild([counts]);
      expect(report).toMatchObject({
        compared: true,
        tables: [{ table: 'streams', onlyOld: 0, onlyNew: 0, changed: 0 }],
      });
    }
    working = false;
    const written = (await Promise.all(writers)).reduce((sum, n) => sum + n, 1);
    expect(await reader).toBeGreaterThan(0);
    await bench.reached('counts', await bench.log.head());

    const [row] = await bench.rows(
      'SELECT sum(events)::int AS events, sum(amount)::int AS amount FROM counts.streams',
    );
    expect(row).toEqual({ events: written, amount: written });
    expect((await runner.status()).status).toBe('live');
  });

  it('removes what a killed one left behind', async () => {
    await write(bench.log, 'A', newEvent('Paid'));
    await bench.rebuild([counts]);
    await bench.rows('CREATE SCHEMA counts_next CREATE TABLE streams (wrong integer)');
    await bench.rows('CREATE SCHEMA counts_old CREATE TABLE streams (wrong integer)');

    const [report] = await bench.rebuild([counts]);
    expect(report?.tables).toMatchObject([{ onlyOld: 0, onlyNew: 0, changed: 0 }]);
    expect((await bench.rows(SCHEMAS)).map(({ name }) => name)).toEqual(['counts']);
  });

  it('is refused while another one is at the same projection', async () => {
    const other = await bench.pool.connect();
    await other.query(`SELECT pg_advisory_lock(hashtext('projection.rebuild'), hashtext('counts'))`);
    const refused = bench.rebuild([sums, counts]).catch((error: unknown) => error);
    expect(await refused).toBeInstanceOf(RebuildRunning);
    other.release(true);

    expect(await bench.rebuild([sums, counts])).toHaveLength(2);
  });

  it('leaves the live tables where it meets an event that cannot be folded, and finishes the others', async () => {
    const tolerant = new CounterProjection('sums', 1, 'Nothing');
    await write(bench.log, 'A', newEvent('Paid', { amount: 1 }));
    await bench.rebuild([counts, tolerant]);
    const poison = newEvent('Poison');
    const head = await write(bench.log, 'A', poison, newEvent('Paid'));
    await bench.rows(`UPDATE projection.checkpoints SET status = 'stopped'`);

    const reports = await bench.rebuild([counts, tolerant]);
    expect(reports[0]?.failed).toEqual({
      poisonedEvent: { id: poison.id, type: 'Poison', position: '2' },
      error: '22P02: invalid input syntax for type integer: …',
    });
    expect(reports[1]).toMatchObject({ name: 'sums', position: head, events: 3, compared: false });
    expect(await bench.rows(COUNTS)).toEqual([{ stream: 'dossier-A', events: 1, amount: 1 }]);
  });

  it('names the event whose row the database refuses, though rows are written long after', async () => {
    const strange = { ...TERMS, zone: 'Mars/Olympus' };
    const poison = newEvent('DossierAccepted', accepted('B', { terms: strange }) as never);
    await write(bench.log, 'A', newEvent('DossierAccepted', accepted('A') as never));
    await write(bench.log, 'B', poison, newEvent('DossierResolved', { outcome: 'granted' }));
    await write(bench.log, 'C', newEvent('DossierAccepted', accepted('C') as never));

    const [report] = await bench.rebuild([reportProjection]);
    expect(report?.failed?.poisonedEvent).toEqual({ id: poison.id, type: 'DossierAccepted', position: '2' });
    const runner = bench.run(reportProjection);
    await bench.until(async () => (await runner.status()).status === 'stopped');
    expect(await runner.status()).toMatchObject({ poisonedEvent: { id: poison.id } });
  });

  it('mends a stopped projection under its runner, which goes on by itself', async () => {
    const runner = bench.run(counts);
    const head = await write(bench.log, 'A', newEvent('Poison'), newEvent('Paid'));
    await bench.until(async () => (await runner.status()).status === 'stopped');
    const mended = new CounterProjection('counts', 1, 'Nothing');
    await bench.rebuild([mended]);
    await bench.reached('counts', head);
    await bench.reached('counts', await write(bench.log, 'A', newEvent('Paid')));

    expect(await bench.rows(COUNTS)).toEqual([{ stream: 'dossier-A', events: 3, amount: 0 }]);
  });

  it('happens by itself where the tables are of another version, and bars the old runner', async () => {
    const old = bench.run(counts);
    await bench.reached('counts', await write(bench.log, 'A', newEvent('Paid', { amount: 1 })));
    bench.run(new CounterProjection('counts', 2));
    await bench.until(async () => (await old.status()).version === 2);
    await bench.reached('counts', await write(bench.log, 'A', newEvent('Paid', { amount: 1 })));

    expect(await bench.rows(COUNTS)).toEqual([{ stream: 'dossier-A', events: 2, amount: 2 }]);
    expect(bench.states.map(({ status }) => status)).toContain('rebuilding');
  });
});
