import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { streamName } from '#libs/event-log/event-log.js';
import type { JsonObject } from '#libs/event-log/json.js';
import { Problem } from '#libs/problem/problem.js';
import { reportProjection } from '#libs/reports/facts/report.projection.js';
import { type ReportQuery, reportII06a } from '#libs/reports/ii-06a/ii-06a.query.js';
import type { ReportII06a } from '#libs/reports/ii-06a/report.js';
import { accepted } from '#libs/reports/testing/recorded.js';
import { newEvent } from '../../support/dossier-events.js';
import { ProjectionBench } from '../../support/projection-bench.js';

const QUERY: ReportQuery = {
  from: '2024-01-01T00:00:00.000Z',
  to: '2024-02-01T00:00:00.000Z',
  unit: null,
  by: 'procedure',
};
const RECORDED = Date.parse('2030-01-01T00:00:00.000Z');

describe('a report is checked before it is given out', () => {
  let bench: ProjectionBench;
  beforeAll(async () => {
    bench = await ProjectionBench.open();
    for (const code of ['A', 'B', 'C']) await accept(code);
  });
  beforeEach(async () => {
    await bench.rebuild([reportProjection]);
  });
  afterAll(() => bench.close());

  async function accept(code: string): Promise<void> {
    const event = newEvent('DossierAccepted', accepted(code) as unknown as JsonObject);
    await bench.log.append(streamName('dossier', code), 'no_stream', [event]);
  }

  function report(over: Partial<ReportQuery> = {}): Promise<ReportII06a> {
    const { pool, log } = bench;
    return reportII06a(
      { pool, log, engine: log.engine, clock: { now: () => RECORDED } },
      { ...QUERY, ...over },
    );
  }

  async function problem(over: Partial<ReportQuery> = {}): Promise<Problem> {
    const thrown: unknown = await report(over).catch((error: unknown) => error);
    if (thrown instanceof Problem) return thrown;
    throw new Error('no problem');
  }

  it('and given out where it holds, by a recount too', async () => {
    expect((await report({ recount: true, final: true })).total).toMatchObject({ '3': 3, '11': 3, '13': 3 });
  });

  it('totals that cannot be true are refused, with the row and its dossiers', async () => {
    await bench.rows(`UPDATE report.totals SET open = open - 1 WHERE level = 'month'`);
    expect(await problem()).toMatchObject({
      type: 'report-does-not-reconcile',
      details: { field: 'Đầu tư', procedure: '1.009645', dossiers: ['A', 'B', 'C'] },
    });
  });

  it('totals that could be true but are not the count of the facts are found by a recount', async () => {
    await bench.rows(`UPDATE report.totals SET received_online = 4, open = 4 WHERE level = 'month'`);
    const over = { from: '2024-01-20T00:00:00.000Z' };
    expect((await report({ ...over, to: '2024-03-01T00:00:00.000Z' })).total['11']).toBe(4);
    expect((await problem({ ...over, to: '2024-03-01T00:00:00.000Z', recount: true })).details).toMatchObject(
      {
        dossiers: ['A', 'B', 'C'],
      },
    );
  });

  it('a final report is refused while the projection is stopped', async () => {
    await bench.rows(`UPDATE projection.checkpoints SET status = 'stopped'`);
    expect(await problem({ final: true })).toMatchObject({ details: { state: 'stopped', events: 0 } });
    expect((await report()).total['3']).toBe(3);
  });

  it('a report says how far behind it is, and a final one is refused', async () => {
    await accept('D');
    const behind = await report();
    expect(behind.total['3']).toBe(3);
    expect(behind.lag.events).toBe(1);
    expect(behind.lag.seconds).toBeGreaterThan(0);
    expect(behind.position).toBeLessThan(Number(await bench.log.head()));
    expect(await problem({ final: true })).toMatchObject({ type: 'report-behind', details: { events: 1 } });
  });
});

describe('without tables', () => {
  it('there is no report, and a problem says so', async () => {
    const bench = await ProjectionBench.open();
    try {
      const { pool, log } = bench;
      const asked = reportII06a({ pool, log, engine: log.engine, clock: { now: () => RECORDED } }, QUERY);
      await expect(asked).rejects.toMatchObject({ type: 'report-not-ready' });
    } finally {
      await bench.close();
    }
  });
});
