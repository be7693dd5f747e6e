import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import type { OpeningAnswer } from '#libs/dossier/commands/answer.js';
import { complaintsOf, openBrowser } from '../support/browser.js';
import { Held, open } from '../support/desk.js';
import { failToSend } from '../support/raise.js';
import { startService, type TestService } from '../support/service.js';
import { bearer, issueToken } from '../support/tokens.js';

const PAPERS = [
  { name: 'Văn bản đề nghị thực hiện dự án đầu tư', originals: 1, copies: 0 },
  { name: 'Bản sao giấy tờ pháp lý của nhà đầu tư', originals: 0, copies: 2 },
];

let service: TestService;
let browser: Browser;
let opened: OpeningAnswer;
beforeAll(async () => {
  [service, browser] = await Promise.all([startService(), openBrowser()]);
  opened = (await open(service, { papers: PAPERS })).body as OpeningAnswer;
  await new Held(service, opened).takeAll('hand-over', 'request-supplement');
}, 60_000);
afterAll(async () => {
  await browser?.close();
  await service?.close();
});

const address = (): string => `${service.url}/look-up#code=${opened.code}&secret=${opened.lookUpSecret}`;
const shown = async (page: Page): Promise<string> => {
  await page.waitForSelector('#result:not([hidden])');
  return page.locator('#result').innerText();
};

describe('the page to look up, in a browser', () => {
  it('shows the dossier when the address of the QR code is opened, on a telephone', async () => {
    const page = await browser.newPage({ viewport: { width: 360, height: 740 } });
    const complaints = complaintsOf(page, service.url);
    const asked: string[] = [];
    page.on('request', (request) => void asked.push(request.url()));
    await page.goto(address());
    const text = await shown(page);
    expect(text).toContain('Chờ bổ sung hồ sơ');
    expect(text).toContain('Yêu cầu bổ sung');
    expect(text).toMatch(/09:00,? 11\/0?3\/2024/);
    expect(complaints).toEqual([]);
    // Neither any server nor the history of the browser is told the secret.
    expect(asked.filter((url) => url.includes(opened.lookUpSecret))).toEqual([]);
    expect(page.url()).toBe(`${service.url}/look-up`);
    const [inner, outer] = [await page.locator('html').evaluate((html) => html.scrollWidth), 360];
    expect(inner).toBeLessThanOrEqual(outer);
    await screenshot(page, 'look-up');
    await page.close();
  });

  it('can be used with the keyboard alone', async () => {
    const page = await browser.newPage();
    await page.goto(`${service.url}/look-up`);
    const focused = (): Promise<string | null> => page.locator(':focus').getAttribute('id');
    await page.keyboard.press('Tab');
    expect(await focused()).toBe('code');
    await page.keyboard.type(opened.code);
    await page.keyboard.press('Enter');
    expect([await page.locator('#problem').innerText(), await focused()]).toEqual([
      expect.stringContaining('Nhập cả mã hồ sơ và mã tra cứu.'),
      'secret',
    ]);
    await page.keyboard.type('zzzz zzzz zzzz');
    await page.keyboard.press('Enter');
    await page.locator('#problem', { hasText: 'type both as they stand' }).waitFor();
    await page.locator('#secret').fill('');
    await page.keyboard.type(opened.lookUpSecret.toLowerCase());
    await page.keyboard.press('Enter');
    expect(await shown(page)).toContain(opened.code);
    expect(await focused()).toBe('state');
    await page.close();
  });
});

describe('the receipt in a browser', () => {
  it('prints on one page of A4', async () => {
    const page = await browser.newPage({ extraHTTPHeaders: bearer('clerk-1') });
    const complaints = complaintsOf(page, service.url);
    await page.goto(`${service.url}/api/dossiers/${opened.code}/receipt`);
    expect(await page.locator('h1').innerText()).toMatch(/giấy tiếp nhận/i);
    await screenshot(page, 'receipt');
    const pdf = await page.pdf({ preferCSSPageSize: true, ...inFolder('receipt.pdf') });
    expect(pdf.toString('latin1').match(/\/Type\s*\/Page\b/g)).toHaveLength(1);
    expect(pdf.toString('latin1')).toMatch(/\/MediaBox\s*\[0 0 59[45][.\d]* 84[12][.\d]*\]/);
    expect(complaints).toEqual([]);
    await page.close();
  });
});

describe('the outlook in a browser', () => {
  it('offers nothing to who may not see it, and leads back', async () => {
    const grants = [{ role: 'clerk', units: ['H54.12'] }] as const;
    await issueToken(service.accounts, 'clerk-8', { grants }, service.clock);
    const page = await browser.newPage({ extraHTTPHeaders: bearer('clerk-8') });
    await page.goto(`${service.url}/outlook`);
    const problem = page.getByRole('alert').filter({ visible: true });
    await problem.waitFor();
    expect(await problem.locator('[lang=en]').innerText()).toContain('docs/access.md');
    expect(await page.locator('#form').isVisible()).toBe(false);
    expect(await page.locator('#result').isVisible()).toBe(false);
    expect(await page.locator('a[href="/account"]').isVisible()).toBe(true);
    await page.close();
  });

  it('opens each number to its dossiers by the keyboard, within a telephone, and prints', async () => {
    const late = (await open(service, { official: 'official-7' })).body.code;
    service.clock.set('2024-03-14T04:00:00.000Z');
    const due = (await open(service, { official: 'official-7' })).body.code;
    await failToSend(service.platform.log, late, 'result/due/official', 'official-7', 'HTTP 503');
    await service.settled();
    const viewport = { width: 360, height: 740 };
    const page = await browser.newPage({ extraHTTPHeaders: bearer('supervisor-1'), viewport });
    const complaints = complaintsOf(page, service.url);
    await page.goto(`${service.url}/outlook?days=3`);
    await page.locator('#result').waitFor();
    expect(await page.locator('#as-of').innerText()).toContain('11:00');
    for (const [part, code, says] of [
      ['#late', late, '2 giờ làm việc'],
      ['#due', due, 'Đã tiếp nhận'],
      ['#forecast', due, 'Đã tiếp nhận'],
      ['#still', opened.code, 'Chờ bổ sung hồ sơ'],
    ] as const) {
      const number = page.locator(`${part} tbody button`).first();
      expect(await number.getAttribute('aria-label')).toMatch(/^1: /);
      await number.focus();
      await page.keyboard.press('Enter');
      const line = page.locator(`${part} .opened tbody tr`);
      await line.waitFor();
      expect([await line.count(), await line.innerText()]).toEqual([1, expect.stringContaining(code)]);
      expect(await line.innerText()).toContain(says);
      expect(await number.getAttribute('aria-expanded')).toBe('true');
    }
    const failed = page.locator('#undelivered tbody tr');
    expect(await failed.innerText()).toMatch(
      new RegExp(`${late}[^]*Giải quyết hồ sơ[^]*official-7[^]*HTTP 503`),
    );
    await screenshot(page, 'outlook-telephone');
    expect(await page.locator('html').evaluate((html) => html.scrollWidth)).toBeLessThanOrEqual(360);
    await failed.getByRole('button', { name: `Gửi lại: ${late}` }).press('Enter');
    await failed.getByText('Đang gửi lại.').waitFor();
    await service.settled();
    await page.reload();
    await page.locator('#undelivered', { hasText: 'Không có hồ sơ nào.' }).waitFor();
    await page.locator('#late tbody button').first().press('Enter');
    await page.locator('#late tbody button').first().press('Enter');
    expect(await page.locator('#late .opened').count()).toBe(0);
    await page.setViewportSize({ width: 1200, height: 900 });
    await screenshot(page, 'outlook');
    const pdf = await page.pdf({ preferCSSPageSize: true, ...inFolder('outlook.pdf') });
    expect(pdf.toString('latin1').match(/\/Type\s*\/Page\b/g)?.length).toBeLessThanOrEqual(2);
    expect(complaints).toEqual([]);
    await page.close();
  });
});

/** Kept only where somebody wants to look at them. */
const FOLDER = process.env['SCREENSHOTS'];
const inFolder = (file: string): { path?: string } => (FOLDER ? { path: `${FOLDER}/${file}` } : {});
async function screenshot(page: Page, name: string): Promise<void> {
  if (FOLDER) await page.screenshot({ fullPage: true, ...inFolder(`${name}.png`) });
}
