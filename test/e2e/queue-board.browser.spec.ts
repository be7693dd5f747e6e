import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { openJobEngine } from '#apps/worker/jobs.js';
import { account } from '../support/accounts.js';
import { openSession } from '../support/access-desk.js';
import { complaintsOf, openBrowser } from '../support/browser.js';
import { startService, type TestService } from '../support/service.js';

let service: TestService;
let browser: Browser;
beforeAll(async () => {
  [service, browser] = await Promise.all([startService(), openBrowser()]);
  await account(service, 'admin-7', [{ role: 'administrator', units: 'all' }]);
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
