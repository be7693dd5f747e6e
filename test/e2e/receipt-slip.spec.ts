import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { toString as qrOf } from 'qrcode';
import type { OpeningAnswer } from '#libs/dossier/commands/answer.js';
import { Held, open, register } from '../support/desk.js';
import { call, refused } from '../support/http.js';
import { startService, type TestService } from '../support/service.js';

const PUBLIC_URL = 'https://motcua.example.vn';
const ERASED = 'đã xoá <span lang="en">erased</span>';
const APPLICANT = {
  ...{ name: 'Công ty <b>"Ánh & Dương"</b>', idNumber: '0109876543', phone: '0912 345 678' },
  ...{ email: 'anh@example.vn', address: `Lô A1, 'KCN' Đồng Văn` },
};
const SUBMITTER = { name: 'Trần Văn Nộp', idNumber: '001088001234' };
const PAPERS = [
  { name: 'Văn bản đề nghị', originals: 1, copies: 0 },
  { name: 'Bản vẽ <script>', originals: 0, copies: 2 },
];

let service: TestService;
beforeAll(async () => (service = await startService(undefined, { publicUrl: PUBLIC_URL })), 60_000);
afterAll(() => service.close());

const opened = async (body: object = {}): Promise<OpeningAnswer> =>
  (await open(service, { applicant: APPLICANT, submitter: SUBMITTER, papers: PAPERS, ...body }))
    .body as OpeningAnswer;
const printed = async (code: string): Promise<string> => {
  const answer = await call<string>(service, 'GET', `/api/dossiers/${code}/receipt`);
  expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
  return answer.body;
};
/** What a reader sees. */
const textOf = (page: string): string =>
  page
    .replace(/<[^>]+>/g, ' ')
    .replace(/\s+/g, ' ')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&amp;', '&');

describe('the receipt', () => {
  it('says what was handed in, by whom and for whom, and what was promised', async () => {
    const { code, lookUpSecret: secret } = await opened();
    const text = textOf(await printed(code));
    for (const part of [
      'Giấy tiếp nhận hồ sơ và hẹn trả kết quả Receipt and appointment',
      'Ban Quản lý các khu công nghiệp (dữ liệu trình diễn)',
      `Mã hồ sơ Dossier code ${code}`,
      `Mã tra cứu Secret ${secret}`,
      ...Object.values(APPLICANT),
      ...Object.values(SUBMITTER),
      '(1.009661)',
      '1 Văn bản đề nghị 1 0',
      '2 Bản vẽ <script> 0 2',
      'Thời hạn giải quyết theo quy định Statutory time 3 ngày làm việc 3 working days',
      'Thời gian nhận hồ sơ Accepted at 09:00 ngày 11/03/2024',
      'Thời gian trả kết quả Due at 09:00 ngày 14/03/2024',
      'NGƯỜI NỘP HỒ SƠ',
      'NGƯỜI TIẾP NHẬN HỒ SƠ',
    ]) {
      expect(text).toContain(part);
    }
  });

  it('has everything that came from outside escaped, and nothing written into the page that runs', async () => {
    const page = await printed((await opened()).code);
    expect(page).not.toMatch(/<b>|<script>|\sstyle=|\son\w+=/);
    expect(page).toContain('Công ty &lt;b&gt;&quot;Ánh &amp; Dương&quot;&lt;/b&gt;');
  });

  it('has the address to look it up as QR, with code and secret behind the #', async () => {
    const { code, lookUpSecret: secret } = await opened();
    const address = `${PUBLIC_URL}/look-up#code=${code}&secret=${secret}`;
    const qr = await qrOf(address, { type: 'svg', errorCorrectionLevel: 'M', margin: 2 });
    expect(await printed(code)).toContain(qr);
  });

  it('states the present due instant, and what was promised at first', async () => {
    const held = new Held(service, await opened());
    await held.take('extend', { newDueAt: '2024-03-20T09:00:00+07:00' });
    await held.approve();
    const text = textOf(await printed(held.code));
    expect(text).toContain(
      '09:00 ngày 20/03/2024 (đã hẹn lúc đầu promised at first : 09:00 ngày 14/03/2024)',
    );
  });

  it('says "erased" of whoever was forgotten, and still what the dossier is', async () => {
    const applicant = { name: 'Lê Thị Quên', idNumber: '001077007777' };
    const { code, lookUpSecret: secret } = await opened({ applicant, submitter: undefined });
    const { vault, pool } = service.platform;
    const { rows } = await pool.query<{ subject: string }>(
      `SELECT s ->> 'subject' AS subject
         FROM event_log.events e, json_array_elements(e.body -> 'personal' -> 'sealed') s WHERE stream = $1`,
      [`dossier-${code}`],
    );
    await vault.erase(rows.map(({ subject }) => subject));
    const page = await printed(code);
    expect(page.split(ERASED)).toHaveLength(3);
    for (const gone of [...Object.values(applicant), 'Văn bản đề nghị']) expect(page).not.toContain(gone);
    expect(page).toContain(secret);
  });

  it('is not there before the dossier is accepted, nor for one that does not exist', async () => {
    const { code } = (await register(service)).body;
    const receipt = (of: string): string => `/api/dossiers/${of}/receipt`;
    await refused(service, [409, 'receipt-before-acceptance'], 'GET', receipt(code));
    await refused(service, [404, 'dossier-unknown'], 'GET', receipt('H54.12-240311-9999'));
  });
});
