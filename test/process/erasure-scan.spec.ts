import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { statSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import readExcel from 'read-excel-file/node';
import { copyOfDesk, KEY } from '../support/desk-template.js';
import { filesUnder } from '../support/files-under.js';
import { motcua, startedService, temporaryFolder } from '../support/program.js';
import { bearer } from '../support/tokens.js';
import { writingsOf } from '../support/writings.js';

const LIMIT = 300_000;
/** Everything of a person that a desk may write down; each text holds a word that stands nowhere else. */
const PERSON = {
  name: 'Quàng Thị Xuyến Chi',
  idNumber: '014199000777',
  phone: '0399888777',
  email: 'xuyenchi.qt@mail.example.vn',
  address: 'Bản Lướt, Mường Kimm',
};
const WORDS = [
  'Xuyến Chi',
  '014199000777',
  '0399888777',
  'xuyenchi.qt',
  'Bản Lướt',
  'Mường Kimm',
  'Khaisinhh',
  'Sổ đỏ Quàngg',
  'Lýdoriêng',
  'Ghichúriêng',
  'Cơquanlạ',
  'Yêucầuxoá',
  'Tòmòriêng',
];

const WRITINGS = WORDS.map((word) => ({ word, writings: writingsOf(word) }));

describe('what is left of a person who was erased', () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  const said: string[] = [];
  const exported: Record<string, string> = {};
  let code = '';
  let shown = '';
  let shownAfter = '';

  beforeAll(async () => {
    folder = await temporaryFolder();
    const env = { ...KEY, MOTCUA_DATA: join(folder.path, 'data'), LOG_LEVEL: 'trace' };
    await copyOfDesk(env.MOTCUA_DATA);
    const { program, url } = await startedService(env, ['clerk-1', 'supervisor-1', 'supervisor-2']);
    const ask = async (path: string, headers: Record<string, string> = {}): Promise<string> => {
      const answer = await fetch(url + path, { headers: { ...bearer('clerk-1'), ...headers } });
      expect([path, answer.status]).toEqual([path, 200]);
      return Buffer.from(await answer.arrayBuffer()).toString('latin1');
    };
    const text = async (path: string): Promise<string> =>
      Buffer.from(await ask(path), 'latin1').toString('utf8');
    const give = async <T>(account: string, path: string, body: object, revision?: number): Promise<T> => {
      const answer = await fetch(url + path, {
        method: 'POST',
        body: JSON.stringify(body),
        headers: {
          ...{ ...bearer(account), 'content-type': 'application/json', 'idempotency-key': randomUUID() },
          ...(revision === undefined ? {} : { 'if-match': `"${revision}"` }),
        },
      });
      expect([path, answer.status, answer.ok ? '' : await answer.clone().text()]).toEqual([
        path,
        expect.any(Number),
        '',
      ]);
      return (await answer.json()) as T;
    };

    const opened = await give<{ code: string; revision: number }>('clerk-1', '/api/dossiers', {
      ...{ unit: 'H54.12', procedure: '1.009664', channel: 'in_person' },
      applicant: PERSON,
      submitter: PERSON,
      papers: [{ name: 'Khaisinhh', originals: 1, copies: 0 }],
    });
    code = opened.code;
    const path = `/api/dossiers/${code}`;
    let { revision } = opened;
    for (const [step, body] of [
      ['hand-over', { toUnit: 'H54.12', note: 'Ghichúriêng' }],
      ['consult', { agency: 'Cơquanlạ' }],
      [
        'request-supplement',
        { papers: [{ name: 'Sổ đỏ Quàngg', originals: 1, copies: 0 }], reason: 'Lýdoriêng' },
      ],
      ['receive-supplement', {}],
      ['resolve', { outcome: 'granted' }],
    ] as [string, object][]) {
      revision = (await give<{ revision: number }>('clerk-1', `${path}/${step}`, body, revision)).revision;
    }
    const reason = { 'x-reason': encodeURIComponent('Tòmòriêng') };
    shown = Buffer.from(await ask(path, reason), 'latin1').toString('utf8');
    await text(`/api/dossiers?q=${encodeURIComponent('xuyen chi')}&atLeast=1`);
    await text(`/api/dossiers?q=014199000777`);
    await text(`${path}/receipt`);
    exported['report.csv'] = await text('/api/reports/ii-06a?period=2024&format=csv');
    const workbook = join(folder.path, 'report.xlsx');
    await writeFile(workbook, await ask('/api/reports/ii-06a?period=2024&format=xlsx'), 'latin1');
    exported['report.xlsx'] = JSON.stringify(await readExcel(workbook));

    const { subjects } = JSON.parse(shown) as { subjects: { applicant: string } };
    const erasure = `/api/persons/${subjects.applicant}/erasure`;
    const form = { basis: 'request', form: 'YC-1', reason: 'Yêucầuxoá' };
    const { proposal } = await give<{ proposal: string }>('supervisor-1', erasure, form);
    await give('supervisor-2', `${erasure}/approve`, { proposal });
    shownAfter = await text(path);

    const gz = async (args: string[], name: string): Promise<void> => {
      const file = join(folder.path, name);
      const { code: status, stdout, stderr } = await motcua([...args, '--to', file], env);
      expect([status, stderr]).toEqual([0, expect.any(String)]);
      said.push(stdout, stderr);
      exported[name] = gunzipSync(await readFile(file)).toString('utf8');
    };
    await gz(['backup'], 'motcua.backup');
    await gz(['keys', 'export'], 'motcua.keys');
    for (const args of [['replay', code], ['verify'], ['report', '--form', 'II.06a', '--period', '2024']]) {
      const { stdout, stderr } = await motcua(args, env);
      said.push(stdout, stderr);
    }
    program.signal('SIGTERM');
    const { stdout, stderr } = await program.ended;
    said.push(stdout, stderr);
  }, LIMIT);
  afterAll(() => folder.remove());

  it('the page showed it before, and says “erased” afterwards', () => {
    for (const word of ['Xuyến Chi', '014199000777', 'Khaisinhh', 'Lýdoriêng', 'Ghichúriêng', 'Cơquanlạ'])
      expect(shown).toContain(word);
    for (const word of WORDS) expect(shownAfter).not.toContain(word);
    expect(JSON.parse(shownAfter)).toMatchObject({ erased: true, applicant: null, submitter: null });
  });

  it(
    'no file of the database, of the data folder or beside it holds a word of it, however it is written',
    async () => {
      const files = filesUnder(folder.path, /./).filter((file) => statSync(file).isFile());
      expect(files.length).toBeGreaterThan(500);
      const found: string[] = [];
      let codeSeen = 0;
      for (const file of files) {
        const bytes = await readFile(file);
        // The code of the dossier is there to be found: so this looks where the data are.
        if (bytes.includes(code)) codeSeen += 1;
        for (const word of WORDS) {
          for (const writing of writingsOf(word)) if (bytes.includes(writing)) found.push(`${file}: ${word}`);
        }
      }
      expect(found).toEqual([]);
      expect(codeSeen).toBeGreaterThan(1);
    },
    LIMIT,
  );

  it('no export, no backup and nothing that a program said holds it', () => {
    const texts = { ...exported, ...Object.fromEntries(said.map((text, n) => [`output ${n}`, text])) };
    expect(texts['motcua.backup']).toContain(code);
    expect(said.join('')).toContain(code);
    for (const [name, text] of Object.entries(texts)) {
      const bytes = Buffer.from(text);
      for (const { word, writings } of WRITINGS) {
        const found = writings.some((writing) => bytes.includes(writing));
        expect([name, word, found]).toEqual([name, word, false]);
      }
    }
  });
});
