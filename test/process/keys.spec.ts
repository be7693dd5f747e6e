import { mkdir, readFile, rename, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { copyOfEmpty } from '../support/data-template.js';
import { done, refused, whileRunning } from '../support/moving.js';
import { motcua, startedService, temporaryFolder } from '../support/program.js';

const LIMIT = 120_000;

describe('the keys of a desk', () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let env: NodeJS.ProcessEnv;
  const file = (name: string): string => join(folder.path, name);
  const said = async (...args: string[]): Promise<string> => (await done(['keys', ...args], env)).stdout;

  beforeAll(async () => {
    folder = await temporaryFolder();
    env = { MOTCUA_DATA: file('data') };
  });
  afterAll(() => folder.remove());

  it('are not looked for where there are no data, but a new master key is made anywhere', async () => {
    for (const args of [
      ['status'],
      ['rotate'],
      ['export', '--to', file('x')],
      ['import', '--from', file('x')],
    ]) {
      refused(await motcua(['keys', ...args], env), /no data of motcua in/);
    }
    const { stdout } = await done(['keys', 'new-master'], env);
    expect(Buffer.from(stdout, 'base64')).toHaveLength(32);
  });

  it(
    'come with a master key that the service makes, tells of, and needs from then on',
    async () => {
      await copyOfEmpty(file('data'));
      const first = await startedService(env, []);
      first.program.signal('SIGTERM');
      const { stderr } = await first.program.ended;
      expect(stderr).toMatch(/^motcua: .*data\/master\.key was made: .*Keep a copy/m);
      const text = await readFile(file('data/master.key'), 'utf8');
      expect((await stat(file('data/master.key'))).mode & 0o777).toBe(0o600);
      expect(await said('status')).toMatch(
        /^\d+ keys of persons; 0 persons were erased\nmaster key \w{12}: /,
      );
      await writeFile(file('data/master.key'), (await done(['keys', 'new-master'], env)).stdout);
      refused(
        await motcua(['keys', 'status'], env),
        /wrapped under master key \w{12}, which is not in .*master\.key/,
      );
      await writeFile(file('data/master.key'), text);
    },
    LIMIT,
  );

  it(
    'are under the master key of a file elsewhere for every command',
    async () => {
      const text = await readFile(file('data/master.key'), 'utf8');
      await rename(file('data/master.key'), file('elsewhere'));
      const there = { ...env, MOTCUA_MASTER_KEY_FILE: file('elsewhere') };
      for (const args of [['verify'], ['backup', '--to', file('backup')], ['keys', 'status']]) {
        expect((await done(args, there)).stderr).toBe('');
      }
      refused(await motcua(['verify'], env), /wrapped under master key/);
      await writeFile(file('data/master.key'), text, { mode: 0o600 });
    },
    LIMIT,
  );

  it(
    'are rotated beside the service, and exported and imported without it',
    async () => {
      const old = await readFile(file('data/master.key'), 'utf8');
      await whileRunning(env, async () => {
        await writeFile(file('data/master.key'), `${await said('new-master')}${old}`);
        expect(await said('status')).toMatch(/is first in .*master\.key: `keys rotate` goes over to it/);
        expect(await said('rotate')).toMatch(/the line of \w{12} can be removed from .*master\.key/);
        expect(JSON.parse(await said('rotate', '--json'))).toMatchObject({ rewrapped: 0, removable: [] });
      });
      const [line] = (await readFile(file('data/master.key'), 'utf8')).split('\n');
      await writeFile(file('data/master.key'), `${line}\n`);
      const { keys } = JSON.parse(await said('status', '--json')) as { keys: number };
      expect(await said('export', '--to', file('keys'))).toMatch(`${keys} keys and 0 erasures of embedded:`);
      refused(
        await motcua(['keys', 'export', '--to', file('keys')], env),
        /keys exists and was left as it is/,
      );
      expect(JSON.parse(await said('import', '--from', file('keys'), '--json'))).toEqual({
        ...{ imported: 0, already: keys, leftOut: 0, newSecret: false },
      });
      await mkdir(file('folder'));
      refused(await motcua(['keys', 'import', '--from', file('folder')], env), /Cannot read .*EISDIR/);
    },
    LIMIT,
  );
});
