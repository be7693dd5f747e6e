import { randomUUID } from 'node:crypto';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { PostgresEventLog } from '#libs/event-log/adapters/postgres-event-log.adapter.js';
import { eventLogMigrations } from '#libs/event-log/adapters/postgres-schema.adapter.js';
import { writeBackup } from '#libs/event-log/copy/backup-file.adapter.js';
import { entriesOf, readKeysFile } from '#libs/personal-data/export-keys.adapter.js';
import { importKeys } from '#libs/personal-data/import-keys.adapter.js';
import { keyStoreMigrations } from '#libs/personal-data/key-store-schema.adapter.js';
import { keysText } from '#libs/personal-data/keys-file.js';
import { MasterKeys, readMasterKeys } from '#libs/personal-data/master-keys.js';
import { newMasterKey } from '#libs/personal-data/master-key-source.adapter.js';
import { openVault } from '#libs/personal-data/open-vault.adapter.js';
import type { PostgresVault } from '#libs/personal-data/postgres-vault.adapter.js';
import { ERASED, type SealedPart } from '#libs/personal-data/sealed.js';
import { subjectAfter } from '#libs/personal-data/subjects.js';
import { migrate } from '#libs/read-db/migrate.adapter.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { newEvent } from '../support/dossier-events.js';

interface Place {
  readonly database: TestDatabase;
  readonly log: PostgresEventLog;
  readonly vault: PostgresVault;
  readonly masterKeys: MasterKeys;
}

const AT = '2026-11-23T08:00:00.000Z';
const PERSONS = ['Ánh', 'Bình', 'Cường', 'Dung'];
const keysOf = (...keys: string[]): MasterKeys =>
  new MasterKeys(readMasterKeys(keys.join('\n'), 'test'), 'test');

let folder: string;
let places: Place[];
let here: Place;
let there: Place;
let file: string;
let sealed: SealedPart[];
const [OWN, OTHER] = [newMasterKey(), newMasterKey()];

async function place(masterKey: string): Promise<Place> {
  const database = await createTestDatabase();
  await migrate(database.pool, { ...eventLogMigrations, ...keyStoreMigrations });
  const log = new PostgresEventLog(database.pool);
  await log.append('dossier-1', 'no_stream', [newEvent('DossierHandedOver', { toUnit: 'QLĐT' })]);
  const vault = await openVault({ pool: database.pool, besideLog: true, masterKey, dataFolder: '/nowhere' });
  const made = { database, log, vault, masterKeys: keysOf(masterKey) };
  places.push(made);
  return made;
}

const exported = (from: Place, to: string) => writeBackup(to, keysText(AT, entriesOf(from.database.pool)));
const imported = ({ database, log, masterKeys }: Place, from = keysOf(OWN), name = file) =>
  importKeys({
    pool: database.pool,
    log,
    from,
    to: masterKeys,
    file: name,
    entries: () => readKeysFile(name),
  });
/** As a process that starts now: the digest secret may be another one. */
const reopened = ({ database }: Place, masterKey: string) =>
  openVault({ pool: database.pool, besideLog: true, masterKey, dataFolder: '/nowhere' });

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'motcua-keys-'));
  places = [];
  [here, there] = [await place(OWN), await place(OTHER)];
  file = join(folder, 'keys');
  sealed = await here.vault.seal(
    PERSONS.map((name, n) => ({
      person: { otherwise: randomUUID(), idNumber: `number ${n}` },
      part: 'applicant',
      fields: { name },
    })),
  );
  await exported(here, file);
});
afterEach(async () => {
  for (const { database, log } of places) {
    await log.close();
    await database.drop();
  }
  await rm(folder, { recursive: true });
});

describe('a file of keys', () => {
  it('opens what was sealed in another place, under the master key of that place', async () => {
    expect(await imported(there)).toEqual({ imported: 4, already: 0, leftOut: 0, newSecret: true });
    const vault = await reopened(there, OTHER);
    expect(await vault.open(sealed)).toEqual(PERSONS.map((name) => ({ name })));
    expect(vault.digest('search', 'x')).toEqual(here.vault.digest('search', 'x'));
    const [again] = await vault.seal([
      { person: { otherwise: randomUUID(), idNumber: 'number 2' }, part: 'rest', fields: {} },
    ]);
    expect(again!.subject).toBe(sealed[2]!.subject);
    expect(await imported(there)).toEqual({ imported: 0, already: 4, leftOut: 0, newSecret: false });
  });

  it('is for its owner alone, replaces none, and holds no key in clear', async () => {
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    const text = gunzipSync(await readFile(file)).toString();
    expect(text.split('\n').map((line) => Object.keys(JSON.parse(line || '{"":0}') as object)[0])).toEqual([
      ...['manifest', 'secret', 'key', 'key', 'key', 'key', 'end', ''],
    ]);
    expect(text).not.toContain(OWN);
    await expect(exported(here, file)).rejects.toMatchObject({ type: 'backup-exists' });
  });

  it('needs its master key', async () => {
    await expect(imported(there, there.masterKeys)).rejects.toMatchObject({ type: 'master-key-missing' });
    expect(await there.vault.open(sealed)).toEqual(PERSONS.map(() => ERASED));
  });

  it('does not go into the store of another installation, nor before the log', async () => {
    await there.vault.seal([{ person: { otherwise: randomUUID() }, part: 'rest', fields: {} }]);
    await expect(imported(there)).rejects.toMatchObject({ type: 'keys-of-another-installation' });
    const empty = await createTestDatabase();
    await migrate(empty.pool, { ...eventLogMigrations, ...keyStoreMigrations });
    const log = new PostgresEventLog(empty.pool);
    await expect(imported({ ...there, database: empty, log })).rejects.toMatchObject({
      type: 'keys-before-log',
    });
    await log.close();
    await empty.drop();
  });

  it('that is cut off, changed or something else is refused, and nothing is imported', async () => {
    const whole = await readFile(file);
    const text = gunzipSync(whole).toString();
    const lines = text.split('\n');
    const swapped = [...lines.slice(0, 2), lines[3], lines[2], ...lines.slice(4)].join('\n');
    const wrong: [Uint8Array, string][] = [
      [whole.subarray(0, whole.length / 2), 'keys-file-cut-off'],
      [gzipSync(lines.slice(0, 4).join('\n')), 'keys-file-cut-off'],
      [gzipSync(swapped), 'keys-file-changed'],
      [gzipSync(text.replace('"keys"', '"keyz"').replace('"idDigest"', '"idDigesT"')), 'keys-file-changed'],
      [gzipSync(`${text}{"key":{}}\n`), 'keys-file-changed'],
      [gzipSync(text.replace('"version":1', '"version":2')), 'keys-file-newer'],
      [gzipSync('{"manifest":{"format":"motcua-backup","version":1}}\n'), 'keys-file-foreign'],
      [gzipSync(''), 'keys-file-foreign'],
      [Buffer.from('a letter'), 'keys-file-foreign'],
    ];
    for (const [n, [content, type]] of wrong.entries()) {
      const name = join(folder, `wrong-${n}`);
      await writeFile(name, content);
      await expect(imported(there, keysOf(OWN), name)).rejects.toMatchObject({ type });
    }
    await expect(imported(there, keysOf(OWN), join(folder, 'no'))).rejects.toMatchObject({
      type: 'keys-file-unreadable',
    });
    expect(await there.vault.open(sealed)).toEqual(PERSONS.map(() => ERASED));
  });
});

describe('who was erased', () => {
  it('is left out if the log says so, and follows as another person', async () => {
    const { subject } = sealed[1]!;
    await there.log.append(`person-${subject}`, 'no_stream', [newEvent('PersonErased', { subject })]);
    expect(await imported(there)).toMatchObject({ imported: 3, leftOut: 1 });
    const vault = await reopened(there, OTHER);
    expect(await vault.open(sealed)).toEqual([{ name: 'Ánh' }, ERASED, { name: 'Cường' }, { name: 'Dung' }]);
    const [next] = await vault.seal([{ person: { otherwise: subject }, part: 'rest', fields: {} }]);
    expect(next!.subject).toBe(subjectAfter(subject));
  });

  it('is left out if the store says so, and erased if a later file does', async () => {
    await imported(there);
    const vault = await reopened(there, OTHER);
    await vault.erase([sealed[0]!.subject]);
    expect(await imported(there)).toMatchObject({ imported: 0, already: 3, leftOut: 1 });
    await here.vault.erase([sealed[3]!.subject]);
    const later = join(folder, 'later');
    await exported(here, later);
    expect(await imported(there, keysOf(OWN), later)).toMatchObject({ imported: 0, already: 2, leftOut: 1 });
    expect(await vault.open(sealed)).toEqual([ERASED, { name: 'Bình' }, { name: 'Cường' }, ERASED]);
  });
});
