import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import fc from 'fast-check';
import type { JsonObject } from '#libs/event-log/json.js';
import { keyStoreMigrations } from '#libs/personal-data/key-store-schema.adapter.js';
import { type ClearPart, DAMAGED, ERASED, type PartName } from '#libs/personal-data/sealed.js';
import { subjectAfter } from '#libs/personal-data/subjects.js';
import type { Vault } from '#libs/personal-data/vault.js';
import { migrate } from '#libs/read-db/migrate.adapter.js';
import { createPool } from '#libs/read-db/pool.adapter.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { testVault } from '../support/vault.js';

let database: TestDatabase;
let otherPool: TestDatabase['pool'];
/** Two processes. */
let here: Vault;
let there: Vault;

beforeAll(async () => {
  database = await createTestDatabase();
  await migrate(database.pool, keyStoreMigrations);
  otherPool = createPool(database.url);
  [here, there] = await Promise.all([testVault(database.pool), testVault(otherPool, { besideLog: false })]);
});
afterAll(async () => {
  await otherPool.end();
  await database.drop();
});

let numbers = 0;
const freshNumber = (): string => `0010${String((numbers += 1)).padStart(8, '0')}`;

function part(
  person: Partial<ClearPart['person']> = {},
  name: PartName = 'applicant',
  fields: JsonObject = { name: 'Nguyễn Văn Ánh' },
): ClearPart {
  return { person: { otherwise: randomUUID(), ...person }, part: name, fields };
}

async function subjectOf(vault: Vault, person: Partial<ClearPart['person']>): Promise<string> {
  const [sealed] = await vault.seal([part(person)]);
  return sealed!.subject;
}

describe('what is sealed', () => {
  it('opens again, in every process, in the order given', async () => {
    const sealed = await here.seal([
      part({}, 'applicant', { name: 'Trần Thị Bình' }),
      part({}, 'submitter', { name: 'Lê Văn Cường' }),
      part({}, 'rest', { notes: ['một', 'hai'] }),
    ]);
    expect(sealed.map((each) => each.part)).toEqual(['applicant', 'submitter', 'rest']);
    expect(JSON.stringify(sealed)).not.toMatch(/Bình|Cường/);
    expect(await there.open([...sealed].reverse())).toEqual([
      { notes: ['một', 'hai'] },
      { name: 'Lê Văn Cường' },
      { name: 'Trần Thị Bình' },
    ]);
    expect([await here.seal([]), await here.open([])]).toEqual([[], []]);
  });

  it('is the same again, whatever it was', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.dictionary(fc.string({ unit: 'binary' }), fc.jsonValue({ noUnicodeString: false })),
        async (fields) => {
          const clear = JSON.parse(JSON.stringify(fields)) as JsonObject;
          const [opened] = await there.open(await here.seal([part({}, 'rest', clear)]));
          expect(opened).toEqual(clear);
        },
      ),
      { numRuns: 50 },
    );
  });

  it('is another box each time', async () => {
    const same = part({ idNumber: freshNumber() });
    const [one, two] = await here.seal([same, same]);
    expect(one!.subject).toBe(two!.subject);
    expect(one!.box).not.toBe(two!.box);
  });

  it('does not open once it was changed', async () => {
    const [sealed] = await here.seal([part()]);
    const bytes = Buffer.from(sealed!.box, 'base64url');
    const changed = [0, 12, bytes.length - 1].map((at) => {
      const copy = Buffer.from(bytes);
      copy[at]! ^= 1;
      return copy.toString('base64url');
    });
    const boxes = [...changed, '', 'AAAA', sealed!.box.slice(0, -8)];
    expect(await here.open(boxes.map((box) => ({ ...sealed!, box })))).toEqual(boxes.map(() => DAMAGED));
  });

  it('does not open as another part, or as of another person', async () => {
    const [one, two] = await here.seal([part(), part()]);
    for (const wrong of [
      { ...one!, part: 'rest' as const },
      { ...one!, subject: two!.subject },
      { ...one!, subject: 'nobody' },
    ]) {
      expect(await here.open([wrong, two!])).toEqual([DAMAGED, { name: 'Nguyễn Văn Ánh' }]);
    }
  });

  it('does not open with the key of another row', async () => {
    const [one, two] = await here.seal([part(), part()]);
    await database.pool.query(
      `UPDATE personal_data.keys SET key = (SELECT key FROM personal_data.keys WHERE subject = $2) WHERE subject = $1`,
      [one!.subject, two!.subject],
    );
    expect(await there.open([one!, two!])).toEqual([DAMAGED, { name: 'Nguyễn Văn Ánh' }]);
  });
});

describe('a person', () => {
  it('is the same for the same number, however it is written', async () => {
    const idNumber = freshNumber();
    const first = randomUUID();
    expect(await subjectOf(here, { idNumber, otherwise: first })).toBe(first);
    expect(await subjectOf(there, { idNumber: ` ${idNumber.slice(0, 4)} ${idNumber.slice(4)}` })).toBe(first);
    expect(await subjectOf(there, { idNumber: freshNumber() })).not.toBe(first);
  });

  it('without a number is the one that was given, in every retry', async () => {
    const otherwise = randomUUID();
    for (const vault of [here, there, here]) expect(await subjectOf(vault, { otherwise })).toBe(otherwise);
    expect(await subjectOf(here, { otherwise, idNumber: ' ' })).toBe(otherwise);
  });

  it('whose number becomes known later stays the same', async () => {
    const [otherwise, idNumber] = [randomUUID(), freshNumber()];
    await subjectOf(here, { otherwise });
    expect(await subjectOf(there, { otherwise, idNumber })).toBe(otherwise);
    expect(await subjectOf(here, { idNumber })).toBe(otherwise);
  });

  it('is not taken for one with another number', async () => {
    const otherwise = randomUUID();
    await subjectOf(here, { otherwise, idNumber: freshNumber() });
    const idNumber = freshNumber();
    const second = await subjectOf(here, { otherwise, idNumber });
    expect(second).toBe(subjectAfter(otherwise));
    expect(await subjectOf(there, { otherwise, idNumber })).toBe(second);
  });

  it('has one key where many processes meet it at once', async () => {
    const shared = Array.from({ length: 20 }, freshNumber);
    const everyone = (): ClearPart[] => shared.map((idNumber) => part({ idNumber }));
    const calls = [here, there, here, there].map((vault, n) =>
      vault.seal(n % 2 ? everyone().reverse() : everyone()),
    );
    const subjects = (await Promise.all(calls)).map((sealed, n) => {
      const found = sealed.map(({ subject }) => subject);
      return n % 2 ? found.reverse() : found;
    });
    expect(new Set(subjects[0]).size).toBe(shared.length);
    for (const each of subjects) expect(each).toEqual(subjects[0]);
    const opened = await here.open((await Promise.all(calls)).flat());
    expect(opened).toHaveLength(80);
    expect(new Set(opened.map((fields) => JSON.stringify(fields)))).toEqual(
      new Set(['{"name":"Nguyễn Văn Ánh"}']),
    );
  });

  it('shares one statement with all who come at the same time', async () => {
    const statements = jest.spyOn(database.pool, 'query');
    await Promise.all(Array.from({ length: 100 }, () => here.seal([part(), part({}, 'submitter')])));
    expect(statements.mock.calls.length).toBeLessThan(5);
    statements.mockRestore();
  });
});

describe('a person who was erased', () => {
  it('is forgotten in every process, once and for good', async () => {
    const [gone, stays] = await here.seal([part(), part()]);
    await there.erase([gone!.subject, randomUUID()]);
    await here.erase([gone!.subject]);
    await here.erase([]);
    for (const vault of [here, there]) {
      expect(await vault.open([gone!, stays!, gone!])).toEqual([ERASED, { name: 'Nguyễn Văn Ánh' }, ERASED]);
    }
    const { rows } = await database.pool.query(
      `SELECT key, id_digest, master, erased_at IS NOT NULL AS erased FROM personal_data.keys WHERE subject = $1`,
      [gone!.subject],
    );
    expect(rows).toEqual([{ key: null, id_digest: null, master: null, erased: true }]);
  });

  it('is another one when he comes again: the same for every retry', async () => {
    const person = { otherwise: randomUUID(), idNumber: freshNumber() };
    await here.erase([await subjectOf(here, person)]);
    const second = await subjectOf(there, person);
    expect(second).toBe(subjectAfter(person.otherwise));
    expect(await subjectOf(here, person)).toBe(second);
    expect(await subjectOf(here, { idNumber: person.idNumber })).toBe(second);
    await here.erase([second]);
    expect(await subjectOf(there, person)).toBe(subjectAfter(second));
  });

  it('gets no key under that id either where none was there: the log may be restored before the keys are', async () => {
    const otherwise = randomUUID();
    await here.erase([otherwise, otherwise]);
    expect(await subjectOf(there, { otherwise })).toBe(subjectAfter(otherwise));
  });

  it('takes along what is sealed while that happens', async () => {
    for (let n = 0; n < 20; n += 1) {
      const otherwise = randomUUID();
      const first = await here.seal([part({ otherwise })]);
      const [sealed] = await Promise.all([here.seal([part({ otherwise })]), there.erase([otherwise])]);
      const [before, meanwhile] = await there.open([first[0]!, sealed[0]!]);
      expect(before).toBe(ERASED);
      if (sealed[0]!.subject === otherwise) expect(meanwhile).toBe(ERASED);
      else expect(sealed[0]!.subject).toBe(subjectAfter(otherwise));
    }
  });
});

describe('a digest', () => {
  it('is the same in every process, and another for each purpose and text', () => {
    expect(here.digest('search', 'anh')).toEqual(there.digest('search', 'anh'));
    const others = [
      here.digest('look-up', 'anh'),
      here.digest('search', 'Anh'),
      here.digest('command', 'anh'),
    ];
    const all = [here.digest('search', 'anh'), ...others].map((digest) => digest.toString('hex'));
    expect(new Set(all).size).toBe(4);
    for (const digest of all) expect(digest).toMatch(/^[0-9a-f]{64}$/);
  });
});
