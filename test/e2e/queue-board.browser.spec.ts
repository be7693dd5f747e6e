import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { openJobEngine } from '#apps/worker/jobs.js';
import { account } from '../support/accounts.js';
import { openSession } from '../support/access-desk.js';
import { complaintsOf, openBrowser } from '../support/browser.js';
import { startService, type TestService } from '../support/service.js';
import { PASSWORD, withPassword } from '../support/signed-in.js';

let service: TestService;
let browser: Browser;
beforeAll(async () => {
  [service, browser] = await Promise.all([startService(), openBrowser()]);
  await account(service, 'admin-7', [{ role: 'administrator', units: 'all' }]);
  await account(service, 'clerk-7', [{ role: 'clerk', units: ['H54.12'] }]);
  await withPassword(service, 'admin-7', 'clerk-7');
  const engine = await openJobEngine(service.platform, () => undefined);
  await engine
    .queue('deliveries')
    .add('deliver', { code: 'H54.12-240311-0001' }, { delay: 3_600_000, jobId: 'd1' });
  await engine.close();
}, 60_000);
afterAll(async () => {
  await browser?.close();
  await service?.close();
});

describe('the board of queues in a browser', () => {
  it('asks for the sign-in first, and is linked from the account of administrators alone', async () => {
    const page = await browser.newPage();
    const signIn = async (id: string): Promise<void> => {
      await page.locator('#account').fill(id);
      await page.locator('#password').fill(PASSWORD);
      await page.keyboard.press('Enter');
    };
    const path = '/admin/queues/queue/deliveries';
    await page.goto(service.url + path);
    await signIn('admin-7');
    await page.waitForURL(`**${path}`);
    await page.goto(`${service.url}/account`);
    await page.locator('#to-queues').waitFor();
    await page.locator('#out').click();
    await page.waitForURL('**/sign-in');
    await signIn('clerk-7');
    await page.locator('#me').waitFor();
    expect(await page.locator('#to-queues').isVisible()).toBe(false);
    await page.close();
  });

  it('shows queues and a job, from files of its own only, under its policy of contents', async () => {
    const { cookie = '' } = await openSession(service, 'admin-7');
    const context = await browser.newContext({ extraHTTPHeaders: { cookie } });
    const page = await context.newPage();
    const complaints = complaintsOf(page, service.url);
    const missing: string[] = [];
    page.on('response', (answer) => {
      if (answer.status() >= 400) missing.push(`${answer.status()} ${answer.url()}`);
    });
    await page.goto(`${service.url}/admin/queues`);
    for (const queue of ['maintenance', 'reminders', 'deliveries']) {
      await page.getByRole('link', { name: queue }).first().waitFor();
    }
    await page.goto(`${service.url}/admin/queues/queue/deliveries`);
    await page
      .getByText('#d1')
      .or(page.getByText('deliver', { exact: true }))
      .first()
      .waitFor();
    if (process.env['SCREENSHOTS'])
      await page.screenshot({ path: `${process.env['SCREENSHOTS']}/queue.png` });
    await page.goto(`${service.url}/admin/queues/queue/deliveries/d1`);
    await page.getByText('H54.12-240311-0001').first().waitFor();
    if (process.env['SCREENSHOTS']) await page.screenshot({ path: `${process.env['SCREENSHOTS']}/job.png` });
    expect(missing).toEqual([]);
    expect(complaints).toEqual([]);
  });
});
