import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { account, tokenFor } from '../support/accounts.js';
import { type Answer, call, type ProblemBody, refused } from '../support/http.js';
import { startService, type TestService } from '../support/service.js';
import { expectLogVerified } from '../support/whole-log.js';

const ADMIN = [{ role: 'administrator', units: 'all' }] as const;
const CLERK = [{ role: 'clerk', units: ['H54.12'] }] as const;

let service: TestService;
const tokens = new Map<string, string>();
beforeAll(async () => {
  service = await startService(undefined);
  await account(service, 'head-1', ADMIN);
  await account(service, 'audit-1', [{ role: 'auditor', units: 'all' }]);
  await account(service, 'desk-1', CLERK);
  for (const id of ['head-1', 'audit-1', 'desk-1']) tokens.set(id, await tokenFor(service, id));
}, 60_000);
afterAll(() => service.close());

const as = (id: string, more: Record<string, string> = {}) => ({
  headers: { authorization: `Bearer ${tokens.get(id)}`, ...more },
});
const ask = <T = Record<string, unknown>>(
  method: string,
  path: string,
  body?: object,
  { by = 'head-1', key = {} }: { by?: string; key?: Record<string, string> } = {},
): Promise<Answer<T>> => call<T>(service, method, path, { ...as(by, key), ...(body ? { body } : {}) });
const open = (id: string, more: object = {}) =>
  ask('POST', '/api/accounts', { account: id, kind: 'person', grants: CLERK, ...more });

describe('accounts', () => {
  it('are opened once, and tell who did what', async () => {
    const body = { account: 'desk-2', kind: 'person', grants: CLERK };
    const key = { 'idempotency-key': 'open-desk-2' };
    const first = await ask('POST', '/api/accounts', body, { key });
    const again = await ask('POST', '/api/accounts', body, { key });
    expect([first.status, again.status]).toEqual([201, 201]);
    expect(again.body).toEqual(first.body);
    await refused(service, [409, 'account-exists'], 'POST', '/api/accounts', { ...as('head-1'), body });
    const other = { ...as('head-1', key), body: { ...body, account: 'desk-3' } };
    await refused(service, [422, 'idempotency-key-reused'], 'POST', '/api/accounts', other);
    await ask('PUT', '/api/accounts/desk-2/grants', { grants: [] });
    const { body: seen } = await ask<{ grants: object[]; history: object[] }>(
      'GET',
      '/api/accounts/desk-2',
      undefined,
      { by: 'audit-1' },
    );
    expect(seen.grants).toEqual([]);
    expect(seen.history).toEqual([
      { type: 'AccountOpened', by: 'head-1', at: '2024-03-11T02:00:00.000Z', data: body },
      { type: 'GrantsChanged', by: 'head-1', at: '2024-03-11T02:00:00.000Z', data: { grants: [] } },
    ]);
  });

  it('are changed by administrators alone', async () => {
    for (const by of ['audit-1', 'desk-1']) {
      const body = { account: 'x', kind: 'person', grants: ADMIN };
      await refused(service, [403, 'forbidden'], 'POST', '/api/accounts', { ...as(by), body });
      const sent = { ...as(by), body: { grants: ADMIN } };
      await refused(service, [403, 'forbidden'], 'PUT', `/api/accounts/${by}/grants`, sent);
    }
    await refused(service, [403, 'forbidden'], 'GET', '/api/accounts', as('desk-1'));
    await refused(service, [403, 'forbidden'], 'GET', '/api/accounts/desk-1', as('desk-1'));
    await refused(service, [401, 'not-signed-in'], 'GET', '/api/accounts', {
      headers: { authorization: undefined },
    });
  });

  it('have administrators who grant nothing to themselves', async () => {
    const sent = { ...as('head-1'), body: { grants: [...ADMIN, ...CLERK] } };
    await refused(service, [403, 'own-account'], 'PUT', '/api/accounts/head-1/grants', sent);
  });

  it('keep their last administrator', async () => {
    const sent = { ...as('head-1'), body: {} };
    await refused(service, [409, 'last-administrator'], 'POST', '/api/accounts/head-1/close', sent);
  });

  it.each<[string, object, string]>([
    ['an id in capitals', { account: 'Clerk-9' }, '/account'],
    ['an id with a blank', { account: 'a b' }, '/account'],
    ['no id', { account: undefined }, '/account'],
    ['a kind that is none', { kind: 'robot' }, '/kind'],
    ['a role that is none', { grants: [{ role: 'root', units: 'all' }] }, '/grants/0/role'],
    ['no units', { grants: [{ role: 'clerk', units: [] }] }, '/grants/0/units'],
    ['units that are none', { grants: [{ role: 'clerk', units: 'some' }] }, '/grants/0/units'],
    ['units that are no texts', { grants: [{ role: 'clerk', units: [1] }] }, '/grants/0/units'],
    ['a grant that says it was lent', { grants: [{ ...CLERK[0], lentBy: 'x' }] }, '/grants/0/lentBy'],
    ['a field of the demonstration', { demo: true }, '/demo'],
    ['a password', { password: 'x' }, '/password'],
  ])('are not opened with %s', async (_what, more, pointer) => {
    const { status, body } = await open('new-1', more);
    expect([status, (body as unknown as ProblemBody).errors?.[0]?.pointer]).toEqual([400, pointer]);
  });

  it('that there are not are unknown, by any way', async () => {
    const unknown = [404, 'account-unknown'] as const;
    const path = '/api/accounts/nobody';
    await refused(service, unknown, 'GET', path, as('head-1'));
    await refused(service, unknown, 'PUT', `${path}/grants`, { ...as('head-1'), body: { grants: [] } });
    for (const what of ['close', 'reopen', 'set-up-tokens'])
      await refused(service, unknown, 'POST', `${path}/${what}`, { ...as('head-1'), body: {} });
    await refused(service, unknown, 'GET', `${path}/tokens`, as('head-1'));
    await refused(service, unknown, 'GET', `${path}/sessions`, as('head-1'));
  });

  it('of programs have tokens and no password; of persons the other way round', async () => {
    await open('scanner', { kind: 'system' });
    const expiresAt = '2024-06-30T17:00:00+07:00';
    const issued = await ask<{ id: string; token: string }>('POST', '/api/accounts/scanner/tokens', {
      expiresAt,
    });
    tokens.set('scanner', issued.body.token);
    expect((await call(service, 'GET', '/api/session', as('scanner'))).status).toBe(200);
    const path = '/api/accounts/scanner/set-up-tokens';
    await refused(service, [409, 'system-account'], 'POST', path, { ...as('head-1'), body: {} });
    const personal = { ...as('head-1'), body: { expiresAt } };
    await refused(service, [409, 'personal-account'], 'POST', '/api/accounts/desk-1/tokens', personal);
    expect((await ask('DELETE', `/api/accounts/scanner/tokens/${issued.body.id}`)).status).toBe(200);
    await refused(service, [401, 'not-signed-in'], 'GET', '/api/session', as('scanner'));
  });

  it('hand out a set-up token once for each key', async () => {
    const key = { 'idempotency-key': 'set-up-1' };
    const path = '/api/accounts/desk-1/set-up-tokens';
    const first = await ask<{ token: string }>('POST', path, {}, { key });
    const again = await ask<{ token: null }>('POST', path, {}, { key });
    expect(first.body.token).toMatch(/^setup_[\w-]{43}$/);
    expect(again.body).toEqual({ ...first.body, token: null });
  });

  it('never show what a token is known by', async () => {
    for (const path of ['/api/accounts', '/api/accounts/desk-1', '/api/accounts/desk-1/tokens'])
      expect((await call(service, 'GET', path, as('head-1'))).text).not.toMatch(/hash|[0-9a-f]{64}/);
  });

  it('leave a log that is whole', () => expectLogVerified(service));
});
