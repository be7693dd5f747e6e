import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Acknowledged } from '../support/clerks.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { copyOfEmpty } from '../support/data-template.js';
import { copyOfDesk, KEY } from '../support/desk-template.js';
import { type EventStoreStandIn, startEventStore } from '../support/eventstoredb/stand-in.js';
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
const LIMIT = 300_000;

describe('a move', () => {
  it.each<[string, string, string, RegExp]>([
    ['from a place that there is not', 'attic', 'embedded', /attic is no place/],
    [
      'from a folder that there is not',
      'embedded:no-such-folder',
      'embedded',
      /no data of motcua in .*no-such-folder; check --from/,
    ],
    ['to where it is', 'embedded', 'embedded', /are both embedded:/],
  ])('is refused %s, in one line', async (_, from, to, named) => {
    refused(await motcua(['migrate', '--from', from, '--to', to]), named);
    expect(existsSync('no-such-folder')).toBe(false);
  });
});

describe.each(['PostgreSQL', 'EventStoreDB'])(
  'a desk that moves into a %s of its own, and back',
  (engine) => {
    let store: EventStoreStandIn | undefined;
    let folder: Awaited<ReturnType<typeof temporaryFolder>>;
    let database: TestDatabase;
    /** Settings of the service before and after, and those that the move is told by. */
    let old: NodeJS.ProcessEnv;
    let moved: NodeJS.ProcessEnv;
    let moving: NodeJS.ProcessEnv;
    let where: string;
    let there: string[];
    let given: Answered[];
    let figuresBefore: object;
    /** What an answer says at every place: positions are those of the engine. */
    const stays = ({ position, ...answer }: Acknowledged): object =>
      store ? answer : { ...answer, position };

    beforeAll(async () => {
      [folder, database] = [await temporaryFolder(), await createTestDatabase()];
      old = { ...KEY, MOTCUA_DATA: join(folder.path, 'data') };
      await copyOfDesk(join(folder.path, 'data'));
      if (engine === 'EventStoreDB') store = await startEventStore();
      where = store?.url ?? database.url;
      moved = { ...KEY, DATABASE_URL: database.url, ...(store ? { EVENTSTORE_URL: store.url } : {}) };
      moving = { ...old, ...(store ? { DATABASE_URL: database.url } : {}) };
      there = ['migrate', '--from', 'embedded', '--to', where];
      given = await whileRunning(old, async (url) => {
        const first = await takeIn(url, 'Nguyễn Văn Ánh');
        refused(await motcua(there, moving), /Other programs of motcua use .*--while-running/);
        const part = await done([...there, '--while-running'], moving);
        expect(part.stdout).toMatch(/a first part only: stop the service/);
        return [...first, ...(await takeIn(url, 'Trần Thị Bình'))];
      });
      figuresBefore = await figures(old);
    }, LIMIT);
    afterAll(async () => {
      await database.drop();
      await store?.stop();
      await folder.remove();
    });

    it(
      'finds the same log and the same reports there, and is told what to set, without the password',
      async () => {
        const told = await done(there, moving);
        expect(told.stdout).toMatch(/\(\d+ of them were there before\)/);
        expect(told.stdout).toMatch(/both logs are equal/);
        const { password, host } = new URL(database.url);
        const inStore = store ? `'${store.url}'` : '';
        expect(told.stdout).toContain(`EVENTSTORE_URL=${inStore} DATABASE_URL=postgresql://motcua@${host}/`);
        expect(told.stdout).not.toContain(password);
        expect(told.stdout).toMatch(/^keys of persons: [1-9]\d* came in, 0 were there/m);
        expect(await applicantsOf(moved, given)).toEqual(['Nguyễn Văn Ánh', 'Trần Thị Bình']);
        expect(await verified(moved)).toEqual(await verified(old));
        expect(await figures(moved)).toEqual(figuresBefore);
      },
      LIMIT,
    );

    it(
      'is not moved onto itself by another name of its database, nor by a wrong password',
      async () => {
        if (store) return;
        const alias = new URL(database.url);
        alias.hostname = alias.hostname === 'localhost' ? '127.0.0.1' : 'localhost';
        const onto = (to: string): string[] => ['migrate', '--from', where, '--to', to];
        refused(await motcua(onto(alias.href), moving), /are the same database/);
        alias.password = 'wrong';
        refused(await motcua(onto(alias.href), moving), /does not take that user or password.*check --to/);
      },
      LIMIT,
    );

    it(
      'gets the answers of before to the keys of before, and the next code',
      async () => {
        given = await whileRunning(moved, async (url) => {
          expect((await repeat(url, given)).map(stays)).toEqual(given.map(({ answer }) => stays(answer)));
          return [...given, ...(await takeIn(url, 'Lê Văn Cường'))];
        });
        expectCodesWithoutGaps(given);
      },
      LIMIT,
    );

    it(
      'cannot move there a second time, for it has worked on there',
      async () => {
        refused(await motcua(there, moving), /The target holds every event of the source and goes on/);
      },
      LIMIT,
    );

    it(
      'moves back, and brings what was done there',
      async () => {
        const before = await figures(moved);
        const told = await done(['migrate', '--from', where, '--to', 'embedded', '--json'], moving);
        const { events, already } = JSON.parse(told.stdout) as { events: number; already: number };
        expect(events - already).toBe(2);
        expect(await applicantsOf(old, given)).toEqual(['Nguyễn Văn Ánh', 'Trần Thị Bình', 'Lê Văn Cường']);
        expect(await verified(old)).toEqual(await verified(moved));
        expect(await figures(old)).toEqual(before);
        const answers = await whileRunning(old, (url) => repeat(url, given));
        expect(answers.map(stays)).toEqual(given.map(({ answer }) => stays(answer)));
      },
      LIMIT,
    );

    it(
      'is not moved over another desk',
      async () => {
        const other = { ...old, MOTCUA_DATA: join(folder.path, 'other') };
        await copyOfEmpty(other.MOTCUA_DATA);
        await done(['demo'], other);
        const before = await verified(other);
        const onto = ['migrate', '--from', where, '--to', 'embedded'];
        refused(
          await motcua(onto, { ...moving, ...other }),
          /The target holds event .*which the source does not have there/,
        );
        expect(await verified(other)).toEqual(before);
      },
      LIMIT,
    );
  },
);

if (existsSync(RECEIPT)) {
  describe('the desk of receipt.csv', () => {
    it(
      'moves and comes out of a backup with the same figures',
      async () => {
        const [folder, database] = [await temporaryFolder(), await createTestDatabase()];
        try {
          const old = { ...KEY, MOTCUA_DATA: join(folder.path, 'data') };
          const moved = { ...KEY, DATABASE_URL: database.url };
          const restored = { ...KEY, MOTCUA_DATA: join(folder.path, 'restored') };
          await copyOfEmpty(old.MOTCUA_DATA);
          await copyOfEmpty(restored.MOTCUA_DATA);
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

/** Names of applicants, as a dossier shows them. */
async function applicantsOf(env: NodeJS.ProcessEnv, given: readonly Answered[]): Promise<unknown[]> {
  const names = [];
  for (const { answer } of given.filter(({ step }) => step === 'accept-new')) {
    const { stdout } = await done(['replay', answer.code, '--json'], env);
    names.push((JSON.parse(stdout) as { applicant?: { name?: string } }).applicant?.name);
  }
  return names;
}

const figuresOfAll = (env: NodeJS.ProcessEnv): Promise<object> => figures(env, '2010-01-01T00:00:00Z');
