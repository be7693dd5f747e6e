import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { tokenHash, tokenOf } from '#libs/access/accounts/token.js';
import type { FastifyRequest } from 'fastify';
import { RequestAuthenticator } from '#libs/access/authenticator.adapter.js';
import { Problem } from '#libs/problem/problem.js';
import { account, onAccounts, tokenFor } from '../support/accounts.js';
import { startService, type TestService } from '../support/service.js';

let service: TestService;
let other: TestService;
beforeAll(async () => {
  service = await startService();
  other = await startService();
  for (const each of [service, other]) {
    await each.settled();
    await account(each, 'machine', [{ role: 'clerk', units: 'all' }], 'system');
  }
}, 90_000);
afterAll(async () => {
  await service?.close();
  await other?.close();
});

/** The account that this proof is taken for, or the problem that it is refused with. */
async function asked(authorization: string, of = service): Promise<unknown> {
  const request = { headers: { authorization }, cookies: {} } as unknown as FastifyRequest;
  return of.app
    .get(RequestAuthenticator)
    .authenticate(request)
    .then(
      (principal) => principal?.id,
      (error: unknown) =>
        error instanceof Problem ? error.toString() + JSON.stringify(error.details) : error,
    );
}

describe('a token that is shown again', () => {
  it('is of no use once it is revoked, has expired, or its account was closed, and no answer says which', async () => {
    const good = await tokenFor(service, 'machine');
    expect(await asked(`Bearer ${good}`)).toBe('machine');
    const unknown = await asked(`Bearer ${tokenOf(randomBytes(32))}`);
    expect(unknown).toContain('not-signed-in');

    const { accounts, clock } = service;
    const brief = tokenOf(randomBytes(32));
    const expiresAt = new Date(clock.now() + 60_000).toISOString();
    await onAccounts(accounts, { do: 'issue-token', account: 'machine', expiresAt }, tokenHash(brief));
    expect(await asked(`Bearer ${brief}`)).toBe('machine');
    clock.set(expiresAt);
    expect(await asked(`Bearer ${brief}`)).toEqual(unknown);

    expect(await asked(`Bearer ${good}`)).toBe('machine');
    await onAccounts(accounts, { do: 'close', account: 'machine' });
    expect(await asked(`Bearer ${good}`)).toEqual(unknown);
  });

  it('is of no use at another installation', async () => {
    const token = await tokenFor(other, 'machine');
    expect(await asked(`Bearer ${token}`, other)).toBe('machine');
    expect(await asked(`Bearer ${token}`)).toContain('not-signed-in');
  });

  it('is of no use in other ways than its own, or changed', async () => {
    const token = await tokenFor(other, 'machine');
    const flipped = token.slice(0, -1) + (token.endsWith('A') ? 'B' : 'A');
    for (const proof of [
      token,
      `Basic ${token}`,
      `Bearer ${flipped}`,
      `Bearer ${token}x`,
      `Bearer ${token} x`,
      'Bearer ',
      `Bearer ${tokenHash(token) ?? ''}`,
    ]) {
      expect(await asked(proof, other)).toContain('not-signed-in');
    }
  });
});
