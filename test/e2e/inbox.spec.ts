import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { InboxPage } from '#libs/inbox/inbox.query.js';
import { inboxProjection } from '#libs/inbox/inbox.projection.js';
import { rebuildProjections } from '#libs/projection/rebuild.js';
import { heldIn } from '../support/desk.js';
import { type Answer, call, refused } from '../support/http.js';
import { RAISED_DUE as DUE, raise as raiseIn } from '../support/raise.js';
import { startService, type TestService } from '../support/service.js';
import { bearer, issueToken } from '../support/tokens.js';

const A = 'official-7';
const B = 'supervisor-1';

let service: TestService;
beforeAll(async () => (service = await startService()), 60_000);
afterAll(() => service.close());

const raise = (code: string, reminder: string, ...accounts: string[]): Promise<number> =>
  raiseIn(service.platform.log, { code, reminder }, ...accounts);

const inbox = async (account: string, query = ''): Promise<InboxPage> =>
  (await call<InboxPage>(service, 'GET', `/api/inbox?${query}`, { headers: bearer(account) })).body;
const names = ({ items }: InboxPage): string[] => items.map(({ code, reminder }) => `${code} ${reminder}`);
const unread = async (account: string, atLeast: number): Promise<number> => {
  const path = `/api/inbox/unread?atLeast=${atLeast}`;
  return (await call<{ count: number }>(service, 'GET', path, { headers: bearer(account) })).body.count;
};
const read = (account: string, body: object, key = randomUUID()): Promise<Answer<{ position: number }>> =>
  call(service, 'POST', '/api/inbox/read', {
    body,
    headers: { ...bearer(account), 'idempotency-key': key },
  });

describe('an inbox', () => {
  let last: number;
  beforeAll(async () => {
    await raise('X-1', 'first', A, B);
    await raise('X-2', 'second', A);
    // The same once more, as after a lost answer of the log: it is there once.
    await raise('X-1', 'first', A);
    last = await raise('X-3', 'third', A, A);
    await service.settled();
  });

  it('holds what was raised to its owner, the newest first, page by page, and nothing of others', async () => {
    const all = await inbox(A, `atLeast=${last}`);
    expect(names(all)).toEqual(['X-3 third', 'X-2 second', 'X-1 first']);
    expect(all.items[0]).toMatchObject({ about: 'result', dueAt: DUE, readAt: null, state: null });
    expect(names(await inbox(B))).toEqual(['X-1 first']);
    expect(names(await inbox('clerk-2'))).toEqual([]);
    const first = await inbox(A, 'limit=2');
    expect([names(first).length, names(await inbox(A, `limit=2&cursor=${first.next}`))]).toEqual([
      2,
      ['X-1 first'],
    ]);
    await refused(service, [400, 'invalid-request'], 'GET', '/api/inbox?cursor=x');
  });

  it('has one item read, or all up to one; what came later and what others have stays unread', async () => {
    const one = await read(A, { code: 'X-2', reminder: 'second' });
    expect(await unread(A, one.body.position)).toBe(2);
    expect(names(await inbox(A, 'unread=true'))).toEqual(['X-3 third', 'X-1 first']);
    const all = await read(A, { code: 'X-3', reminder: 'third', before: true });
    const later = await raise('X-4', 'fourth', A, B);
    expect(await unread(A, Math.max(later, all.body.position))).toBe(1);
    expect(await unread(B, later)).toBe(2);
    expect(names(await inbox(A, 'unread=true'))).toEqual(['X-4 fourth']);
  });

  it('is marked once, however often it is sent; what is read already leaves nothing in the log', async () => {
    const key = randomUUID();
    const item = { code: 'X-4', reminder: 'fourth' };
    const { body } = await read(A, item, key);
    const head = await service.platform.log.head();
    expect((await read(A, item, key)).status).toBe(200);
    await unread(A, body.position);
    expect((await read(A, { ...item, before: true })).status).toBe(200);
    expect(await service.platform.log.head()).toBe(head);
    await raise('X-5', 'fifth', A);
    await service.settled();
    const reused = await read(A, { code: 'X-5', reminder: 'fifth' }, key);
    expect([reused.status, reused.text.includes('idempotency-key-reused')]).toEqual([422, true]);
  });

  it('is nobody else’s: an item of another account is as one that there is not', async () => {
    const body = { code: 'X-2', reminder: 'second' };
    for (const item of [body, { ...body, before: true }, { ...body, code: 'never' }]) {
      expect((await read(B, item)).status).toBe(404);
    }
    expect(await unread(B, 0)).toBe(2);
  });

  it('says how it stands with the dossier now, as far as its owner may list it', async () => {
    const held = await heldIn(service, 'processing');
    await issueToken(
      service.accounts,
      'elsewhere',
      { grants: [{ role: 'official', units: ['H54.13'] }] },
      service.clock,
    );
    const position = await raise(held.code, 'sixth', A, 'elsewhere');
    await service.settled();
    expect((await inbox(A, `atLeast=${position}`)).items[0]?.state).toBe('processing');
    expect((await inbox('elsewhere')).items[0]?.state).toBeNull();
    await held.take('resolve');
    await service.settled();
    expect((await inbox(A)).items[0]).toMatchObject({ code: held.code, state: 'resolved' });
  });

  it('is the same when it is made anew from the log', async () => {
    await service.settled();
    const { log, pool, rawLog } = service.platform;
    const [report] = await rebuildProjections({
      ...{ log, pool, engine: rawLog.engine, projections: [inboxProjection], batchSize: 2 },
    });
    expect(report).toMatchObject({ compared: true, tables: [{ onlyOld: 0, onlyNew: 0, changed: 0 }] });
  });
});
