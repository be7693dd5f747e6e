import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { parse } from 'csv-parse/sync';
import { importLog } from '#libs/import/import-log.js';
import { logFile } from '#libs/import/log-file.adapter.js';
import { parseMapping } from '#libs/import/mapping.js';
import { publishMissing } from '#libs/import/publish-reference.js';
import { CELLS } from '#libs/outlook/known.js';
import { DurationsProjection } from '#libs/outlook/durations.projection.js';
import { ReferenceStore } from '#libs/reference/reference-store.js';
import { reportProjection } from '#libs/reports/facts/report.projection.js';
import { reportII06a } from '#libs/reports/ii-06a/ii-06a.query.js';
import { testVault } from '../support/vault.js';
import { ProjectionBench } from '../support/projection-bench.js';

const RECEIPT = join(process.env['MOTCUA_SHARED'] ?? '../shared', 'data', 'receipt.csv');
const MAPPING = readFileSync('config/import/receipt.json', 'utf8');
const clock = { now: () => Date.parse('2026-01-01T00:00:00Z') };

/** Midnights in Amsterdam. */
const QUARTERS = [
  '2010-09-30T22:00:00.000Z',
  '2010-12-31T23:00:00.000Z',
  '2011-03-31T22:00:00.000Z',
  '2011-06-30T22:00:00.000Z',
  '2011-09-30T22:00:00.000Z',
  '2011-12-31T23:00:00.000Z',
  '2012-03-31T22:00:00.000Z',
];
const PERIODS = QUARTERS.slice(1).map((to, index) => ({ from: QUARTERS[index] ?? '', to }));

interface Case {
  readonly online: boolean;
  readonly start: number;
  readonly due: number;
  readonly end: number | null;
}

if (existsSync(RECEIPT)) {
  describe('the quarters of receipt.csv', () => {
    const cases = readCases();
    let bench: ProjectionBench;

    beforeAll(async () => {
      bench = await ProjectionBench.open();
      const { log } = bench;
      const store = new ReferenceStore(log, clock);
      await publishMissing(parseMapping(MAPPING), store, 'test');
      const ignore = (): void => undefined;
      await importLog({
        log,
        clock,
        vault: await testVault(bench.pool),
        reference: store.data,
        mapping: MAPPING,
        source: logFile(RECEIPT),
        onRefused: ignore,
        onDoubt: ignore,
      });
      await bench.rebuild([reportProjection, new DurationsProjection()]);
    }, 120_000);
    afterAll(() => bench.close());

    it.each(PERIODS)('from $from to $to count what a plain count finds', async ({ from, to }) => {
      const report = await reportII06a(
        { pool: bench.pool, log: bench.log, engine: bench.log.engine, clock },
        { from, to, unit: null, by: 'procedure', recount: true, final: true },
      );
      expect(report.rows).toHaveLength(1);
      expect(report.total).toEqual(count(cases, Date.parse(from), Date.parse(to)));
    });

    it('hand over in column 6 what the quarter before left in column 11', () => {
      const counted = PERIODS.map(({ from, to }) => count(cases, Date.parse(from), Date.parse(to)));
      const left = counted.map((columns) => columns['11']);
      expect(counted.map((columns) => columns['6'])).toEqual([0, ...left.slice(0, -1)]);
      expect(left.at(-1)).toBe(105);
    });

    it('are judged by the forecast as by the report, and it tells the late from the others', async () => {
      const sums = CELLS.map((cell) => `sum(${cell})::int AS ${cell}`).join(', ');
      const [quality = {}] = await bench.rows(`SELECT ${sums} FROM durations.quality`);
      const [facts] = await bench.rows(`SELECT count(*) FILTER (WHERE end_class = 'late')::int AS late,
        count(*) FILTER (WHERE end_class <> 'late')::int AS on_time FROM report.facts
        WHERE due_at IS NOT NULL AND code IN (SELECT code FROM durations.cases WHERE state = 'resolved')`);
      const total = (end: 'late' | 'on_time'): number =>
        CELLS.filter((cell) => cell.endsWith(end)).reduce((sum, cell) => sum + Number(quality[cell]), 0);
      expect({ late: total('late'), on_time: total('on_time') }).toEqual(facts);
      const lateOf = (said: string): number =>
        Number(quality[`${said}_late`]) /
        (Number(quality[`${said}_late`]) + Number(quality[`${said}_on_time`]));
      expect(lateOf('likely')).toBeGreaterThan(lateOf('possible'));
      expect(lateOf('possible')).toBeGreaterThan(lateOf('unlikely'));
    });
  });
} else {
  process.stdout.write(`${RECEIPT} is not there: its quarterly reports are left out of the tests\n`);
}

function readCases(): Case[] {
  const rows: Record<string, string>[] = parse(readFileSync(RECEIPT), { columns: true });
  const at = (text = ''): number => Date.parse(text.replace(' ', 'T'));
  const cases = rows.map((row): [string, Case] => {
    const start = at(row['case:startdate']);
    const end = row['case:enddate'] ? at(row['case:enddate']) : null;
    const online = row['case:channel'] === 'Internet';
    return [row['case:concept:name'] ?? '', { online, start, due: at(row['case:deadline']), end }];
  });
  return [...new Map(cases).values()];
}

/** The handbook's columns, case by case. A case that ends before it starts counts as ended when it starts. */
function count(cases: readonly Case[], from: number, to: number): Record<string, number> {
  const columns = Object.fromEntries(Array.from({ length: 11 }, (_, index) => [`${index + 3}`, 0]));
  const add = (...names: string[]): void =>
    names.forEach((name) => (columns[name] = (columns[name] ?? 0) + 1));
  for (const { online, start, due, end } of cases) {
    const ended = end === null ? Infinity : Math.max(end, start);
    if (start >= to || ended < from) continue;
    if (start < from) add('3', '6');
    else add('3', online ? '4' : '5');
    if (ended >= to) add('11', due < to ? '13' : '12');
    else if ((end ?? 0) > due) add('7', '10');
    else add('7', day(end ?? 0) < day(due) ? '8' : '9');
  }
  return columns;
}

function day(instant: number): string {
  return new Intl.DateTimeFormat('sv-SE', { timeZone: 'Europe/Amsterdam' }).format(instant);
}
