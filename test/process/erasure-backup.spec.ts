import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { done, figures, refused, verified, whileRunning } from '../support/moving.js';
import { motcua, service, startedService, temporaryFolder } from '../support/program.js';
import { bearer } from '../support/tokens.js';
import { TEST_MASTER_KEY } from '../support/vault.js';

const LIMIT = 300_000;
const [FORGOTTEN, REMEMBERED] = ['Quàng Thị Xuyến Chi', 'Lò Văn Pánh'];

describe('backups from before and after an erasure', () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let figuresBefore: object;
  const before = { log: '', keys: '', events: 0 };
  const after = { log: '', keys: '', events: 0 };
  const codes: string[] = [];
  const file = (name: string): string => join(folder.path, name);
  const databases: TestDatabase[] = [];
  let desk: NodeJS.ProcessEnv;

  /** An installation of its own. */
  async function installation(): Promise<NodeJS.ProcessEnv> {
    const database = await createTestDatabase();
    databases.push(database);
    return { DATABASE_URL: database.url, MOTCUA_MASTER_KEY: TEST_MASTER_KEY };
  }

  async function copies(name: string): Promise<{ log: string; keys: string; events: number }> {
    const [log, keys] = [file(`${name}.backup`), file(`${name}.keys`)];
    const made = await done(['backup', '--to', log, '--json'], desk);
    await done(['keys', 'export', '--to', keys], desk);
    return { log, keys, events: (JSON.parse(made.stdout) as { events: number }).events };
  }

  async function give<T>(
    url: string,
    account: string,
    path: string,
    body: object,
    seen?: number,
  ): Promise<T> {
    const answer = await fetch(url + path, {
      method: 'POST',
      body: JSON.stringify(body),
      headers: {
        ...{ ...bearer(account), 'content-type': 'application/json', 'idempotency-key': randomUUID() },
        ...(seen === undefined ? {} : { 'if-match': `"${seen}"` }),
      },
    });
    const text = await answer.text();
    expect([path, answer.status < 300 || text]).toEqual([path, true]);
    return JSON.parse(text) as T;
  }

  /** A dossier that is carried out, so that nothing stands against an erasure. */
  async function carriedOut(url: string, name: string): Promise<string> {
    const opened = await give<{ code: string; revision: number }>(url, 'clerk-1', '/api/dossiers', {
      ...{ unit: 'H54.12', procedure: '1.009664', channel: 'in_person', applicant: { name } },
    });
    const path = `/api/dossiers/${opened.code}`;
    const [to, seen] = [{ toUnit: 'H54.12' }, opened.revision];
    const { revision } = await give<{ revision: number }>(url, 'clerk-1', `${path}/hand-over`, to, seen);
    await give(url, 'clerk-1', `${path}/resolve`, { outcome: 'granted' }, revision);
    return opened.code;
  }

  interface Page {
    readonly applicant: { readonly name: string } | null;
    readonly erased: boolean;
    readonly subjects: { readonly applicant: string };
  }
  async function page(env: NodeJS.ProcessEnv, code: string): Promise<Page> {
    return JSON.parse((await done(['replay', code, '--json'], env)).stdout) as Page;
  }
  /** Names, or that they are erased, as the dossiers show them. */
  async function shown(env: NodeJS.ProcessEnv): Promise<(string | undefined)[]> {
    const pages = [];
    for (const code of codes) pages.push(await page(env, code));
    return pages.map(({ applicant, erased }) => (erased ? 'erased' : applicant?.name));
  }

  beforeAll(async () => {
    folder = await temporaryFolder();
    desk = await installation();
    const { program, url } = await startedService(desk, ['clerk-1', 'supervisor-1', 'supervisor-2']);
    for (const name of [FORGOTTEN, REMEMBERED]) codes.push(await carriedOut(url, name));
    expect(await shown(desk)).toEqual([FORGOTTEN, REMEMBERED]);
    Object.assign(before, await copies('before'));
    const { subjects } = await page(desk, codes[0]!);
    const path = `/api/persons/${subjects.applicant}/erasure`;
    const asked = { basis: 'request', form: 'YC-1', reason: 'Theo đơn' };
    const { proposal } = await give<{ proposal: string }>(url, 'supervisor-1', path, asked);
    await give(url, 'supervisor-2', `${path}/approve`, { proposal });
    Object.assign(after, await copies('after'));
    program.signal('SIGTERM');
    await program.ended;
    figuresBefore = await figures(desk);
  }, LIMIT);
  afterAll(async () => {
    for (const database of databases) await database.drop();
    await folder.remove();
  });

  it.each([
    ['the log of before with the keys of after', before, after],
    ['the log of after with the keys of before', after, before],
    ['the log of after with the keys of after', after, after],
  ])(
    'bring nobody back who was erased, and everybody else: %s',
    async (_, { log, events }, { keys }) => {
      const env = await installation();
      const told = await done(['restore', '--from', log, '--keys', keys], env);
      expect(told.stdout).toMatch(/^keys of persons: [1-9]\d* came in, 0 were there/m);
      expect(await shown(env)).toEqual(['erased', REMEMBERED]);
      expect(await verified(env)).toMatchObject({ events });
      expect(await figures(env)).toEqual(figuresBefore);
    },
    LIMIT,
  );

  it(
    'show nobody without keys, with the same log and the same report; nothing that seals starts before they come',
    async () => {
      const env = await installation();
      const told = await done(['restore', '--from', after.log], env);
      expect(told.stdout).toMatch(/before a service starts here, run `motcua keys import`/);
      expect(await shown(env)).toEqual(['erased', 'erased']);
      expect(await verified(env)).toMatchObject({ events: after.events });
      expect(await figures(env)).toEqual(figuresBefore);

      for (const ended of [await service(env).ended, await motcua(['demo'], env)]) {
        refused(ended, /the key store has no key; run `motcua keys import --from FILE`/);
      }
      refused(await motcua(['keys', 'give-up'], env), / [1-9]\d* persons have no key.*--yes/);
      const imported = await done(['keys', 'import', '--from', before.keys], env);
      expect(imported.stdout).toMatch(/1 were left out.*\n.*`motcua rebuild worklist`/);
      await done(['rebuild', 'worklist'], env);
      expect(await shown(env)).toEqual(['erased', REMEMBERED]);
      const found = await whileRunning(env, async (url) => {
        const search = (q: string) => fetch(`${url}/api/dossiers?q=${q}`, { headers: bearer('clerk-1') });
        const lists = await Promise.all(['xuyen%20chi', 'lo%20van%20panh'].map(search));
        return Promise.all(lists.map(async (each) => ((await each.json()) as { items: object[] }).items));
      });
      expect(found).toEqual([[], [expect.objectContaining({ code: codes[1] })]]);
    },
    LIMIT,
  );

  it('are not restored where the master key is not in its place', async () => {
    const env = { MOTCUA_DATA: file('no-master-key') };
    const withMasterKey = { ...env, MOTCUA_MASTER_KEY: TEST_MASTER_KEY };
    refused(
      await motcua(['restore', '--from', after.log, '--keys', after.keys], env),
      /wrapped under master key \w{12}/,
    );
    refused(
      await motcua(['restore', '--from', after.log, '--keys', after.log], withMasterKey),
      /was not made by `motcua keys export`/,
    );
    expect(existsSync(file('no-master-key'))).toBe(false);
  });
});
