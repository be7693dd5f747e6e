import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import {
  type Answered,
  done,
  expectCodesWithoutGaps,
  figures,
  refused,
  repeat,
  takeIn,
  verified,
  whileRunning,
} from '../support/moving.js';
import { motcua, temporaryFolder } from '../support/program.js';

const RECEIPT = join(process.env['MOTCUA_SHARED'] ?? '../shared', 'data', 'receipt.csv');
const LIMIT = 120_000;

describe('a desk that moves into a PostgreSQL of its own, and back', () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let database: TestDatabase;
  let old: NodeJS.ProcessEnv;
  let moved: NodeJS.ProcessEnv;
  let there: string[];
  let given: Answered[];
  let figuresBefore: object;

  beforeAll(async () => {
    [folder, database] = [await temporaryFolder(), await createTestDatabase()];
    old = { MOTCUA_DATA: join(folder.path, 'data') };
    moved = { DATABASE_URL: database.url };
    there = ['migrate', '--from', 'embedded', '--to', database.url];
    given = await whileRunning(old, async (url) => {
      const first = await takeIn(url, 'Nguyễn Văn Ánh');
      refused(await motcua(there, old), /1 other program.*stop them/);
      const part = await done([...there, '--while-running'], old);
      expect(part.stdout).toMatch(/a first part only: stop the service/);
      return [...first, ...(await takeIn(url, 'Trần Thị Bình'))];
    });
    figuresBefore = await figures(old);
  }, LIMIT);
  afterAll(async () => {
    await database.drop();
    await folder.remove();
  });

  it.each<[string, string, string, RegExp]>([
    ['from a place that there is not', 'attic', 'embedded', /attic is no place/],
    [
      'from a folder that there is not',
      'embedded:no-such-folder',
      'embedded',
      /There is no event in .*no-such-folder/,
    ],
    ['to where it is', 'embedded', 'embedded', /are both embedded:/],
  ])('is refused %s, in one line', async (_, from, to, named) => {
    refused(await motcua(['migrate', '--from', from, '--to', to], old), named);
    expect(existsSync('no-such-folder')).toBe(false);
  });

  it(
    'finds the same log and the same reports there, and is told what to set, without the password',
    async () => {
      const told = await done(there, old);
      expect(told.stdout).toMatch(/\(\d+ of them were there before\)/);
      expect(told.stdout).toMatch(/both logs are equal/);
      const { password, host } = new URL(database.url);
      expect(told.stdout).toMatch(
        new RegExp(`now set.*EVENTSTORE_URL= DATABASE_URL=postgresql://\\w+@${host}/`),
      );
      expect(told.stdout).not.toContain(password);
      expect(await verified(moved)).toEqual(await verified(old));
      expect(await figures(moved)).toEqual(figuresBefore);
    },
    LIMIT,
  );

  it(
    'gets the answers of before to the keys of before, and the next code',
    async () => {
      given = await whileRunning(moved, async (url) => {
        expect(await repeat(url, given)).toEqual(given.map(({ answer }) => answer));
        return [...given, ...(await takeIn(url, 'Lê Văn Cường'))];
      });
      expectCodesWithoutGaps(given);
    },
    LIMIT,
  );

  it(
    'cannot move there a second time, for it has worked on there',
    async () => {
      refused(await motcua(there, old), /The target holds every event of the source and goes on/);
    },
    LIMIT,
  );

  it(
    'moves back, and brings what was done there',
    async () => {
      const before = await figures(moved);
      const told = await done(['migrate', '--from', database.url, '--to', 'embedded', '--json'], old);
      const { events, already } = JSON.parse(told.stdout) as { events: number; already: number };
      expect(events - already).toBe(2);
      expect(await verified(old)).toEqual(await verified(moved));
      expect(await figures(old)).toEqual(before);
      const answers = await whileRunning(old, (url) => repeat(url, given));
      expect(answers).toEqual(given.map(({ answer }) => answer));
    },
    LIMIT,
  );

  it(
    'is not moved over another desk',
    async () => {
      const other = { MOTCUA_DATA: join(folder.path, 'other') };
      await done(['demo'], other);
      const before = await verified(other);
      const onto = ['migrate', '--from', database.url, '--to', 'embedded'];
      refused(await motcua(onto, other), /The target holds event .*which the source does not have there/);
      expect(await verified(other)).toEqual(before);
    },
    LIMIT,
  );
});

if (existsSync(RECEIPT)) {
  describe('the desk of receipt.csv', () => {
    it(
      'moves and comes out of a backup with the same figures',
      async () => {
        const [folder, database] = [await temporaryFolder(), await createTestDatabase()];
        try {
          const old = { MOTCUA_DATA: join(folder.path, 'data') };
          const moved = { DATABASE_URL: database.url };
          const restored = { MOTCUA_DATA: join(folder.path, 'restored') };
          const backup = join(folder.path, 'backup');
          const imported = await motcua(['import', RECEIPT, '--mapping', 'config/import/receipt.json'], old);
          expect(imported.code).toBe(0);
          const before = await figuresOfAll(old);
          await done(['migrate', '--from', 'embedded', '--to', database.url], old);
          expect(await figuresOfAll(moved)).toEqual(before);
          await done(['backup', '--to', backup], moved);
          await done(['restore', '--from', backup], restored);
          expect(await figuresOfAll(restored)).toEqual(before);
          expect(await verified(restored)).toEqual(await verified(old));
        } finally {
          await database.drop();
          await folder.remove();
        }
      },
      LIMIT,
    );
  });
} else {
  process.stdout.write(`${RECEIPT} is not there: its move is left out of the tests\n`);
}

const figuresOfAll = (env: NodeJS.ProcessEnv): Promise<object> => figures(env, '2010-01-01T00:00:00Z');
