import { chmod, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { keyStoreMigrations } from '#libs/personal-data/key-store-schema.adapter.js';
import { type MasterKeySettings, newMasterKey } from '#libs/personal-data/master-key-source.adapter.js';
import { openVault } from '#libs/personal-data/open-vault.adapter.js';
import { migrate } from '#libs/read-db/migrate.adapter.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';

let database: TestDatabase;
let folder: string;
let notices: string[];

beforeEach(async () => {
  database = await createTestDatabase();
  await migrate(database.pool, keyStoreMigrations);
  folder = await mkdtemp(join(tmpdir(), 'motcua-keys-'));
  notices = [];
});
afterEach(async () => {
  await rm(folder, { recursive: true });
  await database.drop();
});

const open = (settings: Partial<MasterKeySettings> = {}): ReturnType<typeof openVault> =>
  openVault({
    ...{ pool: database.pool, besideLog: true, dataFolder: join(folder, 'data'), ...settings },
    notice: (line) => notices.push(line),
  });
const refused = (settings: Partial<MasterKeySettings>): Promise<unknown> =>
  open(settings).then(
    () => undefined,
    (error: unknown) => error,
  );

describe('a master key that nobody has set', () => {
  it('is made once in the data folder, where its owner alone can read it, and that is said', async () => {
    const first = (await open()).digest('search', 'x');
    const file = join(folder, 'data', 'master.key');
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect(notices).toEqual([expect.stringMatching(/data\/master\.key was made.*Keep a copy, apart/)]);
    const text = await readFile(file, 'utf8');
    expect(notices.join()).not.toContain(text.trim());
    expect((await open()).digest('search', 'x')).toEqual(first);
    expect([await readFile(file, 'utf8'), notices.length]).toEqual([text, 1]);
  });

  it('is one, however many processes start at once', async () => {
    const vaults = await Promise.all(Array.from({ length: 8 }, () => open()));
    const digests = vaults.map((vault) => vault.digest('search', 'x').toString('hex'));
    expect(new Set(digests).size).toBe(1);
    expect(await readdir(join(folder, 'data'))).toEqual(['master.key']);
    expect(notices).toHaveLength(1);
  });

  it('is not made where there are keys already', async () => {
    await open();
    await rm(join(folder, 'data', 'master.key'));
    expect(await refused({})).toMatchObject({ type: 'master-key-missing' });
    expect(await readdir(join(folder, 'data'))).toEqual([]);
  });

  it('cannot be made where nothing can be written', async () => {
    await symlink(join(folder, 'nowhere', 'at', 'all'), join(folder, 'data'));
    expect(await refused({})).toMatchObject({ type: 'master-key-unwritable' });
  });
});

describe('a master key that is set', () => {
  it('is taken from the setting, or from the file that it names', async () => {
    const masterKey = newMasterKey();
    const digest = (await open({ masterKey })).digest('search', 'x');
    const masterKeyFile = join(folder, 'keys');
    await writeFile(masterKeyFile, `${newMasterKey()}\n${masterKey}\n`, { mode: 0o600 });
    expect((await open({ masterKeyFile })).digest('search', 'x')).toEqual(digest);
    expect(notices).toEqual([]);
    await chmod(masterKeyFile, 0o640);
    await open({ masterKeyFile });
    expect(notices).toEqual([expect.stringMatching(/keys holds the master key and others .*chmod 600/)]);
  });

  it('is refused if it is not the one, malformed, not there, or said twice', async () => {
    await open({ masterKey: newMasterKey() });
    const wrong = newMasterKey();
    const missing = await refused({ masterKey: wrong });
    expect(missing).toMatchObject({ type: 'master-key-missing', details: { where: 'MOTCUA_MASTER_KEY' } });
    expect(JSON.stringify(missing)).not.toContain(wrong);
    expect(await refused({ masterKey: 'x' })).toMatchObject({ type: 'master-key-malformed' });
    expect(await refused({ masterKeyFile: join(folder, 'no') })).toMatchObject({
      type: 'master-key-unreadable',
      details: { reason: 'ENOENT' },
    });
    expect(await refused({ masterKey: wrong, masterKeyFile: join(folder, 'no') })).toMatchObject({
      type: 'master-key-twice',
    });
    expect(await readdir(folder)).toEqual([]);
  });
});

describe('secrets of accounts', () => {
  it('open in every process, and for their account only', async () => {
    const masterKey = newMasterKey();
    const [here, there] = [(await open({ masterKey })).keeper, (await open({ masterKey })).keeper];
    const sealed = here.seal('clerk-1', Buffer.from('secret'));
    expect(there.open('clerk-1', sealed)?.toString()).toBe('secret');
    expect(there.open('clerk-2', sealed)).toBeUndefined();
    expect(there.open('clerk-1', sealed.subarray(1))).toBeUndefined();
    expect(here.digest('clerk-1', 'code')).toEqual(there.digest('clerk-1', 'code'));
    expect(here.digest('clerk-2', 'code')).not.toEqual(there.digest('clerk-1', 'code'));
  });
});
