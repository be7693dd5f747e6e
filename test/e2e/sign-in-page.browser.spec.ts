import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { codeAt } from '#libs/access/second-factor/testing/code-at.js';
import { account } from '../support/accounts.js';
import { complaintsOf, openBrowser } from '../support/browser.js';
import { heldIn } from '../support/desk.js';
import { eventually } from '../support/eventually.js';
import { raise } from '../support/raise.js';
import { startService, type TestService } from '../support/service.js';
import { PASSWORD, withPassword } from '../support/signed-in.js';

let service: TestService;
let browser: Browser;
beforeAll(async () => {
  service = await startService(undefined, { access: { secondFactorRoles: ['supervisor'] } });
  const units = ['H54.12'];
  for (const id of ['clerk-7', 'clerk-8', 'clerk-9']) await account(service, id, [{ role: 'clerk', units }]);
  await account(service, 'head-7', [{ role: 'supervisor', units }]);
  await withPassword(service, 'clerk-7', 'clerk-8', 'clerk-9', 'head-7');
  browser = await openBrowser();
});
afterAll(async () => {
  await browser.close();
  await service.close();
});

async function opened(
  path = '/sign-in',
  viewport = { width: 900, height: 900 },
): Promise<{ page: Page; complaints: string[] }> {
  const page = await (await browser.newContext({ viewport })).newPage();
  const complaints = complaintsOf(page, service.url);
  await page.goto(service.url + path);
  return { page, complaints };
}

async function signIn(page: Page, id: string): Promise<void> {
  await page.locator('#account').fill(id);
  await page.locator('#password').fill(PASSWORD);
  await page.keyboard.press('Enter');
}

/** For whoever wants to look at the pages: SCREENSHOTS names a folder. */
async function shot(page: Page, name: string): Promise<void> {
  const folder = process.env['SCREENSHOTS'];
  if (folder) await page.screenshot({ path: `${folder}/${name}.png`, fullPage: true });
}

describe('the sign-in page', () => {
  it('signs in by the keyboard alone, shows who is, and signs out', async () => {
    const { page, complaints } = await opened();
    await page.keyboard.type('clerk-7');
    await page.keyboard.press('Tab');
    await page.keyboard.type(PASSWORD);
    await page.keyboard.press('Enter');
    await page.waitForURL('**/account');
    await page.locator('#me').waitFor();
    expect(await page.locator('#who').textContent()).toBe('clerk-7');
    expect(await page.locator('#roles').textContent()).toContain('clerk · H54.12');
    await page.locator('#out').click();
    await page.waitForURL('**/sign-in');
    await page.locator('#form').waitFor();
    expect(complaints).toEqual([]);
  });

  it('tells what is wrong to who sees it and to who hears it', async () => {
    const { page } = await opened();
    await page.locator('#account').fill('clerk-7');
    await page.locator('#password').fill('wrong');
    await page.keyboard.press('Enter');
    const problem = page.getByRole('alert');
    await problem.waitFor();
    expect(await problem.textContent()).toContain('hãy kiểm tra và thử lại');
    expect(await problem.locator('[lang=en]').textContent()).toContain('check them and try again');
    expect(page.url()).toBe(`${service.url}/sign-in`);
  });

  it('tells what a provider refused', async () => {
    const { page } = await opened('/sign-in?problem=oidc-no-role');
    await page.getByRole('alert').waitFor();
    expect(await page.getByRole('alert').textContent()).toContain('Chưa được cấp vai trò');
  });

  it.each(['//evil.example/', 'https://evil.example/', '/\\evil.example/', 'javascript:alert(1)'])(
    'leads never away from here: %s',
    async (to) => {
      const { page, complaints } = await opened(`/sign-in?returnTo=${encodeURIComponent(to)}`);
      await signIn(page, 'clerk-7');
      await page.waitForURL('**/account');
      expect(complaints).toEqual([]);
    },
  );
});

describe('the page of one’s account', () => {
  it('lets who needs a second factor enrol one by the keyboard, and asks for it from then on', async () => {
    const { page, complaints } = await opened('/sign-in?returnTo=/api');
    await signIn(page, 'head-7');
    await page.waitForURL('**/account');
    await page.locator('#due').waitFor();
    await page.locator('#begin-password').fill(PASSWORD);
    await page.keyboard.press('Enter');
    await page.locator('#qr svg').waitFor();
    await shot(page, 'enrolling');
    const secret = ((await page.locator('#secret').textContent()) ?? '').replaceAll(' ', '');
    // Where the code belongs, without a click.
    await page.keyboard.type(codeAt(secret, service.clock.now()));
    await page.keyboard.press('Enter');
    await page.locator('#recovery').waitFor();
    await page.locator('#done').waitFor();
    expect(await page.locator('#codes li').count()).toBe(10);
    expect(await page.locator('#due').isVisible()).toBe(false);
    expect(await page.locator('#secret').textContent()).toBe('');
    await shot(page, 'enrolled');
    await page.locator('#out').click();
    await page.waitForURL('**/sign-in');

    await signIn(page, 'head-7');
    await page.locator('#code').waitFor();
    await page.keyboard.type(codeAt(secret, service.clock.now() + 30_000));
    await page.keyboard.press('Enter');
    await page.waitForURL('**/account');
    await page.locator('#remove-code').fill('000000');
    await page.keyboard.press('Enter');
    await page.getByRole('alert').filter({ visible: true }).waitFor();
    // Refusals are what the browser complains about.
    expect(complaints.filter((each) => !/status of 4(01|22)/.test(each))).toEqual([]);
  });

  it('shows sessions and ends them, changes the password, and leads who is signed out to the sign-in', async () => {
    const [{ page }, { page: other }] = [await opened(), await opened()];
    for (const each of [page, other]) {
      await signIn(each, 'clerk-8');
      await each.waitForURL('**/account');
      await each.locator('#sessions').waitFor();
    }
    await page.reload();
    await page.locator('#session-list button').click();
    await page.locator('#done').waitFor();
    expect(await page.locator('#session-list li').count()).toBe(1);
    await other.reload();
    await other.waitForURL((url) => url.pathname === '/sign-in');
    await page.locator('#old').fill(PASSWORD);
    await page.locator('#new').fill('ngắn');
    await page.keyboard.press('Enter');
    await page.getByRole('alert').filter({ visible: true }).waitFor();
    await page.locator('#new').fill('hỏi thăm chú chuột đi đâu');
    await page.keyboard.press('Enter');
    await page.locator('#done').waitFor();
    await shot(page, 'account');
  });

  it('lets one say by the keyboard how he is reached, and shows it the next time', async () => {
    const { page, complaints } = await opened();
    await signIn(page, 'clerk-9');
    await page.locator('#notifications').waitFor();
    const tabTo = async (selector: string): Promise<void> => {
      for (let left = 20; left > 0; left -= 1) {
        await page.keyboard.press('Tab');
        if (await page.locator(`${selector}:focus`).count()) return;
      }
      throw new Error(`no way by Tab to ${selector}`);
    };
    await page.locator('#mail-address').focus();
    await page.keyboard.type('can.bo@example.vn');
    await tabTo('[name=mail]');
    await page.keyboard.press('ArrowDown');
    await tabTo('#add-quiet');
    await page.keyboard.press('Enter');
    await page.keyboard.type('0600PM');
    await tabTo('li label:nth-of-type(2) input');
    await page.keyboard.type('0700AM');
    await tabTo('li button');
    await shot(page, 'notifications');
    await tabTo('#reach [type=submit]');
    await page.keyboard.press('Enter');
    await page.locator('#done').waitFor();
    // The keyboard is where it was.
    await page.locator('#reach [type=submit]:focus').waitFor();
    const stored = {
      address: 'can.bo@example.vn',
      mail: 'digest',
      quietHours: [{ from: '18:00', to: '07:00' }],
    };
    const answer = await page.evaluate<object>(
      `fetch('/api/account/notifications').then((answer) => answer.json())`,
    );
    expect(answer).toEqual(stored);

    await page.reload();
    await page.locator('#notifications').waitFor();
    expect(await page.locator('#mail-address').inputValue()).toBe(stored.address);
    expect(await page.locator('[name=mail]:checked').inputValue()).toBe('digest');
    const times = page.locator('#quiet-hours input');
    expect([await times.nth(0).inputValue(), await times.nth(1).inputValue()]).toEqual(['18:00', '07:00']);
    expect(complaints).toEqual([]);

    // What is wrong is said, and stays to be mended; what was taken away is gone.
    await times.nth(1).fill('18:00');
    await page.locator('#reach [type=submit]').press('Enter');
    await page.getByRole('alert').filter({ hasText: 'giờ kết thúc' }).waitFor();
    expect(await page.locator('#mail-address').inputValue()).toBe(stored.address);
    await page.locator('#quiet-hours button').press('Enter');
    expect(await page.locator('#add-quiet:focus').count()).toBe(1);
    await page.locator('#mail-address').fill('');
    await page.keyboard.press('Enter');
    await page.locator('#done').waitFor();
    expect(
      await page.evaluate(`fetch('/api/account/notifications').then((answer) => answer.json())`),
    ).toEqual({
      address: null,
      mail: 'digest',
      quietHours: [],
    });
  });

  it('fits a telephone', async () => {
    const { page } = await opened('/sign-in', { width: 320, height: 640 });
    await signIn(page, 'clerk-7');
    await page.waitForURL('**/account');
    await page.locator('#sessions').waitFor();
    const { scrollWidth } = await page.evaluate<{ scrollWidth: number }>(
      '({ scrollWidth: document.documentElement.scrollWidth })',
    );
    expect(scrollWidth).toBeLessThanOrEqual(320);
    await shot(page, 'telephone');
  });
});

describe('the page of one’s reminders', () => {
  const unread = (page: Page) => page.locator('#items .unread').count();

  it('asks for the sign-in first, shows the newest first, and what comes while it is open; by the keyboard', async () => {
    const { log } = service.platform;
    const held = await heldIn(service, 'processing');
    await raise(log, { code: held.code, reminder: 'result/1' }, 'clerk-7', 'clerk-9');
    await raise(log, { code: 'X-1', reminder: 'answer/1', about: 'answer' }, 'clerk-7');
    await raise(log, { code: 'X-2', reminder: 'result/1' }, 'head-7');
    await service.settled();
    const { page, complaints } = await opened('/inbox');
    await page.waitForURL((url) => url.pathname === '/sign-in');
    complaints.length = 0;
    await signIn(page, 'clerk-7');
    await page.waitForURL('**/inbox');
    await page.locator('#inbox').waitFor();
    expect(await page.locator('#items li').count()).toBe(2);
    expect(await page.locator('#items').textContent()).toMatch(/X-1.*Đang giải quyết/s);
    expect(await page.locator('#items a').getAttribute('href')).toBe(`/api/dossiers/${held.code}`);
    expect(await page.title()).toMatch(/^\(2\) /);

    await raise(log, { code: 'X-3', reminder: 'collection/1', about: 'collection' }, 'clerk-7');
    await page.getByText('X-3').waitFor();
    expect(await unread(page)).toBe(3);
    await shot(page, 'inbox');

    // One of them, from where the keyboard is: it stays there.
    await page.locator('#items .unread button').first().focus();
    await page.keyboard.press('Enter');
    await eventually(async () => expect(await unread(page)).toBe(2));
    const focused = await page.evaluate<string>('document.activeElement.closest("li").dataset.key');
    expect(focused).toBe('X-3 collection/1');
    await page.locator('#all-read').press('Enter');
    await eventually(async () => expect(await page.title()).toBe('Nhắc việc – Reminders'));
    expect([await unread(page), await page.locator('#items li').count()]).toEqual([0, 3]);
    expect(complaints).toEqual([]);
  });

  it('gives an address for a calendar, and withdraws it; fits a telephone', async () => {
    const { page, complaints } = await opened('/sign-in?returnTo=/inbox', { width: 320, height: 640 });
    await signIn(page, 'clerk-9');
    await page.locator('#make-address').click();
    await page.locator('#done').waitFor();
    const address = (await page.locator('#address').textContent()) ?? '';
    expect(new URL(address).origin).toBe(service.url);
    expect((await fetch(address)).status).toBe(200);
    const { scrollWidth } = await page.evaluate<{ scrollWidth: number }>(
      '({ scrollWidth: document.documentElement.scrollWidth })',
    );
    expect(scrollWidth).toBeLessThanOrEqual(320);
    await shot(page, 'inbox-telephone');
    await page.locator('#withdraw-address').click();
    await page.locator('#address').filter({ hasText: /^$/ }).waitFor({ state: 'attached' });
    await eventually(async () => expect((await fetch(address)).status).toBe(404));
    expect(complaints).toEqual([]);
  });

  it('asks for nothing while nobody is at it, and shows what was missed to who comes back', async () => {
    const { page } = await opened('/sign-in?returnTo=/inbox');
    await page.clock.install();
    await signIn(page, 'clerk-9');
    await page.locator('#inbox').waitFor();
    const before = await page.locator('#items li').count();
    await page.clock.fastForward(11 * 60_000);
    const asked: string[] = [];
    page.on('request', (request) => asked.push(request.url()));
    await raise(service.platform.log, { code: 'X-9', reminder: 'result/9' }, 'clerk-9');
    await heard(page, await raise(service.platform.log, { code: 'X-9', reminder: 'result/10' }, 'clerk-7'));
    expect(asked.filter((url) => url.includes('/api/inbox'))).toEqual([]);
    await page.keyboard.press('Shift');
    await page.clock.fastForward(3_000);
    await page.getByText('X-9').waitFor();
    expect(await page.locator('#items li').count()).toBe(before + 1);
  });

  /** Resolves when a page that follows the moves was told of this one. */
  const heard = (page: Page, position: number): Promise<unknown> =>
    page.evaluate(
      `new Promise((resolve) => {
        const source = new EventSource('/api/updates');
        source.onmessage = ({ data }) => {
          const moved = JSON.parse(data);
          if (moved.projection !== 'inbox' || moved.position < ${position}) return;
          source.close();
          resolve();
        };
      })`,
    );
});
