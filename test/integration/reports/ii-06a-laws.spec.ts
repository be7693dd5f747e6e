import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Pool } from 'pg';
import type { RecordedEvent } from '#libs/event-log/event-log.js';
import { withClient } from '#libs/projection/transaction.js';
import { type Fact, factOf } from '#libs/reports/facts/fact.js';
import type { FactState } from '#libs/reports/facts/fact-state.js';
import { foldFact } from '#libs/reports/facts/fold-fact.js';
import { COLUMNS, type Period } from '#libs/reports/ii-06a/columns.js';
import { dossiersBehind } from '#libs/reports/ii-06a/dossiers.query.js';
import { demandEqual, demandReconciled, recountedRows } from '#libs/reports/ii-06a/recount.query.js';
import { countedRows } from '#libs/reports/ii-06a/sums.query.js';
import { type Grouping, summarise, type Summary, summaryOf } from '#libs/reports/ii-06a/summarise.js';
import { histories, instant } from '#libs/reports/testing/histories.js';
import { createTestDatabase } from '../../support/database.js';
import { fillReport } from './report-tables.js';

const RUNS = { numRuns: 40 };
const period = fc
  .tuple(instant, instant)
  .filter(([a, b]) => a !== b)
  .map(([a, b]): Period => (a < b ? { from: a, to: b } : { from: b, to: a }));
const by = fc.constantFrom<Grouping>('field', 'procedure');
const unit = fc.constantFrom(null, 'H54.12', 'H54.13', 'nobody');

let pool: Pool;
let drop: () => Promise<void>;
beforeAll(async () => {
  ({ pool, drop } = await createTestDatabase());
});
afterAll(() => drop());

function facts(events: readonly RecordedEvent[]): Fact[] {
  const states = new Map<string, FactState>();
  for (const event of events) states.set(event.stream, foldFact(states.get(event.stream), event));
  return [...states.values()].map(factOf);
}

async function dump(): Promise<unknown> {
  const rows = async (table: string): Promise<unknown[]> =>
    (await pool.query<{ row: string }>(`SELECT t::text AS row FROM report.${table} t ORDER BY 1`)).rows;
  return { facts: await rows('facts'), totals: await rows('totals') };
}

describe('form II.06a out of the totals', () => {
  it('equals the form by its definition, reconciles, and opens to as many dossiers as each figure says', async () => {
    await fc.assert(
      fc.asyncProperty(histories, period, by, unit, async (events, { from, to }, grouping, of) => {
        await fillReport(pool, events, { mode: 'live', batch: 7 });
        const scope = { unit: of, by: grouping };
        const expected = facts(events).filter((fact) => of === null || fact.unit === of);
        await withClient(pool, async (db) => {
          const rows = await countedRows(db, { from, to }, scope);
          await demandReconciled(db, rows, scope);
          await demandEqual(db, rows, await recountedRows(db, { from, to }, scope), scope);
          const summary = summaryOf(rows);
          expect(summary).toEqual(summarise(expected, { from, to }, grouping));
          for (const { field, procedure, columns } of summary.rows) {
            for (const column of COLUMNS) {
              const query = { from, to, column, unit: of, field, procedure, cursor: null, limit: 1000 };
              expect((await dossiersBehind(db, query)).items).toHaveLength(columns[column]);
            }
          }
        });
      }),
      RUNS,
    );
  }, 120_000);

  it('is the same however the log was cut into batches, live or rebuilt, down to the rows', async () => {
    await fc.assert(
      fc.asyncProperty(histories, fc.integer({ min: 1, max: 9 }), async (events, batch) => {
        await fillReport(pool, events, { mode: 'rebuild', batch: 5, keptRows: 4 });
        const rebuilt = await dump();
        await fillReport(pool, events, { mode: 'live', batch });
        expect(await dump()).toEqual(rebuilt);
      }),
      RUNS,
    );
  }, 120_000);
});

describe('form II.06a by its definition', () => {
  const sum = (a: Summary, b: Summary, column: '4' | '5' | '7' | '8' | '9' | '10'): number =>
    a.total[column] + b.total[column];

  it('carries over into a period what was pending at the end of the one before; flows of parts add up', () => {
    fc.assert(
      fc.property(histories, fc.uniqueArray(instant, { minLength: 3, maxLength: 3 }), (events, instants) => {
        const [a, b, c] = instants.sort() as [string, string, string];
        const all = facts(events);
        const first = summarise(all, { from: a, to: b }, 'procedure');
        const second = summarise(all, { from: b, to: c }, 'procedure');
        const whole = summarise(all, { from: a, to: c }, 'procedure');
        expect(second.total['6']).toBe(first.total['11']);
        for (const column of ['4', '5', '7', '8', '9', '10'] as const) {
          expect(sum(first, second, column)).toBe(whole.total[column]);
        }
        expect(whole.total['6']).toBe(first.total['6']);
        expect(whole.total['13']).toBe(second.total['13']);
      }),
    );
  });

  it('holds the control sums in every row', () => {
    fc.assert(
      fc.property(histories, period, (events, span) => {
        for (const { columns: c } of summarise(facts(events), span, 'field').rows) {
          expect(c['3']).toBe(c['4'] + c['5'] + c['6']);
          expect(c['7']).toBe(c['8'] + c['9'] + c['10']);
          expect(c['11']).toBe(c['12'] + c['13']);
          expect(c['3']).toBe(c['7'] + c['11']);
        }
      }),
    );
  });
});
