import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { parse } from 'csv-parse/sync';
import { PostgresEventLog } from '#libs/event-log/adapters/postgres-event-log.adapter.js';
import { eventLogMigrations } from '#libs/event-log/adapters/postgres-schema.adapter.js';
import type { EventLog, RecordedEvent } from '#libs/event-log/event-log.js';
import type { Refused } from '#libs/import/claims.js';
import type { Doubt } from '#libs/import/doubts.js';
import { importLog, type ImportOptions, type ImportResult } from '#libs/import/import-log.js';
import { logFile } from '#libs/import/log-file.adapter.js';
import { parseMapping } from '#libs/import/mapping.js';
import { publishMissing } from '#libs/import/publish-reference.js';
import { reverseImport } from '#libs/import/reverse-import.js';
import { keyStoreMigrations } from '#libs/personal-data/key-store-schema.adapter.js';
import { openPersonal } from '#libs/personal-data/opening.js';
import type { Vault } from '#libs/personal-data/vault.js';
import { migrate } from '#libs/read-db/migrate.adapter.js';
import { ReferenceStore } from '#libs/reference/reference-store.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { testVault } from '../support/vault.js';
import { makeDirtyLog } from '../support/dirty-log.js';

const MAPPING = readFileSync('config/import/receipt.json', 'utf8');
const RECEIPT = join(process.env['MOTCUA_SHARED'] ?? '../shared', 'data', 'receipt.csv');
const clock = { now: () => Date.parse('2012-02-01T00:00:00Z') };

interface Outcome {
  result: ImportResult;
  refused: Refused[];
  doubts: Doubt[];
}

const dirty = makeDirtyLog(1, 80);
const folder = mkdtempSync(join(tmpdir(), 'import-'));
const csvFile = write('dirty.csv', dirty.csv);
const xesFile = write('dirty.xes.gz', dirty.xesGz);
let database: TestDatabase | undefined;
let log: PostgresEventLog;
let vault: Vault;
let store: ReferenceStore;

beforeEach(afresh, 120_000);
afterEach(close);
afterAll(() => rmSync(folder, { recursive: true }));

describe('an import', () => {
  it('takes in or refuses every row, and lists what needs explanation', async () => {
    const { result, refused, doubts } = await run(csvFile);
    const { truth } = dirty;

    expect(result.accepted + result.refused).toBe(result.read);
    expect(result).toMatchObject({
      read: truth.rows + truth.badValues + truth.badLines,
      accepted: truth.rows,
      repeated: truth.repeated,
      dossiers: truth.dossiers,
      broken: false,
      again: false,
    });
    expect(refused).toHaveLength(truth.badValues + truth.badLines);
    expect(result.events).toBe(truth.rows - truth.repeated + truth.dossiers + truth.dossiers - truth.open);
    expect(dossiersWith(doubts, 'ended_before_accepted')).toBe(truth.endedBeforeAccepted);
    expect(dossiersWith(doubts, 'step_after_end')).toBe(truth.withStepAfterEnd);
    expect(dossiersWith(doubts, 'step_before_accepted')).toBe(truth.withStepBeforeAccepted);
  });

  it('names file and row in every event', async () => {
    const { result } = await run(csvFile);
    const lines = dirty.csv.toString('utf8').split('\r\n');

    const events = await dossierEvents();
    const opened = await openPersonal(vault, events);
    for (const [n, event] of events.entries()) {
      expect(event.metadata.source?.file).toBe(result.file);
      if (event.type !== 'ActivityRecorded') continue;
      const line = lines[(event.metadata.source?.row ?? 0) - 1] ?? '';
      expect(line).toContain(opened[n]?.fields['performer']);
    }
  });

  it('adds nothing when it runs a second time', async () => {
    const first = await run(csvFile);
    const second = await run(csvFile);

    expect(second.result).toEqual({
      ...first.result,
      again: true,
      events: 0,
      dossiers: 0,
      repeated: first.result.accepted,
    });
    expect(second.refused).toEqual(first.refused);
    expect(second.doubts).toEqual(first.doubts);
  });

  it('adds only what is new in a longer export of the same log', async () => {
    const lines = dirty.csv.toString('latin1').split('\r\n');
    const shorter = write('shorter.csv', Buffer.from(lines.slice(0, 200).join('\r\n'), 'latin1'));

    const first = await run(shorter);
    const second = await run(csvFile);
    const longer = await picture();
    await afresh();
    const once = await run(csvFile);

    expect(first.result.events + second.result.events).toBe(once.result.events);
    expect(longer).toEqual(await picture());
  });

  it('goes on where it was stopped, as if it had run once', async () => {
    await run(csvFile);
    const whole = await picture();
    for (const appends of [1, 7, 60]) {
      await afresh();
      const stop = new AbortController();
      let left = appends;
      const watched: Pick<EventLog, 'append'> = {
        append: async (...given) => {
          const appended = await log.append(...given);
          if (--left === 0) stop.abort();
          return appended;
        },
      };
      await expect(
        run(csvFile, { signal: stop.signal, log: Object.assign(Object.create(log), watched) as EventLog }),
      ).rejects.toThrow();

      const { result } = await run(csvFile);

      expect(result.read).toBe(result.accepted + result.refused);
      expect(await picture()).toEqual(whole);
    }
  });

  it('gives the same dossiers from CSV and from XES.gz', async () => {
    await run(csvFile);
    const fromCsv = await picture();
    await afresh();
    const { result } = await run(xesFile);

    expect(result).toMatchObject({ accepted: dirty.truth.rows, refused: dirty.truth.badValues });
    expect(await picture()).toEqual(fromCsv);
  });

  it.each([
    ['XES.gz', 'cut.xes.gz', dirty.xesGz],
    ['XES', 'cut.xes', gunzipSync(dirty.xesGz)],
  ])(
    'imports all that can be read of a %s that is cut off, and refuses the rest as one row',
    async (_, name, bytes) => {
      const { result, refused } = await run(write(name, bytes.subarray(0, Math.floor(bytes.length / 2))));

      expect(result.broken).toBe(true);
      expect(result.accepted + result.refused).toBe(result.read);
      expect(result.accepted).toBeGreaterThan(dirty.truth.rows / 3);
      expect(refused.at(-1)).toEqual({ row: result.read, reason: expect.stringMatching(/cut off|broken/) });
    },
  );

  it('refuses rows of a dossier that the desk began itself', async () => {
    await run(csvFile);
    const own = (await dossierEvents()).find((event) => event.type === 'DossierAccepted');
    await afresh();
    if (!own) throw new Error('no dossier');
    const { source: _, ...metadata } = own.metadata;
    await log.append(own.stream, 'no_stream', [{ ...own, metadata }]);

    const { result, refused } = await run(csvFile);

    expect(result.dossiers).toBe(dirty.truth.dossiers - 1);
    expect(refused).toContainEqual({
      row: own.metadata.source?.row,
      reason: 'a dossier of the desk has this code already',
    });
    expect(result.accepted + result.refused).toBe(result.read);
  });
});

describe('an import that is taken back', () => {
  it('leaves one compensating event in each of its dossiers, and can come in again', async () => {
    const first = await run(csvFile);
    const before = await picture();

    const reversed = await reverseImport({ log, clock, file: first.result.file });
    expect(reversed.dossiers).toBe(dirty.truth.dossiers);
    expect((await dossierEvents()).filter(({ type }) => type === 'ImportReversed')).toHaveLength(
      reversed.dossiers,
    );
    expect(await picture()).toEqual([]);
    await expect(reverseImport({ log, clock, file: first.result.file })).rejects.toMatchObject({
      type: 'import-unknown',
    });

    const again = await run(csvFile);
    expect(again.result).toMatchObject({
      again: false,
      events: first.result.events,
      dossiers: first.result.dossiers,
    });
    expect(await picture()).toEqual(before);
    expect((await run(csvFile)).result.events).toBe(0);
  });
});

if (existsSync(RECEIPT)) {
  describe('receipt.csv', () => {
    it('is imported whole, with what needs explanation as counted apart from the product', async () => {
      const rows: Record<string, string>[] = parse(readFileSync(RECEIPT), { columns: true });
      const counted = countReceipt(rows);

      const { result, refused, doubts } = await run(RECEIPT);

      expect(result).toMatchObject({
        read: 8_577,
        accepted: 8_577,
        refused: 0,
        repeated: 0,
        dossiers: 1_434,
      });
      expect(refused).toEqual([]);
      expect(result.events).toBe(rows.length + counted.dossiers + counted.ended);
      expect(counted).toMatchObject({
        dossiers: 1_434,
        open: 105,
        endedBeforeAccepted: 2,
        stepAfterEnd: 145,
        stepBeforeAccepted: 2,
      });
      expect(dossiersWith(doubts, 'ended_before_accepted')).toBe(counted.endedBeforeAccepted);
      expect(dossiersWith(doubts, 'step_after_end')).toBe(counted.stepAfterEnd);
      expect(dossiersWith(doubts, 'step_before_accepted')).toBe(counted.stepBeforeAccepted);
      expect(dossiersWith(doubts, 'contradicts_earlier_row')).toBe(0);
      const channels = (await picture()).map(({ channel }) => channel);
      expect(channels.filter((channel) => channel === 'online')).toHaveLength(1_250);
      expect(channels.filter((channel) => channel === 'post')).toHaveLength(53);
      expect(channels.filter((channel) => channel === 'in_person')).toHaveLength(131);
    }, 120_000);
  });
} else {
  process.stdout.write(`${RECEIPT} is not there: its import is left out of the tests\n`);
}

function write(name: string, content: Buffer): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

async function run(path: string, more: Partial<ImportOptions> = {}): Promise<Outcome> {
  const refused: Refused[] = [];
  const doubts: Doubt[] = [];
  const result = await importLog({
    ...{ log, clock, vault },
    reference: store.data,
    mapping: MAPPING,
    source: logFile(path),
    onRefused: (one) => refused.push(one),
    onDoubt: (one) => doubts.push(one),
    ...more,
  });
  return { result, refused, doubts };
}

/** A log of its own with only the reference data in it. */
async function afresh(): Promise<void> {
  if (database) await close();
  database = await createTestDatabase();
  await migrate(database.pool, { ...eventLogMigrations, ...keyStoreMigrations });
  log = new PostgresEventLog(database.pool);
  vault = await testVault(database.pool);
  store = new ReferenceStore(log, clock);
  await publishMissing(parseMapping(MAPPING), store, 'test');
}

async function close(): Promise<void> {
  await log.close();
  await database?.drop();
  database = undefined;
}

async function dossierEvents(): Promise<RecordedEvent[]> {
  const events: RecordedEvent[] = [];
  for await (const event of log.readAll({ categories: ['dossier'] })) events.push(event);
  return events;
}

/** The dossiers that stand, in a form that does not depend on how often and in which pieces they came in. */
async function picture(): Promise<{ stream: string; channel: unknown; events: string[] }[]> {
  const streams = new Map<string, RecordedEvent[]>();
  const all = await dossierEvents();
  const opened = await openPersonal(vault, all);
  for (const [n, event] of all.entries()) {
    const shown = { ...event, data: { ...event.data, ...opened[n]?.fields } };
    const standing = event.type === 'ImportReversed' ? [] : [...(streams.get(event.stream) ?? []), shown];
    streams.set(event.stream, standing);
  }
  return [...streams]
    .filter(([, events]) => events.length > 0)
    .map(([stream, events]) => ({
      stream,
      channel: events.find(({ type }) => type === 'DossierAccepted')?.data['channel'],
      events: events.map(({ type, occurredAt, data }) => JSON.stringify([type, occurredAt, data])).sort(),
    }))
    .sort((a, b) => (a.stream < b.stream ? -1 : 1));
}

function dossiersWith(doubts: readonly Doubt[], reason: Doubt['reason']): number {
  return new Set(doubts.filter((doubt) => doubt.reason === reason).map(({ code }) => code)).size;
}

function countReceipt(rows: readonly Record<string, string>[]) {
  const cases = new Map<string, { start: number; end: number | null; steps: number[] }>();
  for (const row of rows) {
    const at = (name: string): number => Date.parse((row[name] ?? '').replace(' ', 'T'));
    const known = cases.get(row['case:concept:name'] ?? '');
    if (known) known.steps.push(at('time:timestamp'));
    else {
      const end = row['case:enddate'] ? at('case:enddate') : null;
      cases.set(row['case:concept:name'] ?? '', {
        start: at('case:startdate'),
        end,
        steps: [at('time:timestamp')],
      });
    }
  }
  const all = [...cases.values()];
  return {
    dossiers: all.length,
    open: all.filter(({ end }) => end === null).length,
    ended: all.filter(({ end }) => end !== null).length,
    endedBeforeAccepted: all.filter(({ start, end }) => end !== null && end < start).length,
    stepAfterEnd: all.filter(({ end, steps }) => end !== null && steps.some((step) => step > end)).length,
    stepBeforeAccepted: all.filter(({ start, steps }) => steps.some((step) => step < start)).length,
  };
}
