import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { codeAt } from '#libs/access/second-factor/testing/code-at.js';
import { Credentials } from '#libs/access/passwords/credentials.adapter.js';
import { account } from '../support/accounts.js';
import { complaintsOf, openBrowser } from '../support/browser.js';
import { startService, type TestService } from '../support/service.js';

const PASSWORD = 'con mèo trèo cây cau';

let service: TestService;
let browser: Browser;
beforeAll(async () => {
  service = await startService();
  await account(service, 'clerk-7', [{ role: 'clerk', units: ['H54.12'] }]);
  const token = await service.app.get(Credentials).handOutSetUp('clerk-7', '2024-03-12T00:00:00.000Z');
  const answer = await fetch(`${service.url}/api/password/set-up`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ token, newPassword: PASSWORD }),
  });
  expect(answer.ok).toBe(true);
  browser = await openBrowser();
});
afterAll(async () => {
  await browser.close();
  await service.close();
});

async function opened(path = '/sign-in'): Promise<{ page: Page; complaints: string[] }> {
  const page = await (await browser.newContext()).newPage();
  const complaints = complaintsOf(page, service.url);
  // Browsers ask for one; there is none.
  await page.route('**/favicon.ico', (route) => route.fulfill({ status: 204 }));
  await page.goto(service.url + path);
  return { page, complaints };
}

describe('the sign-in page', () => {
  it('signs in by the keyboard alone, shows who is, and signs out', async () => {
    const { page, complaints } = await opened();
    await page.keyboard.type('clerk-7');
    await page.keyboard.press('Tab');
    await page.keyboard.type(PASSWORD);
    await page.keyboard.press('Enter');
    await page.locator('#inside').waitFor();
    expect(await page.locator('#who').textContent()).toBe('clerk-7');
    expect(await page.locator('#roles').textContent()).toContain('clerk · H54.12');
    await page.locator('#out').click();
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
    expect((await problem.textContent())?.length).toBeGreaterThan(10);
    expect(await page.locator('#inside').isVisible()).toBe(false);
  });

  it('tells what a provider refused', async () => {
    const { page } = await opened('/sign-in?problem=oidc-no-role');
    await page.getByRole('alert').waitFor();
    expect(await page.getByRole('alert').textContent()).toContain('Chưa được cấp vai trò');
  });

  it('asks for a code where there is a second factor', async () => {
    const session = await fetch(`${service.url}/api/session`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ account: 'clerk-7', password: PASSWORD }),
    });
    const { csrfToken } = (await session.json()) as { csrfToken: string };
    const cookie = session.headers.getSetCookie().map((each) => each.split(';')[0]);
    const send = async (step: string, body: object): Promise<{ secret: string }> => {
      const headers = {
        cookie: cookie.join('; '),
        'x-csrf-token': csrfToken,
        'content-type': 'application/json',
      };
      const answer = await fetch(`${service.url}/api/second-factor/${step}`, {
        ...{ method: 'POST', headers, body: JSON.stringify(body) },
      });
      expect([answer.status, step]).toEqual([200, step]);
      return (await answer.json()) as { secret: string };
    };
    const { secret } = await send('begin', { password: PASSWORD });
    await send('confirm', { code: codeAt(secret, service.clock.now()) });
    const { page } = await opened();
    await page.locator('#account').fill('clerk-7');
    await page.locator('#password').fill(PASSWORD);
    await page.keyboard.press('Enter');
    await page.locator('#code').waitFor();
    await page.locator('#code').fill(codeAt(secret, service.clock.now() + 30_000));
    await page.keyboard.press('Enter');
    await page.locator('#inside').waitFor();
  });
});
