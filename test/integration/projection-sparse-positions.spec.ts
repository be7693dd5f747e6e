import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { rebuildProjections } from '#libs/projection/rebuild.js';
import { lagAfter, MOST_COUNTED } from '#libs/projection/status.js';
import { CounterProjection } from '../support/counter-projection.js';
import { newEvent, write } from '../support/dossier-events.js';
import { ProjectionBench } from '../support/projection-bench.js';
import { sparseLog } from '../support/sparse-log.js';

const COUNTS = 'SELECT stream, events, amount FROM counts.streams ORDER BY stream';
const clock = { now: () => 0 };

describe('a projection of a log that leaves positions out', () => {
  let bench: ProjectionBench;
  const counts = new CounterProjection('counts');
  const log = () => sparseLog(bench.log);
  const paid = () => newEvent('Paid', { amount: 1 });

  beforeEach(async () => {
    bench = await ProjectionBench.open();
  });
  afterEach(() => bench.close());

  it('follows it, and says how many events it is behind, not how many positions', async () => {
    const runner = bench.run(counts, undefined, undefined, { log: log() });
    await write(bench.log, 'A', paid());
    await bench.reached('counts', await log().head());
    await runner.stop();
    await write(bench.log, 'A', paid(), paid());
    await bench.log.append('bench-B', 'any', [paid()]);

    expect(await runner.status()).toMatchObject({ position: 1_000n, head: 4_000n, lagEvents: 2 });
  });

  it('counts no further than it must', async () => {
    for (let n = 0; n < 11; n += 1) await write(bench.log, 'A', ...Array.from({ length: 100 }, paid));
    const end = { position: 0n, head: await bench.log.head() };

    const lag = await lagAfter({ log: bench.log, clock }, counts.categories, end);
    expect(lag.events).toBe(MOST_COUNTED);
  });

  it('is rebuilt and compared beside a runner and writers', async () => {
    bench.run(counts, undefined, undefined, { log: log() });
    let working = true;
    const writing = (async () => {
      let written = 0;
      for (; working; written += 1) await write(bench.log, 'A', paid());
      return written;
    })();
    await bench.reached('counts', 5_000n);
    const { pool } = bench;
    const parts = { log: log(), pool, engine: 'postgresql', projections: [counts] };
    const [report] = await rebuildProjections(parts);
    working = false;
    const written = await writing;

    expect(report).toMatchObject({ compared: true, tables: [{ onlyOld: 0, onlyNew: 0, changed: 0 }] });
    await bench.reached('counts', await log().head());
    expect(await bench.rows(COUNTS)).toEqual([{ stream: 'dossier-A', events: written, amount: written }]);
  });
});
