import { expect } from '@jest/globals';
import { hashPassword } from '#libs/access/passwords/argon2.adapter.js';
import { Credentials } from '#libs/access/passwords/credentials.adapter.js';
import { type Answer, call } from './http.js';
import type { TestService } from './service.js';

export const PASSWORD = 'con mèo trèo cây cau';
export const ANOTHER_PASSWORD = 'hỏi thăm chú chuột đi đâu';

export interface WhoAmI {
  readonly account: string;
  readonly by: string;
  readonly grants: object[];
  readonly csrfToken: string;
}

let hash: Promise<string> | undefined;
/** Gives accounts {@link PASSWORD}. */
export async function withPassword({ platform, clock }: TestService, ...accounts: string[]): Promise<void> {
  const credentials = new Credentials(platform.pool, clock);
  for (const id of accounts) await credentials.give(id, await (hash ??= hashPassword(PASSWORD)));
}

/** A browser: keeps its cookie, and sends the CSRF token along. */
export class Browser {
  cookie: string | undefined;
  csrf: string | undefined;

  constructor(private readonly service: TestService) {}

  headers(more: Record<string, string | undefined> = {}): Record<string, string | undefined> {
    return { authorization: undefined, cookie: this.cookie, 'x-csrf-token': this.csrf, ...more };
  }

  async signIn(account: string, password = PASSWORD): Promise<Answer<WhoAmI>> {
    const sent = { body: { account, password }, headers: { cookie: this.cookie } };
    const answer = await call<WhoAmI>(this.service, 'POST', '/api/session', sent);
    expect([answer.status, answer.text]).toEqual([201, answer.text]);
    this.keep(answer);
    return answer;
  }

  keep(answer: Answer<{ csrfToken: string }>): void {
    this.cookie = answer.headers.getSetCookie()[0]?.split(';')[0];
    this.csrf = answer.body.csrfToken;
  }

  ask<T>(method: string, path: string, body?: object): Promise<Answer<T>> {
    return call<T>(this.service, method, path, { headers: this.headers(), ...(body ? { body } : {}) });
  }

  /** What `GET /api/session` answers: 200, or 401 once the session is over. */
  async status(): Promise<number> {
    return (await this.ask('GET', '/api/session')).status;
  }
}

export async function signedIn(service: TestService, account: string): Promise<Browser> {
  const browser = new Browser(service);
  await browser.signIn(account);
  return browser;
}
