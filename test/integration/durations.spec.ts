import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { streamName } from '#libs/event-log/event-log.js';
import type { JsonObject } from '#libs/event-log/json.js';
import { DurationsProjection } from '#libs/outlook/durations.projection.js';
import { accepted, TERMS } from '#libs/reports/testing/recorded.js';
import { newEvent } from '../support/dossier-events.js';
import { ProjectionBench } from '../support/projection-bench.js';

const HOURS = [['07:00', '17:00']];
const CALENDAR: JsonObject = {
  ...{ id: 'vn', version: 1, name: 'x', validFrom: '2024-01-01', validTo: null, source: 'x' },
  definition: {
    zone: 'Asia/Ho_Chi_Minh',
    startRule: 'next_day',
    week: { mon: HOURS, tue: HOURS, wed: HOURS, thu: HOURS, fri: HOURS },
  },
};
/** 1 January 2024, 07:00 in Vietnam: a Monday. */
const START = Date.parse('2024-01-01T00:00:00Z');
const hour = (n: number): string => new Date(START + n * 3_600_000).toISOString();

describe('the read model of durations', () => {
  let bench: ProjectionBench;
  beforeAll(async () => {
    bench = await ProjectionBench.open();
  });
  afterAll(() => bench.close());

  it('says the same followed in small pieces as made again in one go', async () => {
    const { log } = bench;
    const published = newEvent('CalendarPublished', CALENDAR);
    await log.append(streamName('reference', 'calendars'), 'no_stream', [published]);
    // Each begins a day after the one before, so that they overlap; every fifth takes ten times as long.
    const steps = Array.from({ length: 260 }, (_, n) => {
      const begun = n * 24;
      const took = n % 5 === 0 ? 200 : 20 + (n % 13);
      const terms = { ...TERMS, procedure: { id: n % 8 === 0 ? 'P1' : 'P0', version: 1 } };
      const acceptance = accepted(`A${n}`, { terms, dueAt: hour(begun + 72) }) as unknown as JsonObject;
      const handOver = { toUnit: n % 7 === 0 ? 'H54.13' : 'H54.12', toOfficial: null };
      const source = n % 11 === 0 ? { source: { file: 'f.csv', row: n } } : {};
      const metadata = { ...newEvent('x').metadata, ...source };
      return [
        { n, at: begun, event: newEvent('DossierAccepted', acceptance, { metadata }) },
        { n, at: begun + 5, event: newEvent('DossierHandedOver', handOver) },
        { n, at: begun + took, event: newEvent('DossierResolved', { outcome: 'granted' }) },
        ...(n % 33 === 0
          ? [{ n, at: begun + 300, event: newEvent('ImportReversed', { file: 'f.csv' }) }]
          : []),
      ];
    });
    const inOrder = steps.flat().sort((a, b) => a.at - b.at);
    await log.appendInTurn(
      inOrder.map(({ n, at, event }) => ({
        stream: streamName('dossier', `A${n}`),
        expected: 'any' as const,
        events: [{ ...event, occurredAt: hour(at) }],
      })),
    );
    const projection = new DurationsProjection();
    bench.run(projection, undefined, 17);
    await bench.reached('durations', await log.head());

    const quality = await bench.rows('SELECT * FROM durations.quality ORDER BY procedure');
    expect(quality).toMatchObject([{ procedure: 'P0' }, { procedure: 'P1' }]);
    // Short and long ones alike were finished before, so that some were said to be possibly late, and were or not.
    expect(Number(quality[0]?.['possible_late'])).toBeGreaterThan(0);
    expect(Number(quality[0]?.['possible_on_time'])).toBeGreaterThan(0);
    // More than are kept; seven of those were taken back.
    const [kept] = await bench.rows(`SELECT max(n) AS n, count(*)::int AS count FROM durations.history
      WHERE (procedure, state) = ('P0', 'accepted')`);
    expect(Number(kept?.['n'])).toBeGreaterThan(200);
    expect(kept?.['count']).toBe(193);
    const [report] = await bench.rebuild([projection], { batchSize: 50 });
    expect(report).toMatchObject({ compared: true });
    expect(report?.tables).toHaveLength(5);
    for (const table of report?.tables ?? []) {
      expect(table).toMatchObject({ onlyOld: 0, onlyNew: 0, changed: 0 });
    }
    expect(await bench.rows('SELECT * FROM durations.quality ORDER BY procedure')).toEqual(quality);
  });
});
