import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { RecordedEvent } from '#libs/event-log/event-log.js';
import type { Vault } from '#libs/personal-data/vault.js';
import { withClient } from '#libs/projection/transaction.js';
import type { WorklistFilter } from '#libs/dossier/worklist/filter.js';
import { WorklistProjection } from '#libs/dossier/worklist/worklist.projection.js';
import { listWorklist } from '#libs/dossier/worklist/worklist.query.js';
import { accepted, newEvent, write } from '../support/dossier-events.js';
import { ProjectionBench } from '../support/projection-bench.js';
import { testVault } from '../support/vault.js';

const BY_IMPORT = { actor: 'import', correlationId: 'c', causationId: 'c', source: { file: 'f', row: 1 } };

describe('the worklist', () => {
  let bench: ProjectionBench;
  let vault: Vault;
  let head: bigint;

  const source = () => ({ pool: bench.pool, engine: bench.log.engine, vault });
  const codes = async (filter: WorklistFilter): Promise<string[]> =>
    (await listWorklist(source(), 'all', filter)).items.map((item) => item.code);

  beforeAll(async () => {
    bench = await ProjectionBench.open();
    vault = await testVault(bench.pool);
    const { log } = bench;
    await write(
      log,
      'A-1',
      accepted('A-1', { dueAt: '2024-02-01T03:00:00.000Z' }, 'Nguyễn Thị Đặng'.normalize('NFD')),
    );
    await write(
      log,
      'A-2',
      accepted('A-2', { dueAt: '2024-02-02T03:00:00.000Z', channel: 'online', unit: 'H54.13' }, 'Trần Văn A'),
    );
    await write(log, 'A-3', accepted('A-3', { dueAt: '2024-02-02T03:00:00.000Z', official: 'clerk-2' }));
    await write(
      log,
      'A-4',
      accepted('A-4', { dueAt: null, dueBasis: 'stated' }, `O'Neil <b>"x"</b>; DROP TABLE`),
    );
    await write(
      log,
      'A-5',
      accepted('A-5', { dueAt: '2024-01-20T03:00:00.000Z' }),
      newEvent('DossierResolved', { outcome: 'granted' }),
    );
    await write(
      log,
      'A-6',
      accepted('A-6', { dueAt: '2024-01-20T03:00:00.000Z' }),
      newEvent('SupplementRequested', { number: 1, stopsClock: true }),
    );
    await write(
      log,
      'A-7',
      { ...accepted('A-7'), metadata: BY_IMPORT },
      newEvent('ImportReversed', { file: 'f' }),
    );
    await write(
      log,
      'H54.12-240115-0001',
      newEvent('DossierRegistered', {
        code: 'H54.12-240115-0001',
        unit: 'H54.12',
        procedure: '1.000001',
        case: 'default',
        channel: 'online',
        answerDueAt: '2024-01-16T03:00:00.000Z',
        formerCode: null,
      }),
    );
    head = await log.head();
    bench.run(new WorklistProjection(vault));
    await bench.reached('worklist', head);
  });
  afterAll(() => bench.close());

  it('is in the order of what is due, with nothing due last and what was taken back not at all', async () => {
    const page = await listWorklist(source(), 'all', {});
    expect(page.items.map((item) => item.code)).toEqual([
      'H54.12-240115-0001',
      'A-5',
      'A-6',
      'A-1',
      'A-2',
      'A-3',
      'A-4',
    ]);
    expect(page).toMatchObject({ next: null, position: head });
    expect(page.items[3]).toEqual({
      code: 'A-1',
      state: 'accepted',
      unit: 'H54.12',
      official: 'clerk-1',
      procedure: '1.009645',
      field: 'Đầu tư',
      channel: 'in_person',
      registeredAt: null,
      acceptedAt: '2024-01-15T03:00:00.000Z',
      dueAt: '2024-02-01T03:00:00.000Z',
      clock: 'running',
      pausedAt: null,
      endedAt: null,
      applicant: 'Nguyễn Thị Đặng',
      submitter: null,
      erased: false,
      damaged: false,
      formerCode: null,
      proposals: [],
      imported: false,
      revision: 0n,
      position: 1n,
    });
  });

  it.each<[string, WorklistFilter, string[]]>([
    ['states', { states: ['resolved', 'supplement_requested'] }, ['A-5', 'A-6']],
    ['open states', { states: ['accepted'] }, ['A-1', 'A-2', 'A-3', 'A-4']],
    ['unit', { unit: 'H54.13' }, ['A-2']],
    ['official', { official: 'clerk-2' }, ['A-3']],
    ['procedure', { procedure: '1.000001' }, ['H54.12-240115-0001']],
    ['channel', { channel: 'online' }, ['H54.12-240115-0001', 'A-2']],
    ['due before', { dueBefore: '2024-02-02T03:00:00.000Z' }, ['H54.12-240115-0001', 'A-6', 'A-1']],
    [
      'overdue, but not while the clock stands still',
      { overdueAt: '2024-02-01T04:00:00.000Z' },
      ['H54.12-240115-0001', 'A-1'],
    ],
    [
      'several at once',
      { unit: 'H54.12', channel: 'in_person', states: ['accepted'], official: 'clerk-1' },
      ['A-1', 'A-4'],
    ],
    ['a name without diacritics', { q: 'dang nguyen' }, ['A-1']],
    ['the beginning of a name, composed', { q: 'Ngu ĐẶ' }, ['A-1']],
    ['the same, decomposed', { q: 'Ngu ĐẶ'.normalize('NFD') }, ['A-1']],
    ['a code', { q: 'h54.12-2401' }, ['H54.12-240115-0001']],
    ['a part of a code', { q: '0001' }, ['H54.12-240115-0001']],
    ['what would be SQL or HTML', { q: `o'neil "x" <b> ;` }, ['A-4']],
    ['a word that nobody has', { q: `nguyen' | 'zz` }, []],
    ['no word at all', { q: '%%' }, []],
    ['blanks', { q: '  ', unit: 'H54.13' }, ['A-2']],
    ['SQL in a field', { unit: `' OR true --` }, []],
  ])('is filtered by %s', async (_what, filter, expected) => {
    expect(await codes(filter)).toEqual(expected);
  });

  it.each(['due', 'accepted'] as const)(
    'comes in pages without repeating or leaving out, sorted by %s',
    async (sort) => {
      const whole = await codes({ sort });
      for (let limit = 1; limit <= whole.length; limit += 1) {
        const seen: string[] = [];
        let cursor: string | null | undefined;
        do {
          const page = await listWorklist(source(), 'all', { sort, limit, ...(cursor ? { cursor } : {}) });
          seen.push(...page.items.map((item) => item.code));
          cursor = page.next;
        } while (cursor);
        expect(seen).toEqual(whole);
      }
    },
  );
});

describe('the worklist projection', () => {
  let bench: ProjectionBench;
  let vault: Vault;
  let worklist: WorklistProjection;

  beforeEach(async () => {
    bench = await ProjectionBench.open();
    vault = await testVault(bench.pool);
    worklist = new WorklistProjection(vault);
  });
  afterEach(() => bench.close());

  const steps = [
    (code: string) => accepted(code, {}, `Người nộp ${code}`),
    (code: string) => ({ ...accepted(code, { official: null }), metadata: BY_IMPORT }),
    () => newEvent('SupplementRequested', { number: 1, stopsClock: true }),
    () => newEvent('SupplementReceived', { dueAt: '2024-03-01T03:00:00.000Z' }),
    () => newEvent('DossierHandedOver', { toUnit: 'H54.14', toOfficial: null }),
    () => newEvent('DossierResolved', { outcome: 'granted' }),
    () => newEvent('ImportReversed', { file: 'f' }),
    () => newEvent('FromLaterVersion'),
  ];

  it('makes the same rows however the log is cut, live or in a rebuild', async () => {
    let n = 0;
    const rows = async (schema: string): Promise<unknown[]> =>
      bench.rows(`SELECT * FROM ${schema}.dossiers ORDER BY code`);
    const fold = (
      schema: string,
      batches: readonly (readonly RecordedEvent[])[],
      mode: 'live' | 'rebuild',
    ): Promise<void> =>
      withClient(bench.pool, async (client) => {
        await client.query(`CREATE SCHEMA ${schema}`);
        await worklist.create(client, schema);
        for (const batch of batches) await worklist.apply(client, schema, batch, mode);
        await worklist.finish(client, schema);
      });
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ dossier: fc.nat(3), step: fc.nat(steps.length - 1) }), {
          minLength: 1,
          maxLength: 25,
        }),
        fc.array(fc.integer({ min: 1, max: 6 }), { minLength: 25, maxLength: 25 }),
        async (script, cuts) => {
          n += 1;
          const from = await bench.log.head();
          for (const { dossier, step } of script) {
            const code = `R${n} Đ-${dossier}`;
            await write(bench.log, code, steps[step]!(code));
          }
          const events: RecordedEvent[] = [];
          for await (const event of bench.log.readAll({ from })) events.push(event);
          const batches = cuts.map((size) => events.splice(0, size)).filter((batch) => batch.length > 0);
          await fold(`whole${n}`, [batches.flat()], 'live');
          await fold(`cut${n}`, batches, 'live');
          await fold(`rebuilt${n}`, batches, 'rebuild');
          expect(await rows(`cut${n}`)).toEqual(await rows(`whole${n}`));
          expect(await rows(`rebuilt${n}`)).toEqual(await rows(`whole${n}`));
        },
      ),
      { numRuns: 15 },
    );
  });

  it('is the same rebuilt as it was live, and the list can be read all the while', async () => {
    bench.run(worklist);
    for (let n = 0; n < 40; n += 1) {
      const code = `A-${n % 12}`;
      await write(bench.log, code, n < 12 ? accepted(code, {}, `Tên ${n}`) : steps[2 + (n % 5)]!(code));
    }
    await bench.reached('worklist', await bench.log.head());
    let reading = true;
    const reads = (async () => {
      for (; reading;)
        expect(
          (await listWorklist({ pool: bench.pool, engine: bench.log.engine, vault }, 'all', {})).items.length,
        ).toBeGreaterThan(0);
    })();
    const [report] = await bench.rebuild([worklist], { batchSize: 7 });
    reading = false;
    await reads;

    expect(report).toMatchObject({
      compared: true,
      events: 40,
      tables: [
        { table: 'dossiers', onlyOld: 0, onlyNew: 0, changed: 0 },
        { table: 'erased', onlyOld: 0, onlyNew: 0, changed: 0 },
      ],
    });
  });
});
