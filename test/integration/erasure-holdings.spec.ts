import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { WorklistProjection } from '#libs/dossier/worklist/worklist.projection.js';
import { ErasureProjection } from '#libs/erasure/erasure.projection.js';
import { dossiersOf, mayBeDue, type PersonDossiers } from '#libs/erasure/persons.query.js';
import type { NewEvent } from '#libs/event-log/event-log.js';
import type { Vault } from '#libs/personal-data/vault.js';
import { newEvent, write } from '../support/dossier-events.js';
import { ProjectionBench } from '../support/projection-bench.js';
import { acceptedOf, erasureOf } from '../support/sealed-events.js';
import { testVault } from '../support/vault.js';

const NOW = '2044-01-01T00:00:00.000Z';
let bench: ProjectionBench;
let vault: Vault;

beforeEach(async () => {
  bench = await ProjectionBench.open();
  vault = await testVault(bench.pool);
});
afterEach(() => bench.close());

const followed = async (): Promise<void> => {
  for (const projection of [new WorklistProjection(vault), new ErasureProjection(vault)]) {
    bench.run(projection);
    await bench.reached(projection.name, await bench.log.head());
  }
};
const models = () => ({ pool: bench.pool, engine: bench.log.engine });
const due = (): Promise<PersonDossiers[]> =>
  mayBeDue(models(), { retentions: [{ procedure: '1.009645', months: 24 }], now: NOW, after: '', limit: 10 });

/** An event that names nobody, with something about somebody. */
async function telling(type: string, data: object, subject: string): Promise<NewEvent> {
  const part = { person: { otherwise: subject }, part: 'rest', fields: { note: 'Bà Hoa' } } as const;
  return { ...newEvent(type, data as NewEvent['data']), personal: { sealed: await vault.seal([part]) } };
}
const resolved = (): NewEvent => newEvent('DossierResolved', { outcome: 'granted' });

describe('dossiers that hold data of a person', () => {
  const [first, second] = [randomUUID(), randomUUID()];

  it('are also those in which nobody is named, but something is written', async () => {
    const named = newEvent('DossierAccepted', (await acceptedOf(vault, 'A-1', { applicant: first })).data);
    await write(
      bench.log,
      'A-1',
      named,
      await telling('ActivityRecorded', { activity: 'x' }, second),
      resolved(),
    );
    await followed();

    expect(await dossiersOf(models(), second)).toEqual(['A-1']);
    expect(await due()).toEqual([{ subject: second, codes: ['A-1'] }]);
  });

  it('are also those whose import was taken back, and came again with another person', async () => {
    const [one, other] = [
      await acceptedOf(vault, 'A-1', { applicant: first }),
      await acceptedOf(vault, 'A-1', { applicant: second }),
    ];
    const imported = { ...one, metadata: { ...one.metadata, source: { file: 'f', row: 1 } } };
    await write(bench.log, 'A-1', imported, newEvent('ImportReversed', { file: 'f' }));
    await followed();
    expect(await due()).toEqual([{ subject: first, codes: ['A-1'] }]);

    const head = await bench.log.head();
    await bench.log.append('dossier-A-1', 1n, [other, resolved()]);
    await bench.reached('worklist', head + 2n);
    expect(await dossiersOf(models(), first)).toEqual(['A-1']);
    expect(await dossiersOf(models(), second)).toEqual(['A-1']);
    expect((await due()).map(({ subject }) => subject).sort()).toEqual([first, second].sort());
  });

  it('fall due again for what was written of a person after the erasure', async () => {
    await write(bench.log, 'A-1', await acceptedOf(vault, 'A-1', { applicant: first }), resolved());
    const { stream, event } = erasureOf(first);
    await bench.log.append(stream, 'no_stream', [event]);
    await vault.erase([first]);
    const later = await telling('DossierAnnotated', {}, first);
    await bench.log.append('dossier-A-1', 1n, [later]);
    await followed();

    const [further] = await due();
    expect(further).toEqual({ subject: expect.not.stringMatching(first), codes: ['A-1'] });
    expect(await vault.open((later.personal as { sealed: [] }).sealed)).toEqual([{ note: 'Bà Hoa' }]);
    await vault.erase([further!.subject]);
    expect(await vault.open((later.personal as { sealed: [] }).sealed)).toEqual(['erased']);
  });
});
