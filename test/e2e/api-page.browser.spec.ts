import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { complaintsOf, openBrowser } from '../support/browser.js';
import { startService, type TestService } from '../support/service.js';

let service: TestService;
let browser: Browser;
beforeAll(async () => {
  [service, browser] = await Promise.all([startService(), openBrowser()]);
}, 60_000);
afterAll(async () => {
  await browser?.close();
  await service?.close();
});

describe('the page of the API in a browser', () => {
  it('shows every operation and tries one, from files of its own only, under the policy of contents', async () => {
    const page = await browser.newPage();
    const complaints = complaintsOf(page, service.url);
    await page.goto(`${service.url}/api`);
    await page.waitForSelector('.opblock');
    expect(await page.locator('.opblock').count()).toBeGreaterThan(20);
    await page.locator('.opblock', { hasText: '/health/live' }).first().click();
    await page.getByRole('button', { name: 'Try it out' }).click();
    await page.getByRole('button', { name: 'Execute', exact: true }).click();
    await page.waitForSelector('.live-responses-table');
    expect(await page.locator('.live-responses-table').innerText()).toContain('"status": "ok"');
    expect(complaints).toEqual([]);
    await page.close();
  });

  it('takes no other document from its address', async () => {
    const page = await browser.newPage();
    const asked: string[] = [];
    page.on('request', (request) => void asked.push(new URL(request.url()).pathname));
    await page.goto(`${service.url}/api?url=/health/live&configUrl=/health/ready`);
    await page.waitForSelector('.opblock');
    expect(asked.filter((path) => path.startsWith('/health'))).toEqual([]);
    await page.close();
  });

  it('runs no script that found its way into a page', async () => {
    const page = await browser.newPage();
    await page.goto(`${service.url}/api`);
    const ran = await page.evaluate(async () => {
      const inside = globalThis as unknown as { document: never; ran?: boolean };
      const { document } = inside as unknown as {
        document: { createElement(tag: string): Element; body: { append(e: Element): void } };
      };
      interface Element {
        textContent: string;
        setAttribute(name: string, value: string): void;
      }
      const script = document.createElement('script');
      script.textContent = 'globalThis.ran = true';
      const image = document.createElement('img');
      image.setAttribute('onerror', 'globalThis.ran = true');
      image.setAttribute('src', 'data:,');
      document.body.append(script);
      document.body.append(image);
      await new Promise((resolve) => setTimeout(resolve, 50));
      return inside.ran === true;
    });
    expect(ran).toBe(false);
    await page.close();
  });
});
