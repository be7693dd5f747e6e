import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { existsSync } from 'node:fs';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { copyOfEmpty } from '../support/data-template.js';
import { copyOfDesk, KEY } from '../support/desk-template.js';
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
import { motcua, motcuaProgram, temporaryFolder } from '../support/program.js';

const LIMIT = 300_000;

describe('a backup of a desk at work', () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let restored: Awaited<ReturnType<typeof temporaryFolder>>;
  let desk: NodeJS.ProcessEnv;
  let again: NodeJS.ProcessEnv;
  let given: Answered[];
  const file = (name: string): string => join(folder.path, name);

  beforeAll(async () => {
    [folder, restored] = [await temporaryFolder(), await temporaryFolder()];
    desk = { ...KEY, MOTCUA_DATA: join(folder.path, 'data') };
    again = { ...KEY, MOTCUA_DATA: restored.path };
    await copyOfDesk(file('data'));
    await copyOfEmpty(restored.path);
    given = await whileRunning(desk, async (url) => {
      const first = await takeIn(url, 'Nguyễn Văn Ánh');
      const running = done(['backup', '--to', file('while-running')], desk);
      const second = await takeIn(url, 'Trần Thị Bình');
      await running;
      return [...first, ...second];
    });
    await done(['backup', '--to', file('whole')], desk);
    await done(['keys', 'export', '--to', file('keys')], desk);
  }, LIMIT);
  afterAll(async () => {
    await restored.remove();
    await folder.remove();
  });

  it(
    'is refused while nothing can be put there, in one line, with nothing written',
    async () => {
      const before = await readFile(file('whole'));
      refused(await motcua(['backup', '--to', file('whole')], desk), /whole exists and was left as it is/);
      expect(await readFile(file('whole'))).toEqual(before);
      refused(
        await motcua(['backup', '--to', join(folder.path, 'no', 'such', 'file')], desk),
        /Cannot write .*ENOENT/,
      );
      refused(
        await motcua(['backup', '--to', file('x')], { MOTCUA_DATA: file('nobody') }),
        /no data of motcua in/,
      );
      expect(await readdir(folder.path)).toEqual(['data', 'keys', 'while-running', 'whole']);
    },
    LIMIT,
  );

  it(
    'that is damaged or something else is refused before anything is written',
    async () => {
      const whole = await readFile(file('whole'));
      const middle = Math.floor(whole.length / 2);
      const changed = Buffer.from(whole);
      changed[middle] = (changed[middle] ?? 0) ^ 1;
      const wrong: [Uint8Array, RegExp][] = [
        [whole.subarray(0, middle), /ends after \d+ lines/],
        [changed, /changed|line \d+/],
        [Buffer.from('a letter'), /was not made by/],
      ];
      const env = { MOTCUA_DATA: file('untouched') };
      for (const [content, named] of wrong) {
        await writeFile(file('wrong'), content);
        refused(await motcua(['restore', '--from', file('wrong')], env), named);
      }
      refused(await motcua(['restore', '--from', file('nothing')], env), /Cannot read .*ENOENT/);
      expect(existsSync(env.MOTCUA_DATA)).toBe(false);
    },
    LIMIT,
  );

  it(
    'made while the service ran is restored, and brought up to date by a later one',
    async () => {
      const first = await done(['restore', '--from', file('while-running'), '--json'], again);
      const { events } = JSON.parse(first.stdout) as { events: number };
      expect(await verified(again)).toMatchObject({ events });
      const second = await done(
        ['restore', '--from', file('whole'), '--keys', file('keys'), '--json'],
        again,
      );
      const keys = { already: 0, leftOut: 0, newSecret: true };
      expect(JSON.parse(second.stdout)).toMatchObject({ already: events, keys });
    },
    LIMIT,
  );

  it(
    'gives the same log and the same reports',
    async () => {
      expect(await verified(again)).toEqual(await verified(desk));
      expect(await figures(again)).toEqual(await figures(desk));
      const compared = await done(['rebuild', '--json'], again);
      for (const { compared: live, tables } of JSON.parse(compared.stdout) as {
        compared: boolean;
        tables: object[];
      }[]) {
        expect(live).toBe(true);
        for (const table of tables) expect(table).toMatchObject({ onlyOld: 0, onlyNew: 0, changed: 0 });
      }
    },
    LIMIT,
  );

  it(
    'answers the same keys as before, and goes on with the next code',
    async () => {
      const before = await verified(again);
      const further = await whileRunning(again, async (url) => {
        expect(await repeat(url, given)).toEqual(given.map(({ answer }) => answer));
        return takeIn(url, 'Lê Văn Cường');
      });
      expectCodesWithoutGaps([...given, ...further]);
      expect((await verified(again)).events).toBe(before.events + 2);
    },
    LIMIT,
  );

  it(
    'is not put over what was written since, nor over another desk, nor beside a running service',
    async () => {
      refused(await motcua(['restore', '--from', file('whole')], again), /ahead|goes on with/);
      const other = { ...KEY, MOTCUA_DATA: file('other') };
      await copyOfEmpty(file('other'));
      await whileRunning(other, async () => {
        refused(await motcua(['restore', '--from', file('whole')], other), /Other programs of motcua use/);
      });
      const before = await verified(other);
      refused(await motcua(['restore', '--from', file('whole')], other), /The target holds event/);
      expect(await verified(other)).toEqual(before);
    },
    LIMIT,
  );

  it(
    'goes through pipes too',
    async () => {
      const env = { MOTCUA_DATA: file('piped') };
      const content = await readFile(file('whole'));
      const program = motcuaProgram(['restore', '--from', '-', '--json'], env);
      program.write(content);
      const { code, stdout } = await program.ended;
      expect(code).toBe(0);
      expect(await verified(env)).toMatchObject({
        events: (JSON.parse(stdout) as { events: number }).events,
      });
    },
    LIMIT,
  );
});
