import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { DossierView } from '#libs/dossier/detail/dossier-view.js';
import type { WorklistPage } from '#libs/dossier/worklist/filter.js';
import { streamName } from '#libs/event-log/event-log.js';
import { sha256 } from '#libs/event-log/hash.js';
import { collect } from '#libs/event-log/testing/contract-support.js';
import { newEvent } from '../support/dossier-events.js';
import { Held, open, OPENING } from '../support/desk.js';
import { call, refused } from '../support/http.js';
import { startService, type TestService } from '../support/service.js';
import { expectLogVerified } from '../support/whole-log.js';

const APPLICANT = {
  name: 'Nguyễn Thị Đặng Hương',
  idNumber: '001 099 012 345',
  phone: '0912.345.678',
  email: 'huong.nguyen@example.vn',
  address: 'Số 7 phố Hàng Chuối',
};
const SUBMITTER = { name: 'Trần Văn Khoát', idNumber: '079-088-000-111' };
const PAPERS = [{ name: 'Sổ hộ khẩu bà Hương', originals: 1, copies: 0 }];
const TEXTS = {
  agency: 'Công an phường Phạm Đình Hổ',
  note: 'Gọi lại sau 17 giờ cho chị Hương',
  reason: 'Chữ ký không khớp giấy tờ tuỳ thân',
};
/** Also as they would be found without marks, blanks and signs. */
const SECRETS = [
  ...Object.values(APPLICANT),
  ...Object.values(SUBMITTER),
  ...Object.values(TEXTS),
  ...[
    'Sổ hộ khẩu',
    'Đặng Hương',
    'dang huong',
    'Khoát',
    'khoat',
    '001099012345',
    '079088000111',
    '0912345678',
  ],
];

let service: TestService;
let held: Held;
const KEY = '5e6f0c9e-0a0a-4b51-8d5b-2f3f1a8f1c11';
const BODY = { applicant: APPLICANT, submitter: SUBMITTER, papers: PAPERS };

beforeAll(async () => {
  service = await startService();
  held = new Held(service, (await open(service, BODY, { headers: { 'idempotency-key': KEY } })).body);
  await held.takeAll(
    ['hand-over', { note: TEXTS.note }],
    ['consult', { agency: TEXTS.agency, note: TEXTS.note }],
    ['request-supplement', { papers: PAPERS, reason: TEXTS.reason }],
  );
  await service.settled();
}, 60_000);
afterAll(() => service.close());

const page = async (): Promise<DossierView> => (await call<DossierView>(service, 'GET', held.path)).body;
const search = async (q: string): Promise<WorklistPage['items']> => {
  await service.settled();
  const path = `/api/dossiers?${new URLSearchParams({ q }).toString()}`;
  return (await call<WorklistPage>(service, 'GET', path)).body.items;
};

/** Every row of every table, as text. */
async function everyRow(): Promise<string> {
  const { pool } = service.platform;
  const tables = await pool.query<{ name: string }>(
    `SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables
      WHERE schemaname NOT IN ('pg_catalog', 'information_schema')`,
  );
  const rows: string[] = [];
  for (const { name } of tables.rows) {
    const found = await pool.query<{ row: string }>(`SELECT each::text AS row FROM ${name} each`);
    rows.push(...found.rows.map(({ row }) => row));
  }
  return rows.join('\n').normalize('NFC');
}

describe('what a dossier says of persons', () => {
  it('is on its page', async () => {
    const view = await page();
    expect(view).toMatchObject({ applicant: APPLICANT, submitter: SUBMITTER, erased: false });
    expect(view.timeline.map(({ personal }) => personal)).toEqual([
      BODY,
      { note: TEXTS.note },
      { agency: TEXTS.agency, note: TEXTS.note },
      { papers: PAPERS, reason: TEXTS.reason },
    ]);
  });

  it('is in no row of any table', async () => {
    const rows = await everyRow();
    expect(rows).toContain(held.code);
    const found = SECRETS.filter((secret) => rows.toLowerCase().includes(secret.toLowerCase()));
    expect(found).toEqual([]);
  });

  it('is nowhere in the log, and neither is a hash by which it could be guessed', async () => {
    const events = await collect(service.platform.rawLog.readAll({ categories: ['dossier'] }));
    const text = events.map((event) => JSON.stringify({ ...event, revision: 0, position: 0 })).join('\n');
    const found = SECRETS.filter((secret) => text.includes(secret) || text.includes(sha256(secret)));
    expect(found).toEqual([]);
    expect(events.filter(({ metadata }) => metadata.commandHash !== undefined)).toEqual([]);
    expect(
      events.map(({ personal }) => (personal && 'sealed' in personal ? personal.sealed.length : 0)),
    ).toEqual([3, 1, 1, 1]);
  });

  it.each([
    ['a name', 'Nguyễn Hương'],
    ['a name without marks', 'huong dang'],
    ['a beginning', 'Ngu'],
    ['a letter', 'k'],
    ['the name of who brought it', 'khoat'],
    ['an identity number', '001099012345'],
    ['an identity number as it was written', APPLICANT.idNumber],
    ['a telephone number', '0912345678'],
    ['a telephone number as it was written', APPLICANT.phone],
    ['a telephone number in blanks', '0912 345 678'],
    ['a name and a number', 'huong 0912345678'],
  ])('is found by %s', async (_what, q) => {
    expect((await search(q)).map(({ code }) => code)).toEqual([held.code]);
  });

  it.each([
    ['the inside of a word', 'guyen'],
    ['the end of a word', 'uong'],
    ['the beginning of a number', '001099'],
    ['an address', 'Chuối'],
    ['somebody else', 'huong lan'],
  ])('is not found by %s', async (_what, q) => {
    expect(await search(q)).toEqual([]);
  });

  it('tells a repeat from a key used twice, as ever', async () => {
    const headers = { 'idempotency-key': KEY };
    expect((await open(service, BODY, { headers })).body.code).toBe(held.code);
    const body = { ...OPENING, ...BODY, applicant: { name: 'Khác' } };
    await refused(service, [422, 'idempotency-key-reused'], 'POST', '/api/dossiers', { body, headers });
    // Without a receipt the hash in the log decides.
    await service.platform.pool.query('TRUNCATE command_receipts');
    await refused(service, [422, 'idempotency-key-reused'], 'POST', '/api/dossiers', { body, headers });
    expect((await open(service, BODY, { headers })).body.code).toBe(held.code);
  });
});

describe('a person with the same number', () => {
  it('is the same person, and one without a number is a person of each dossier', async () => {
    const subjects: string[] = [];
    for (const applicant of [
      { name: 'Nguyễn T. Đ. Hương', idNumber: '001099012345' },
      { name: 'Lê Vô Danh' },
      { name: 'Lê Vô Danh' },
      { name: 'Lê Vô Danh', idNumber: '000000000' },
    ]) {
      const { code } = (await open(service, { applicant })).body;
      const [first] = await collect(service.platform.rawLog.readStream(streamName('dossier', code)));
      const parts = first?.personal && 'sealed' in first.personal ? first.personal.sealed : [];
      subjects.push(parts.find(({ part }) => part === 'applicant')?.subject ?? '');
    }
    expect(subjects[0]).toBe(await subjectOf('applicant'));
    expect(new Set(subjects).size).toBe(4);
  });
});

const subjectOf = async (name: 'applicant' | 'submitter'): Promise<string> => {
  const [first] = await collect(service.platform.rawLog.readStream(streamName('dossier', held.code)));
  const parts = first?.personal && 'sealed' in first.personal ? first.personal.sealed : [];
  return parts.find(({ part }) => part === name)?.subject ?? '';
};

describe('a person who is erased', () => {
  beforeAll(async () => {
    const subject = await subjectOf('applicant');
    const { log, vault } = service.platform;
    await log.append(streamName('person', subject), 'no_stream', [newEvent('PersonErased', { subject })]);
    await vault.erase([subject]);
  });

  it('is gone from the page, where the dossier stays', async () => {
    const view = await page();
    expect(view).toMatchObject({ applicant: null, submitter: SUBMITTER, erased: true, code: held.code });
    expect(view.timeline.map(({ personal, erased }) => [personal, erased])).toEqual([
      [{ submitter: SUBMITTER }, true],
      ...[1, 2, 3].map(() => [{}, true]),
    ]);
  });

  it('is gone from the list, and found by nothing', async () => {
    const [item, ...others] = await search(held.code);
    expect(others).toEqual([]);
    expect(item).toMatchObject({ applicant: null, submitter: SUBMITTER.name, erased: true });
    for (const q of ['huong', '001099012345', '0912345678']) expect(await search(q)).toEqual([]);
    expect((await search('khoat')).map(({ code }) => code)).toEqual([held.code]);
  });

  it('does not keep the dossier from going on: what is said from now on can be read', async () => {
    await held.take('receive-supplement', {});
    await held.take('annotate', { note: 'Hồ sơ tiếp tục' });
    expect((await page()).timeline.at(-1)).toMatchObject({ personal: { note: 'Hồ sơ tiếp tục' } });
  });

  it('leaves a repeat of the command to be answered', async () => {
    await service.platform.pool.query('TRUNCATE command_receipts');
    const headers = { 'idempotency-key': KEY };
    expect((await open(service, BODY, { headers })).body.code).toBe(held.code);
  });

  it('leaves the log whole', () => expectLogVerified(service));
});

describe('a part that cannot be read', () => {
  beforeAll(async () => {
    const { pool, vault } = service.platform;
    const subject = await subjectOf('submitter');
    await pool.query('DELETE FROM personal_data.keys WHERE subject = $1', [subject]);
    await vault.seal([{ person: { otherwise: subject }, part: 'submitter', fields: {} }]);
  });

  it('is named on the page, which shows the rest of the dossier', async () => {
    const view = await page();
    expect(view).toMatchObject({ code: held.code, submitter: null, erased: true, damaged: true });
    expect(view.timeline[0]).toMatchObject({ personal: {}, damaged: ['submitter'] });
    expect(view.timeline.at(-1)).toMatchObject({ personal: { note: 'Hồ sơ tiếp tục' } });
    expect(view.timeline.at(-1)).not.toHaveProperty('damaged');
  });

  it('is said to be so on the list and on the receipt', async () => {
    expect(await search(held.code)).toMatchObject([{ submitter: null, erased: true, damaged: true }]);
    const receipt = await call<string>(service, 'GET', `${held.path}/receipt`);
    expect([receipt.status, receipt.body]).toEqual([200, expect.stringContaining('không đọc được')]);
  });
});
