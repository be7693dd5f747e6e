import { type Browser, chromium, type Page } from 'playwright-core';

const CHROMIUM = process.env['CHROMIUM'] ?? '/usr/bin/chromium';

/**
 * A Chromium of this machine, with a profile of its own. Files of tests that need one end in `.browser.spec.ts`: they
 * are left out, with a line that says so, where there is none (tools/left-out.js); with CI=true they fail.
 */
export function openBrowser(): Promise<Browser> {
  // As root it has no sandbox of its own.
  return chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox', '--disable-gpu'] });
}

/** What a page complains about: refusals of its policies, errors of its scripts, requests to other hosts. */
export function complaintsOf(page: Page, url: string): string[] {
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error' || /Content Security Policy|Refused/.test(message.text()))
      complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('request', (request) => {
    if (!/^(data|blob):/.test(request.url()) && !request.url().startsWith(`${url}/`))
      complaints.push(request.url());
  });
  return complaints;
}
