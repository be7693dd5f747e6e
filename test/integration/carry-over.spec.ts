import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { carryOver, type OpenPlace, withVaultOfNow } from '#apps/cli/copy/carry-over.js';
import { openPlatform } from '#apps/platform/open-platform.js';
import { SecondFactors } from '#libs/access/second-factor/second-factors.adapter.js';
import { codeAt } from '#libs/access/second-factor/testing/code-at.js';
import { copyLog, sourceOf } from '#libs/event-log/copy/copy-log.js';
import { collect } from '#libs/event-log/testing/contract-support.js';
import { newMasterKey } from '#libs/personal-data/master-key-source.adapter.js';
import { ERASED, type Opened, type SealedPart } from '#libs/personal-data/sealed.js';
import { PostgresReadTrace } from '#libs/read-trace/read-trace.adapter.js';
import { verifyTrace } from '#libs/read-trace/trace-chain.js';
import { TraceEntries } from '#libs/read-trace/trace-entries.adapter.js';
import { NO_PREFERENCE } from '#libs/reminders/preferences/preference.js';
import { PostgresPreferences } from '#libs/reminders/preferences/preferences.adapter.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { newEvent } from '../support/dossier-events.js';

const PERSONS = ['Ánh', 'Bình', 'Cường'];

let databases: TestDatabase[];
let here: OpenPlace;
let there: OpenPlace;

async function place(masterKey: string): Promise<OpenPlace> {
  const database = await createTestDatabase();
  databases.push(database);
  const engines = { dataFolder: '/nowhere', databaseUrl: database.url, eventStoreUrl: undefined, masterKey };
  const where = `place ${databases.length}`;
  return {
    place: { where, setting: 'test', engines: { ...engines, masterKeyFile: undefined } },
    platform: await openPlatform(engines),
  };
}

beforeEach(async () => {
  databases = [];
  [here, there] = [await place(newMasterKey()), await place(newMasterKey())];
  await here.platform.log.append('dossier-1', 'no_stream', [
    newEvent('DossierHandedOver', { toUnit: 'QLĐT' }),
  ]);
});
afterEach(async () => {
  for (const { platform } of [here, there]) await platform.close();
  for (const database of databases) await database.drop();
});

async function move(from = here, to = there): Promise<Awaited<ReturnType<typeof carryOver>>> {
  await copyLog({ source: await sourceOf(from.platform.rawLog), target: to.platform.rawLog });
  return carryOver(from, to, new AbortController().signal);
}

const sealIn = ({ platform }: OpenPlace, names = PERSONS): Promise<SealedPart[]> =>
  platform.vault.seal(
    names.map((name) => ({
      person: { otherwise: randomUUID(), idNumber: `number of ${name}` },
      part: 'applicant',
      fields: { name },
    })),
  );
const openIn = async (at: OpenPlace, parts: readonly SealedPart[]): Promise<Opened[]> =>
  (await withVaultOfNow(at)).vault.open(parts);
const read = async (at: OpenPlace, account = 'official-7'): Promise<void> => {
  const { pool, clock } = at.platform;
  const { vault } = await withVaultOfNow(at);
  await new PostgresReadTrace(pool, vault, clock).record({
    ...{ account, by: 'session', how: 'page', route: 'GET /api/dossiers/:code' },
    ...{ dossiers: ['1'], correlationId: 'c-1', reason: 'Khiếu nại' },
  });
};
const traceOf = ({ platform }: OpenPlace) => collect(new TraceEntries(platform.pool).entries());
const erase = async ({ platform }: OpenPlace, subject: string): Promise<void> => {
  await platform.log.append(`person-${subject}`, 'no_stream', [newEvent('PersonErased', { subject })]);
  await platform.vault.erase([subject]);
};

describe('the keys of persons', () => {
  it('come along under the master key of the other place, with the secret that finds persons', async () => {
    const sealed = await sealIn(here);
    expect(await move()).toMatchObject({ keys: { imported: 3, already: 0, leftOut: 0, newSecret: true } });
    expect(await openIn(there, sealed)).toEqual(PERSONS.map((name) => ({ name })));
    there = { ...there, platform: await withVaultOfNow(there) };
    const [again] = await sealIn(there, ['Bình']);
    expect(again?.subject).toBe(sealed[1]?.subject);
    expect(await move()).toMatchObject({ keys: { imported: 0, already: 3, newSecret: false } });
  });

  it('of who was erased stay away, also on the way back', async () => {
    const sealed = await sealIn(here);
    await erase(here, sealed[0]!.subject);
    expect(await move()).toMatchObject({ keys: { imported: 2 } });
    await erase(there, sealed[2]!.subject);
    expect(await openIn(there, sealed)).toEqual([ERASED, { name: 'Bình' }, ERASED]);
    expect(await move(there, here)).toMatchObject({ keys: { imported: 0, already: 1 } });
    expect(await openIn(here, sealed)).toEqual([ERASED, { name: 'Bình' }, ERASED]);
  });

  it('find a person on the way back by a number that he told there', async () => {
    const otherwise = randomUUID();
    await here.platform.vault.seal([{ person: { otherwise }, part: 'rest', fields: {} }]);
    await move();
    const { vault } = await withVaultOfNow(there);
    const told = { person: { otherwise, idNumber: '079203001234' }, part: 'rest', fields: {} } as const;
    await vault.seal([told]);
    await move(there, here);
    const [found] = await here.platform.vault.seal([
      { ...told, person: { ...told.person, otherwise: randomUUID() } },
    ]);
    expect(found?.subject).toBe(otherwise);
  });

  it('stay where they are if both places keep them in one database', async () => {
    expect(await carryOver(here, here, new AbortController().signal)).toBeUndefined();
  });
});

describe('the trace of reads', () => {
  it('comes along with its numbers and hashes, goes on there, and comes back', async () => {
    await read(here);
    await read(here, 'clerk-1');
    expect(await move()).toMatchObject({ reads: { entries: 2, already: 0 } });
    expect(await traceOf(there)).toEqual(await traceOf(here));
    await read(there);
    expect(await move(there, here)).toMatchObject({ reads: { entries: 3, already: 2 } });
    expect(await traceOf(here)).toEqual(await traceOf(there));
    expect((await verifyTrace(new TraceEntries(here.platform.pool).entries())).findings).toEqual([]);
  });

  it('is not mixed with another one', async () => {
    await read(here);
    await move();
    await read(here);
    await read(there, 'clerk-1');
    const before = await traceOf(there);
    expect(await move()).toMatchObject({ reads: { entries: 1, already: 1, differsAt: 2n } });
    expect(await traceOf(there)).toEqual(before);
  });
});

describe('second factors', () => {
  it('come along, and what was used up in the meantime stays so on the way back', async () => {
    const now = Date.parse('2024-03-11T02:00:00Z');
    const factorsIn = async (at: OpenPlace, later = 0): Promise<SecondFactors> =>
      new SecondFactors(
        at.platform.pool,
        { now: () => now + later * 30_000 },
        (await withVaultOfNow(at)).keeper,
      );
    const first = await factorsIn(here);
    const { secret } = await first.begin('clerk-1');
    const [code = ''] = await first.confirm('clerk-1', codeAt(secret, now));
    expect(await move()).toMatchObject({ credentials: 11 });
    const second = await factorsIn(there, 1);
    expect(await second.verify('clerk-1', codeAt(secret, now + 30_000))).toBe(true);
    expect(await second.verify('clerk-1', code)).toBe(true);
    await move(there, here);
    const back = await factorsIn(here, 1);
    expect(await back.verify('clerk-1', codeAt(secret, now + 30_000))).toBe(false);
    expect(await back.verify('clerk-1', code)).toBe(false);
  });
});

describe('how accounts are reached', () => {
  it('comes along, in the place of what was there', async () => {
    const preferencesIn = async (at: OpenPlace): Promise<PostgresPreferences> =>
      new PostgresPreferences(at.platform.pool, (await withVaultOfNow(at)).keeper);
    const said = { address: 'can.bo@example.vn', mail: 'digest', quietHours: [] } as const;
    await (await preferencesIn(there)).putAddress('clerk-2', 'cu@example.vn');
    await (await preferencesIn(here)).put('clerk-1', said);
    expect(await move()).toMatchObject({ credentials: 1 });
    const found = await (await preferencesIn(there)).of(['clerk-1', 'clerk-2']);
    expect([found.get('clerk-1'), found.get('clerk-2')]).toEqual([said, NO_PREFERENCE]);
  });
});
