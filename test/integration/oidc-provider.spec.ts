import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { OidcProvider, type OidcSettings } from '#libs/access/oidc/oidc-provider.adapter.js';
import type { OidcTransaction } from '#libs/access/oidc/transaction.js';
import { Browser } from '../support/cookie-jar.js';
import { CLIENT, startProvider, type TestProvider } from '../support/oidc-provider.js';

const HERE = 'http://127.0.0.1:3000';
const CALLBACK = `${HERE}/api/session/oidc/callback`;
const AN = { sub: 'f4b1', preferred_username: 'an.nguyen', groups: ['motcua-clerk'] };

const settingsFor = (issuer: string): OidcSettings => ({
  issuer,
  ...{ clientId: CLIENT.id, clientSecret: CLIENT.secret, scope: 'openid profile groups', publicUrl: HERE },
  mapping: {
    account: 'preferred_username',
    roles: { claim: 'groups', map: { 'motcua-clerk': [{ role: 'clerk', units: ['H54.12'] }] } },
  },
});

let provider: TestProvider;
let said: string[] = [];
beforeAll(async () => {
  provider = await startProvider({ redirectUris: [CALLBACK], afterSignOut: [`${HERE}/sign-in`] });
});
afterAll(() => provider.stop());

/** Goes through the provider as a browser does. @returns what it brings back here */
async function through(
  client: OidcProvider,
  browser = new Browser(),
): Promise<{ query: string; transaction: OidcTransaction }> {
  const { url, transaction } = await client.begin();
  const { url: back } = await browser.follow(url, (next) => next.origin !== HERE);
  expect(back.origin + back.pathname).toBe(CALLBACK);
  return { query: back.search, transaction: { ...transaction, returnTo: '/' } };
}

function client(settings: Partial<OidcSettings> = {}): OidcProvider {
  said = [];
  return new OidcProvider({ ...settingsFor(provider.issuer), ...settings }, (line) => said.push(line));
}

describe('a provider of OpenID Connect', () => {
  it('tells who signed in there, also where only userinfo has the claims', async () => {
    provider.person = AN;
    const own = client();
    const { query, transaction } = await through(own);
    const { subject, claims } = await own.finish(query, transaction);
    expect([subject, claims['preferred_username'], claims['groups']]).toEqual([
      ...['f4b1', 'an.nguyen'],
      ['motcua-clerk'],
    ]);
  });

  it('tells it by the ID token alone where that has the claims', async () => {
    const whole = await startProvider({ redirectUris: [CALLBACK], inIdToken: true });
    whole.person = AN;
    const own = client({ issuer: whole.issuer });
    const { query, transaction } = await through(own);
    expect((await own.finish(query, transaction)).claims['groups']).toEqual(['motcua-clerk']);
    await whole.stop();
  });

  it('is asked with PKCE, state and nonce, each new every time', async () => {
    const own = client();
    const [first, second] = [await own.begin(), await own.begin()];
    const asked = Object.fromEntries(first.url.searchParams);
    expect(asked).toMatchObject({
      response_type: 'code',
      client_id: 'motcua',
      redirect_uri: CALLBACK,
      code_challenge_method: 'S256',
      state: first.transaction.state,
      nonce: first.transaction.nonce,
    });
    expect(first.url.href).not.toContain(first.transaction.verifier);
    for (const part of ['state', 'nonce', 'verifier'] as const) {
      expect(first.transaction[part]).not.toBe(second.transaction[part]);
      expect(first.transaction[part].length).toBeGreaterThanOrEqual(43);
    }
  });

  it.each([
    ['another state', { state: 'other' }],
    ['another nonce', { nonce: 'other' }],
    ['another verifier', { verifier: 'v'.repeat(43) }],
  ])('is not believed under %s', async (_what, other) => {
    provider.person = AN;
    const own = client();
    const { query, transaction } = await through(own);
    await expect(own.finish(query, { ...transaction, ...other })).rejects.toMatchObject({
      type: 'oidc-answer-wrong',
      details: {},
    });
  });

  it.each([
    ['its code is given a second time', (query: string) => query],
    ['there is no code', (query: string) => query.replace(/code=[^&]*&?/, '')],
    [
      'the answer is of another issuer',
      (query: string) => query.replace(/iss=[^&]*/, 'iss=https%3A%2F%2Fevil.example'),
    ],
    ['the answer names no issuer', (query: string) => query.replace(/&?iss=[^&]*/, '')],
    ['there is no answer', () => ''],
    ['the state comes twice', (query: string) => `${query}&state=other`],
  ])('is not believed where %s', async (_what, change) => {
    provider.person = AN;
    const own = client();
    const { query, transaction } = await through(own);
    const changed = change(query);
    if (changed === query) await own.finish(query, transaction);
    await expect(own.finish(changed, transaction)).rejects.toMatchObject({ type: 'oidc-answer-wrong' });
  });

  it('may refuse, and the reason is told', async () => {
    provider.person = undefined;
    const own = client();
    const { query, transaction } = await through(own);
    await expect(own.finish(query, transaction)).rejects.toMatchObject({
      type: 'oidc-refused',
      details: { reason: 'access_denied' },
    });
  });

  it('is not used with a secret that it does not take', async () => {
    provider.person = AN;
    const own = client({ clientSecret: 'wrong' });
    const { query, transaction } = await through(own);
    await expect(own.finish(query, transaction)).rejects.toMatchObject({ type: 'oidc-answer-wrong' });
    expect(said.join()).toContain('client secret');
    expect(said.join()).not.toContain('wrong');
  });

  it('is left where it offers that', async () => {
    const url = await client().signOutUrl();
    expect(url?.origin).toBe(provider.issuer);
    expect(url?.searchParams.get('post_logout_redirect_uri')).toBe(`${HERE}/sign-in`);
  });

  it('is not the one that was asked for', async () => {
    const other = await startProvider({ redirectUris: [CALLBACK], issuer: 'http://127.0.0.1:1' });
    const own = client({ issuer: other.issuer });
    await expect(own.begin()).rejects.toMatchObject({ type: 'oidc-unavailable' });
    expect(said.join()).toContain('issuer');
    await other.stop();
  });

  it('is not asked over http elsewhere than on this machine', async () => {
    const own = client({ issuer: 'http://192.0.2.1' });
    await expect(own.begin()).rejects.toMatchObject({ type: 'oidc-unavailable' });
    expect(said.join()).toContain('HTTPS');
  });

  it('may be away, and come back', async () => {
    const flaky = await startProvider({ redirectUris: [CALLBACK] });
    const own = client({ issuer: flaky.issuer });
    await flaky.stop();
    await expect(own.begin()).rejects.toMatchObject({
      type: 'oidc-unavailable',
      details: { issuer: flaky.issuer },
    });
    await flaky.restart();
    flaky.person = AN;
    const { query, transaction } = await through(own);
    await flaky.stop();
    await expect(own.finish(query, transaction)).rejects.toMatchObject({ type: 'oidc-unavailable' });
  });
});
