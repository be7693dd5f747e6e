import { randomUUID } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { keyStatus } from '#libs/personal-data/key-status.adapter.js';
import { keyStoreMigrations } from '#libs/personal-data/key-store-schema.adapter.js';
import { newMasterKey } from '#libs/personal-data/master-key-source.adapter.js';
import { masterKeysOf, openVault } from '#libs/personal-data/open-vault.adapter.js';
import type { PostgresVault } from '#libs/personal-data/postgres-vault.adapter.js';
import { rotateKeys } from '#libs/personal-data/rotate-keys.adapter.js';
import { ERASED, type SealedPart } from '#libs/personal-data/sealed.js';
import { migrate } from '#libs/read-db/migrate.adapter.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';

const PERSONS = 1_200;
const [OLD, NEW] = [newMasterKey(), newMasterKey()];

let database: TestDatabase;
let folder: string;
let file: string;
/** A running service, which is not started anew. */
let service: PostgresVault;
let sealed: SealedPart[];

const fields = (n: number) => ({ name: `Nguyễn Văn ${n}` });
const persons = (from: number, count: number) =>
  Array.from({ length: count }, (_, n) => ({
    ...{ person: { otherwise: randomUUID(), idNumber: `number ${from + n}` }, part: 'applicant' as const },
    fields: fields(from + n),
  }));
const settings = () => ({ pool: database.pool, masterKeyFile: file, dataFolder: folder });
const rotate = async (more: Partial<Parameters<typeof rotateKeys>[0]> = {}) =>
  rotateKeys({ pool: database.pool, masterKeys: await masterKeysOf(settings()), ...more });
const status = async () => keyStatus(database.pool, await masterKeysOf(settings()));
const under = (...keys: string[]): Promise<void> => writeFile(file, keys.join('\n'), { mode: 0o600 });

beforeEach(async () => {
  database = await createTestDatabase();
  await migrate(database.pool, keyStoreMigrations);
  folder = await mkdtemp(join(tmpdir(), 'motcua-rotate-'));
  file = join(folder, 'keys');
  await under(OLD);
  service = await openVault({ ...settings(), besideLog: true });
  sealed = await service.seal(persons(0, PERSONS));
  await under(NEW, OLD);
});
afterEach(async () => {
  await rm(folder, { recursive: true });
  await database.drop();
});

async function expectAllOpens(vault = service): Promise<void> {
  expect(await vault.open(sealed)).toEqual(sealed.map((_, n) => fields(n)));
}

describe('a rotation', () => {
  it('puts all keys under the first master key, so that the old one can go', async () => {
    const digest = service.digest('search', 'x');
    const before = await status();
    expect(before).toMatchObject({ keys: PERSONS, masters: [{ id: before.wrapping, keys: PERSONS }] });
    expect(await rotate()).toEqual({ master: before.first, rewrapped: PERSONS, damaged: [] });
    await expectAllOpens();
    expect(await status()).toMatchObject({
      ...{ wrapping: before.first, masters: [{ id: before.first, keys: PERSONS }] },
    });
    await under(NEW);
    const later = await openVault({ ...settings(), besideLog: true });
    await expectAllOpens(later);
    expect(later.digest('search', 'x')).toEqual(digest);
    expect(await rotate()).toMatchObject({ rewrapped: 0 });
  });

  it('goes on where it was broken off, and says until then that the old master key is needed', async () => {
    const stopping = new AbortController();
    const broken = rotate({ signal: stopping.signal, progress: () => stopping.abort() });
    await expect(broken).rejects.toThrow(/abort/);
    const { masters, first } = await status();
    expect(masters.map(({ keys }) => keys).sort()).toEqual([500, 700]);
    await expectAllOpens();
    await under(NEW);
    await expect(openVault({ ...settings(), besideLog: true })).rejects.toMatchObject({
      type: 'master-key-missing',
    });
    await expect(rotate()).rejects.toMatchObject({ type: 'master-key-missing' });
    await under(NEW, OLD);
    expect(await rotate()).toEqual({ master: first, rewrapped: 700, damaged: [] });
    await under(NEW);
    await expectAllOpens(await openVault({ ...settings(), besideLog: true }));
  });

  it('runs beside services that seal and erase, and none of them makes a key under the old one', async () => {
    const more: Promise<SealedPart[]>[] = [];
    const gone = sealed.slice(0, 20).map(({ subject }) => subject);
    const running = rotate({
      progress: () => more.push(service.seal(persons(PERSONS + more.length, 1))),
    });
    for (let n = 0; n < 50; n += 1) {
      more.push(service.seal(persons(2 * PERSONS + n, 1)));
      await service.open(sealed.slice(n, n + 1));
    }
    await service.erase(gone);
    const { damaged } = await running;
    expect(damaged).toEqual([]);
    const all = (await Promise.all(more)).flat();
    expect((await service.open(all)).every((opened) => opened !== ERASED)).toBe(true);
    const { masters, erased, first } = await status();
    expect({ masters, erased }).toEqual({
      masters: [{ id: first, keys: PERSONS - gone.length + all.length }],
      erased: gone.length,
    });
  });

  it('leaves a key that was changed as it is, and names it', async () => {
    const { subject } = sealed[7]!;
    await database.pool.query(
      `UPDATE personal_data.keys SET key = set_byte(key, 20, get_byte(key, 20) # 1) WHERE subject = $1`,
      [subject],
    );
    expect(await rotate()).toMatchObject({ rewrapped: PERSONS - 1, damaged: [subject] });
    await under(NEW);
    await expect(openVault({ ...settings(), besideLog: true })).rejects.toMatchObject({
      type: 'master-key-missing',
    });
  });

  it('is done by one command at a time', async () => {
    const results = await Promise.allSettled([rotate(), rotate()]);
    const failed = results.filter(({ status: how }) => how === 'rejected');
    expect(failed).toEqual([{ status: 'rejected', reason: expect.objectContaining({ type: 'keys-busy' }) }]);
    await expectAllOpens();
  });

  it('is waited for by a service whose own file lacks the new key', async () => {
    const alone = await openVault({
      ...settings(),
      masterKeyFile: undefined,
      masterKey: OLD,
      besideLog: true,
    });
    await rotate();
    await expect(alone.seal(persons(0, 1))).rejects.toMatchObject({ type: 'master-key-missing' });
    await expect(alone.open(sealed)).rejects.toMatchObject({ type: 'master-key-missing' });
  });
});
