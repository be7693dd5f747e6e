import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Pool, PoolClient } from 'pg';
import type { RecordedEvent } from '#libs/event-log/event-log.js';
import { NotOwner, readCheckpoint } from '#libs/projection/checkpoints.js';
import { barEarlierOwners } from '#libs/projection/fencing.js';
import type { RunnerState } from '#libs/projection/runner.js';
import { withClient } from '#libs/projection/transaction.js';
import { CounterProjection } from '../support/counter-projection.js';
import { newEvent, write } from '../support/dossier-events.js';
import { Gate } from '../support/gate.js';
import { ProjectionBench } from '../support/projection-bench.js';

const COUNTS = 'SELECT stream, events, amount FROM counts.streams ORDER BY stream';
const counts = new CounterProjection('counts');

/** Stands still in the middle of its transaction, once told to. */
class Stalling extends CounterProjection {
  gate: Gate | undefined;

  override async apply(db: PoolClient, schema: string, events: readonly RecordedEvent[]): Promise<void> {
    await super.apply(db, schema, events);
    await this.gate?.pass();
  }
}

/** A pool that gives no connection before the gate is open, once there is a gate. */
function withGate(pool: Pool): { pool: Pool; gate: Gate | undefined } {
  const gated = {
    gate: undefined as Gate | undefined,
    pool: {
      query: pool.query.bind(pool),
      connect: async () => {
        await gated.gate?.pass();
        return pool.connect();
      },
    } as unknown as Pool,
  };
  return gated;
}

describe('a former owner of a projection', () => {
  let bench: ProjectionBench;
  const bar = (token: bigint) =>
    withClient(bench.pool, (client) => barEarlierOwners(client, 'counts', token));
  const position = async () => (await readCheckpoint(bench.pool, 'counts'))?.position;

  beforeEach(async () => {
    bench = await ProjectionBench.open();
  });
  afterEach(() => bench.close());

  it('writes nothing with what it had read when it stood still, and ends', async () => {
    const stalling = withGate(bench.pool);
    const former = bench.run(counts, undefined, undefined, { token: 1n, pool: stalling.pool });
    const seen = await write(bench.log, 'A', newEvent('Paid', { amount: 1 }));
    await bench.reached('counts', seen);
    const gate = (stalling.gate = new Gate());
    const head = await write(bench.log, 'A', newEvent('Paid', { amount: 2 }));
    await gate.reached();
    await bar(2n);
    gate.open();
    await former.stop();

    expect(await bench.rows(COUNTS)).toEqual([{ stream: 'dossier-A', events: 1, amount: 1 }]);
    expect(await position()).toBe(seen);
    bench.run(counts, undefined, undefined, { token: 2n });
    await bench.reached('counts', head);
    expect(await bench.rows(COUNTS)).toEqual([{ stream: 'dossier-A', events: 2, amount: 3 }]);
  });

  it('holds nobody up with a transaction that it left open', async () => {
    const stalling = new Stalling('counts');
    const former = bench.run(stalling, undefined, undefined, { token: 1n });
    await bench.reached('counts', await write(bench.log, 'A', newEvent('Paid', { amount: 1 })));
    const gate = (stalling.gate = new Gate());
    await write(bench.log, 'A', newEvent('Paid', { amount: 2 }));
    await gate.reached();
    bench.run(counts, undefined, undefined, { token: 2n });
    await bench.reached('counts', await write(bench.log, 'A', newEvent('Paid', { amount: 3 })));
    gate.open();
    await former.stop();

    expect(await bench.rows(COUNTS)).toEqual([{ stream: 'dossier-A', events: 3, amount: 6 }]);
  });

  it('holds nobody up with a rebuild that it left half done', async () => {
    const stalling = new Stalling('counts');
    const gate = (stalling.gate = new Gate());
    const head = await write(bench.log, 'A', newEvent('Paid', { amount: 1 }));
    const former = bench.run(stalling, undefined, undefined, { token: 1n });
    await gate.reached();
    bench.run(counts, undefined, undefined, { token: 2n });
    await bench.reached('counts', head);
    gate.open();
    await former.stop();

    expect(await bench.rows(COUNTS)).toEqual([{ stream: 'dossier-A', events: 1, amount: 1 }]);
  });

  it('cannot begin again, and does not end the work of its successor', async () => {
    bench.run(counts, undefined, undefined, { token: 2n });
    await bench.reached('counts', await write(bench.log, 'A', newEvent('Paid', { amount: 1 })));
    await expect(bar(1n)).rejects.toThrow(NotOwner);
    const states: RunnerState[] = [];
    const onState = (state: RunnerState): number => states.push(state);
    const other = new CounterProjection('counts', 3);
    const former = bench.run(other, undefined, undefined, { token: 1n, onState });
    await bench.reached('counts', await write(bench.log, 'A', newEvent('Paid', { amount: 2 })));

    await former.stop();
    expect(states).toEqual([]);
    expect(await readCheckpoint(bench.pool, 'counts')).toMatchObject({ version: 1, token: 2n });
    expect(await bench.rows(COUNTS)).toEqual([{ stream: 'dossier-A', events: 2, amount: 3 }]);
  });
});
