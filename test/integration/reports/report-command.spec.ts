import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { reportCommand } from '#apps/cli/report/report.command.js';
import type { CliContext } from '#apps/cli/context.js';
import { platformOn } from '#apps/platform/open-platform.js';
import { streamName } from '#libs/event-log/event-log.js';
import type { JsonObject } from '#libs/event-log/json.js';
import { Problem } from '#libs/problem/problem.js';
import { ReferenceStore } from '#libs/reference/reference-store.js';
import type { ReportII06a } from '#libs/reports/ii-06a/report.js';
import { reportProjection } from '#libs/reports/facts/report.projection.js';
import { accepted, TERMS } from '#libs/reports/testing/recorded.js';
import { newEvent } from '../../support/dossier-events.js';
import { ProjectionBench } from '../../support/projection-bench.js';
import { testVault } from '../../support/vault.js';

const PERIOD = ['--form', 'II.06a', '--period', '2024-Q1'];
const clock = { now: () => Date.parse('2024-12-01T00:00:00.000Z') };

let bench: ProjectionBench;
let folder: string;
const closed = jest.fn(() => Promise.resolve());

async function open(): Promise<CliContext> {
  const { pool, log } = bench;
  const reference = new ReferenceStore(log, clock);
  const catchUp = async (): Promise<void> => {
    await bench.rebuild([reportProjection]);
  };
  const vault = await testVault(pool);
  return { ...platformOn(pool, clock, vault, closed), reference, catchUp, close: closed };
}

/** What the command writes on standard output. */
async function run(...args: string[]): Promise<string> {
  const written: string[] = [];
  const spy = jest.spyOn(process.stdout, 'write').mockImplementation((text) => {
    written.push(String(text));
    return true;
  });
  const command = reportCommand(open)
    .exitOverride()
    .configureOutput({ writeErr: () => undefined });
  try {
    await command.parseAsync(args, { from: 'user' });
  } finally {
    spy.mockRestore();
  }
  return written.join('');
}

beforeAll(async () => {
  bench = await ProjectionBench.open();
  folder = await mkdtemp(join(tmpdir(), 'motcua-report-'));
  for (const code of ['A', 'B']) {
    const event = newEvent('DossierAccepted', accepted(code) as unknown as JsonObject);
    await bench.log.append(streamName('dossier', code), 'no_stream', [event]);
  }
});
afterAll(async () => {
  await bench.close();
  await rm(folder, { recursive: true });
});

describe('report --form II.06a', () => {
  it('--json gives exactly the form, with the position it is true to', async () => {
    const out = JSON.parse(await run(...PERIOD, '--json', '--final', '--recount')) as ReportII06a;
    expect(Object.keys(out)).toEqual(['form', 'from', 'to', 'position', 'rows', 'total', 'rates', 'lag']);
    expect(out).toMatchObject({
      from: '2023-12-31T17:00:00.000Z',
      position: 2,
      lag: { events: 0, seconds: 0 },
    });
    expect(out.rows).toMatchObject([
      { field: TERMS.field, procedure: TERMS.procedure.id, columns: { '4': 2, '13': 2 } },
    ]);
  });

  it('is a table in Vietnamese with English beside, without options', async () => {
    const out = await run(...PERIOD);
    expect(out).toContain('(13) Đang giải quyết: quá hạn / Pending: late');
    expect(out).toMatch(/Tổng cộng \/ Total +2 +2 +0 +0 +0 +0 +0 +0 +2 +0 +2\n/);
  });

  it('writes CSV and a workbook into files, and CSV on standard output', async () => {
    const csv = join(folder, 'a.csv');
    const xlsx = join(folder, 'a.xlsx');
    expect(await run(...PERIOD, '--csv', csv)).toBe('');
    expect(await run(...PERIOD, '--xlsx', xlsx)).toBe('');
    expect(await readFile(csv, 'utf8')).toBe(await run(...PERIOD, '--csv'));
    expect((await readFile(xlsx)).subarray(0, 2).toString()).toBe('PK');
  });

  it.each([
    ['unknown-form', ['--form', '07a', '--period', '2024']],
    ['period-missing', ['--form', 'II.06a']],
    ['unknown-period', ['--form', 'II.06a', '--period', 'spring']],
  ])('is refused with %s', async (type, args) => {
    await expect(run(...args)).rejects.toMatchObject({ type });
    await expect(run(...args)).rejects.toBeInstanceOf(Problem);
  });

  it('closes what it opened, also when it is refused', async () => {
    closed.mockClear();
    await run(...PERIOD, '--unit', 'H54.99', '--by', 'field');
    await run('--form', 'II.06a').catch(() => undefined);
    expect(closed).toHaveBeenCalledTimes(2);
  });
});
