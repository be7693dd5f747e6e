import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Vault } from '#libs/personal-data/vault.js';
import { requireKeys } from '#libs/personal-data/lost-keys.adapter.js';
import { accepted, write } from '../support/dossier-events.js';
import { ProjectionBench } from '../support/projection-bench.js';
import { acceptedOf } from '../support/sealed-events.js';
import { testVault } from '../support/vault.js';

const LOST = { type: 'keys-lost' };

let bench: ProjectionBench;
let vault: Vault;
const [ANH, BINH] = [randomUUID(), randomUUID()];

const takeIn = async (code: string, applicant: string): Promise<void> => {
  await write(bench.log, code, await acceptedOf(vault, code, { applicant }));
};
const start = (): Promise<void> => requireKeys(bench.pool, bench.log);
/** As when the log came out of a backup, and nothing else. */
const loseKeys = (): Promise<unknown> => bench.pool.query('DELETE FROM personal_data.keys');

beforeEach(async () => {
  bench = await ProjectionBench.open();
  vault = await testVault(bench.pool);
});
afterEach(() => bench.close());

describe('a start on a store without any key', () => {
  it('goes on where the log is new, or was written before anything was sealed', async () => {
    await start();
    await write(bench.log, 'A-1', accepted('A-1', {}, 'Nguyễn Văn Ánh'));
    await start();
  });

  it('is refused where the log has a sealed part, also behind others', async () => {
    await write(bench.log, 'A-1', accepted('A-1', {}, 'Nguyễn Văn Ánh'));
    await takeIn('A-2', ANH);
    await start();
    await loseKeys();
    await expect(start()).rejects.toMatchObject(LOST);
  });

  it('is refused where the store knows who was erased, but has no key of the others', async () => {
    await takeIn('A-1', ANH);
    await takeIn('A-2', BINH);
    await loseKeys();
    await vault.erase([ANH]);
    await expect(start()).rejects.toMatchObject(LOST);
  });

  it('goes on where all are erased', async () => {
    await takeIn('A-1', ANH);
    await vault.erase([ANH]);
    await start();
  });
});
