import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Pool } from 'pg';
import { setCheckpoint } from '#libs/projection/checkpoints.js';
import { CounterProjection } from '../support/counter-projection.js';
import { newEvent, write } from '../support/dossier-events.js';
import { ProjectionBench } from '../support/projection-bench.js';

const COUNTS = 'SELECT stream, events, amount FROM counts.streams ORDER BY stream';

describe('a projection runner', () => {
  let bench: ProjectionBench;
  const counts = new CounterProjection('counts');

  beforeEach(async () => {
    bench = await ProjectionBench.open();
  });
  afterEach(() => bench.close());

  it('folds what is in the log, and what comes', async () => {
    await write(bench.log, 'A', newEvent('Paid', { amount: 3 }));
    const runner = bench.run(counts);
    const head = await write(bench.log, 'A', newEvent('Paid', { amount: 4 }), newEvent('Paid'));
    await bench.reached('counts', head);

    expect(await bench.rows(COUNTS)).toEqual([{ stream: 'dossier-A', events: 3, amount: 7 }]);
    expect(await runner.status()).toEqual({
      name: 'counts',
      version: 1,
      position: head,
      head,
      lagEvents: 0,
      lagSeconds: 0,
      status: 'live',
    });
  });

  it('goes on after a restart where it was, each event once', async () => {
    const first = bench.run(counts);
    await bench.reached('counts', await write(bench.log, 'A', newEvent('Paid', { amount: 1 })));
    await first.stop();
    const head = await write(bench.log, 'A', newEvent('Paid', { amount: 1 }));
    expect(await first.status()).toMatchObject({ lagEvents: 1, status: 'live' });
    bench.run(counts);
    await bench.reached('counts', head);

    expect(await bench.rows(COUNTS)).toEqual([{ stream: 'dossier-A', events: 2, amount: 2 }]);
  });

  it('says how far it is behind, in events and in seconds', async () => {
    const runner = bench.run(counts);
    await bench.reached('counts', await write(bench.log, 'A', newEvent('Paid')));
    await runner.stop();
    const { position, recordedAt } = await bench.log.append('dossier-A', 'any', [newEvent('Paid')]);
    await write(bench.log, 'A', newEvent('Paid'));
    const later = bench.run(counts, { now: () => Date.parse(recordedAt) + 90_000 });
    await later.stop();

    const status = await later.status();
    expect(status.lagEvents).toBe(Number(status.head - status.position));
    expect(status.lagSeconds).toBe(status.position < position ? 90 : 0);
  });

  it('counts every event once with two runners at work while others write', async () => {
    bench.run(counts, undefined, 7);
    bench.run(counts, undefined, 3);
    const writers = ['A', 'B', 'C', 'D'].map(async (code) => {
      for (let n = 0; n < 25; n += 1) await write(bench.log, code, newEvent('Paid', { amount: n }));
    });
    await Promise.all(writers);
    await bench.reached('counts', await bench.log.head());

    expect(await bench.rows(COUNTS)).toEqual(
      ['A', 'B', 'C', 'D'].map((code) => ({ stream: `dossier-${code}`, events: 25, amount: 300 })),
    );
  });

  it('writes nothing while the projection belongs to another version', async () => {
    bench.run(counts);
    await bench.reached('counts', await write(bench.log, 'A', newEvent('Paid')));
    await setCheckpoint(bench.pool, 'counts', { status: 'live', version: 2 });
    await write(bench.log, 'A', newEvent('Paid'));
    await bench.until(() => Promise.resolve(bench.states.at(-1)?.status === 'waiting'));

    expect(await bench.rows(COUNTS)).toEqual([{ stream: 'dossier-A', events: 1, amount: 0 }]);
  });

  it('lives through the loss of all its connections', async () => {
    bench.pool.on('error', () => undefined);
    bench.run(counts);
    await bench.reached('counts', await write(bench.log, 'A', newEvent('Paid')));
    await bench.rows(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
        WHERE datname = current_database() AND pid <> pg_backend_pid()`,
    );
    await bench.until(async () => (await bench.log.head()) === 1n);
    await bench.reached('counts', await write(bench.log, 'A', newEvent('Paid')));

    expect(await bench.rows(COUNTS)).toEqual([{ stream: 'dossier-A', events: 2, amount: 0 }]);
  });

  it('waits for a database that is not there, and ends at once when told to', async () => {
    const gone = {
      connect: () => Promise.reject(new Error('no')),
      query: () => Promise.reject(new Error('no')),
    };
    const pool = gone as unknown as Pool;
    const lost = await ProjectionBench.open();
    Object.assign(lost, { pool });
    lost.run(counts);
    await lost.until(() => Promise.resolve(lost.states.at(-1)?.status === 'waiting'));
    await lost.close();

    expect(lost.states.at(-1)?.error).toBe('Error: no');
  });

  describe('at an event that cannot be folded', () => {
    it('stops in front of it and names it without its content, while others go on', async () => {
      const tolerant = new CounterProjection('tolerant', 1, 'Nothing');
      const runner = bench.run(counts, undefined, 100);
      bench.run(tolerant);
      await bench.reached('counts', await write(bench.log, 'A', newEvent('Paid', { amount: 1 })));
      const poison = newEvent('Poison');
      const head = await write(bench.log, 'B', newEvent('Paid', { amount: 2 }), poison, newEvent('Paid'));
      await bench.reached('tolerant', head);
      await bench.until(async () => (await runner.status()).status === 'stopped');

      const name = { id: poison.id, type: 'Poison', position: '3' };
      const error = '22P02: invalid input syntax for type integer: …';
      expect(await runner.status()).toMatchObject({
        status: 'stopped',
        position: 2n,
        poisonedEvent: name,
        error,
      });
      await bench.until(() => Promise.resolve(bench.states.some((state) => state.status === 'stopped')));
      expect(bench.states.filter((state) => state.name === 'counts').at(-1)).toEqual({
        name: 'counts',
        status: 'stopped',
        poisonedEvent: name,
        error,
      });
      expect(await bench.rows(COUNTS)).toEqual([
        { stream: 'dossier-A', events: 1, amount: 1 },
        { stream: 'dossier-B', events: 1, amount: 2 },
      ]);
    });

    it('tries again after a restart, and goes on where the fold has been mended', async () => {
      const stopped = bench.run(counts);
      const head = await write(bench.log, 'A', newEvent('Paid'), newEvent('Poison'), newEvent('Paid'));
      await bench.until(async () => (await stopped.status()).status === 'stopped');
      await stopped.stop();
      const again = bench.run(counts);
      await bench.until(async () => (await again.status()).status === 'stopped');
      await again.stop();
      const mended = bench.run(new CounterProjection('counts', 1, 'Nothing'));
      await bench.reached('counts', head);

      expect(await bench.rows(COUNTS)).toEqual([{ stream: 'dossier-A', events: 3, amount: 0 }]);
      expect(await mended.status()).not.toHaveProperty('poisonedEvent');
    });
  });
});
