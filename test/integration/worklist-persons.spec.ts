import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { WorklistPage } from '#libs/dossier/worklist/filter.js';
import { WorklistProjection } from '#libs/dossier/worklist/worklist.projection.js';
import { listWorklist } from '#libs/dossier/worklist/worklist.query.js';
import type { RecordedEvent } from '#libs/event-log/event-log.js';
import { collect } from '#libs/event-log/testing/contract-support.js';
import type { Vault } from '#libs/personal-data/vault.js';
import { withClient } from '#libs/projection/transaction.js';
import { newEvent, write } from '../support/dossier-events.js';
import { ProjectionBench } from '../support/projection-bench.js';
import { acceptedOf, erasureOf } from '../support/sealed-events.js';
import { testVault } from '../support/vault.js';

let bench: ProjectionBench;
let vault: Vault;
let worklist: WorklistProjection;

beforeEach(async () => {
  bench = await ProjectionBench.open();
  vault = await testVault(bench.pool);
  worklist = new WorklistProjection(vault);
});
afterEach(() => bench.close());

const list = (q?: string): Promise<WorklistPage> =>
  listWorklist({ pool: bench.pool, engine: bench.log.engine, vault }, 'all', q === undefined ? {} : { q });

const tell = async (subject: string): Promise<void> => {
  const { stream, event } = erasureOf(subject);
  await bench.log.append(stream, 'no_stream', [event]);
};
const followed = async (): Promise<void> => bench.reached('worklist', await bench.log.head());

/** Both tables as they are, whichever schema they are in. */
const rowsOf = async (schema: string): Promise<unknown[]> => [
  await bench.rows(`SELECT * FROM ${schema}.dossiers ORDER BY code`),
  await bench.rows(`SELECT * FROM ${schema}.erased ORDER BY subject`),
];

describe('a person who is erased', () => {
  const [gone, other] = [randomUUID(), randomUUID()];

  beforeEach(async () => {
    await write(bench.log, 'A-1', await acceptedOf(vault, 'A-1', { applicant: gone }));
    await write(bench.log, 'A-2', await acceptedOf(vault, 'A-2', { applicant: other }));
    const both = { applicant: { name: 'Lê Lựu' }, submitter: { name: 'Đỗ Quyên', phone: '0912 000 111' } };
    await write(
      bench.log,
      'A-3',
      await acceptedOf(vault, 'A-3', { applicant: other, submitter: gone }, both),
    );
    bench.run(worklist);
    await followed();
  });

  it('leaves the rows, which stay where they were', async () => {
    const before = await bench.rows('SELECT code, revision, position FROM worklist.dossiers ORDER BY code');
    await tell(gone);
    await vault.erase([gone]);
    await followed();

    expect(
      (await list()).items.map(({ code, applicant, submitter, erased }) => [
        code,
        applicant,
        submitter,
        erased,
      ]),
    ).toEqual([
      ['A-1', null, null, true],
      ['A-2', 'Người nộp A-2', null, false],
      ['A-3', 'Lê Lựu', null, true],
    ]);
    expect(await bench.rows('SELECT code, revision, position FROM worklist.dossiers ORDER BY code')).toEqual(
      before,
    );
    expect(
      await bench.rows(
        `SELECT code FROM worklist.dossiers
          WHERE applicant_subject = $1 AND applicant IS NULL AND applicant_words = ''
             OR submitter_subject = $1 AND submitter IS NULL AND submitter_words = ''`,
        [gone],
      ),
    ).toHaveLength(2);
    expect((await list('quyen')).items).toEqual([]);
    expect((await list('0912000111')).items).toEqual([]);
    expect((await list('luu')).items.map(({ code }) => code)).toEqual(['A-3']);
  });

  it('is erased on the list from the moment the key is gone', async () => {
    await vault.erase([gone]);
    expect((await list()).items.map(({ erased }) => erased)).toEqual([true, false, true]);
  });

  it.each([
    ['before it is told', ['erase', 'tell']],
    ['after it is told', ['tell', 'erase']],
    ['when all is over', ['tell', 'late event', 'erase']],
    ['between', ['tell', 'erase', 'late event']],
  ])('is so in a rebuild as well, where the key goes %s', async (_when, steps) => {
    // Sealed before, and appended when it is all over.
    const late = await acceptedOf(vault, 'A-4', { applicant: gone });
    for (const step of steps) {
      if (step === 'erase') await vault.erase([gone]);
      else if (step === 'tell') await tell(gone);
      else await write(bench.log, 'A-4', late);
    }
    await followed();
    expect((await list('nop')).items.map(({ code }) => code)).toEqual(['A-2']);
    const [report] = await bench.rebuild([worklist], { batchSize: 2 });
    expect(report).toMatchObject({
      compared: true,
      tables: [
        { onlyOld: 0, onlyNew: 0, changed: 0 },
        { onlyOld: 0, onlyNew: 0, changed: 0 },
      ],
    });
    expect((await list('nop')).items.map(({ code }) => code)).toEqual(['A-2']);
  });

  it('is taken out while a rebuild is under way', async () => {
    const running = new WorklistProjection({
      digest: vault.digest.bind(vault),
      // Erased when the rebuild has read the first dossier, and not yet the last.
      open: async (parts) => {
        const opened = await vault.open(parts);
        await vault.erase([gone]);
        return opened;
      },
    });
    await tell(gone);
    await followed();
    const [report] = await bench.rebuild([running], { batchSize: 1 });
    expect(report?.tables.map(({ changed }) => changed)).toEqual([0, 0]);
    expect((await list()).items.map(({ applicant }) => applicant)).toEqual([null, 'Người nộp A-2', 'Lê Lựu']);
  });
});

describe('a party that cannot be read', () => {
  it('is told of once, with its place, and keeps neither worklist nor lists from the others', async () => {
    const [lost, other] = [randomUUID(), randomUUID()];
    await write(bench.log, 'A-1', await acceptedOf(vault, 'A-1', { applicant: lost }));
    await bench.pool.query('DELETE FROM personal_data.keys WHERE subject = $1', [lost]);
    await write(bench.log, 'A-2', await acceptedOf(vault, 'A-2', { applicant: lost }));
    await write(bench.log, 'A-3', await acceptedOf(vault, 'A-3', { applicant: other }));
    const told: string[] = [];
    bench.run(new WorklistProjection(vault, (line) => told.push(line)));
    await followed();

    expect(
      (await list()).items.map(({ code, applicant, erased, damaged }) => [code, applicant, erased, damaged]),
    ).toEqual([
      ['A-1', null, false, true],
      ['A-2', 'Người nộp A-2', false, false],
      ['A-3', 'Người nộp A-3', false, false],
    ]);
    expect((await list('nop')).items.map(({ code }) => code)).toEqual(['A-2', 'A-3']);
    expect(told).toEqual([expect.stringMatching(/^dossier-A-1, position 1: the applicant cannot be read/)]);
  });
});

describe('the worklist of persons who come and go', () => {
  it('is the same however the log is cut, live or in a rebuild', async () => {
    let n = 0;
    const fold = (schema: string, batches: readonly RecordedEvent[][], mode: 'live' | 'rebuild') =>
      withClient(bench.pool, async (client) => {
        const projection = new WorklistProjection(vault);
        await client.query(`CREATE SCHEMA ${schema}`);
        await projection.create(client, schema);
        for (const batch of batches) await projection.apply(client, schema, batch, mode);
        await projection.finish(client, schema);
      });
    const moves = fc.record({ dossier: fc.nat(3), person: fc.nat(2), move: fc.nat(3) });
    await fc.assert(
      fc.asyncProperty(
        fc.array(moves, { minLength: 1, maxLength: 15 }),
        fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 15, maxLength: 15 }),
        async (script, cuts) => {
          n += 1;
          const persons = [randomUUID(), randomUUID(), randomUUID()];
          const told = new Set<string>();
          const from = await bench.log.head();
          for (const { dossier, person, move } of script) {
            const code = `R${n}-${dossier}`;
            const subject = persons[person] as string;
            if (move === 0 && !told.has(subject)) {
              told.add(subject);
              await tell(subject);
            } else if (move === 1)
              await write(bench.log, code, newEvent('DossierResolved', { outcome: 'granted' }));
            else {
              const by = { applicant: subject, submitter: persons[(person + 1) % 3] as string };
              const fields = {
                applicant: { name: 'Lê Lựu' },
                ...(move === 2 ? { submitter: { name: 'An' } } : {}),
              };
              await write(bench.log, code, await acceptedOf(vault, code, by, fields));
            }
          }
          const events = await collect(bench.log.readAll({ from }));
          const batches = cuts.map((size) => events.splice(0, size)).filter((batch) => batch.length > 0);
          await fold(`whole${n}`, [batches.flat()], 'live');
          await fold(`cut${n}`, batches, 'live');
          await vault.erase([...told]);
          await fold(`rebuilt${n}`, batches, 'rebuild');
          const whole = await rowsOf(`whole${n}`);
          expect(await rowsOf(`cut${n}`)).toEqual(whole);
          expect(await rowsOf(`rebuilt${n}`)).toEqual(whole);
        },
      ),
      { numRuns: 15 },
    );
  });
});
