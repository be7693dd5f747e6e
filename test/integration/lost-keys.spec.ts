import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { collect } from '#libs/event-log/testing/contract-support.js';
import { openPersonal } from '#libs/personal-data/opening.js';
import type { Vault } from '#libs/personal-data/vault.js';
import { countGivenUp, giveUpLostKeys, requireKeys } from '#libs/personal-data/lost-keys.adapter.js';
import { accepted, write } from '../support/dossier-events.js';
import { ProjectionBench } from '../support/projection-bench.js';
import { acceptedOf, erasureOf } from '../support/sealed-events.js';
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

describe('keys that are given up', () => {
  const giveUp = (confirmed = true): Promise<number> =>
    giveUpLostKeys({ pool: bench.pool, log: bench.log, confirmed });
  const shown = async (): Promise<unknown[]> =>
    (await openPersonal(vault, await collect(bench.log.readAll()))).map(
      (opened) => opened?.fields['applicant'] ?? opened?.erased,
    );

  beforeEach(async () => {
    await takeIn('A-1', ANH);
    await takeIn('A-2', BINH);
    await takeIn('A-3', ANH);
  });

  it('are told of, and nothing is changed, as long as it is not confirmed', async () => {
    await loseKeys();
    await expect(giveUp(false)).rejects.toMatchObject({
      type: 'keys-give-up-unconfirmed',
      details: { count: 2 },
    });
    await expect(start()).rejects.toMatchObject(LOST);
  });

  it('show as erased, let services start, and keep nobody from a further key', async () => {
    await loseKeys();
    await vault.erase([BINH]);
    const { stream, event } = erasureOf(BINH);
    await bench.log.append(stream, 'no_stream', [event]);
    expect(await giveUp()).toBe(1);
    await start();
    await takeIn('A-4', ANH);
    expect(await shown()).toEqual([true, true, true, undefined, { name: 'Người nộp A-4' }]);
    expect(await countGivenUp(bench.pool, bench.log)).toBe(1);
    expect(await giveUp(false)).toBe(0);
  });

  it('are those that the log needs, and no others', async () => {
    await bench.pool.query('DELETE FROM personal_data.keys WHERE subject = $1', [ANH]);
    expect(await giveUp()).toBe(1);
    expect(await shown()).toEqual([true, { name: 'Người nộp A-2' }, true]);
  });
});
