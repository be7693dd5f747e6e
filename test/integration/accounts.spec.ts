import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import { AccountStore } from '#libs/access/accounts/account-store.js';
import { exclusivelyIn } from '#libs/access/accounts/exclusively.adapter.js';
import type { AccountCommand } from '#libs/access/accounts/decide-account.js';
import { tokenHash, tokenOf } from '#libs/access/accounts/token.js';
import { PostgresEventLog } from '#libs/event-log/adapters/postgres-event-log.adapter.js';
import { eventLogMigrations } from '#libs/event-log/adapters/postgres-schema.adapter.js';
import { migrate } from '#libs/read-db/migrate.adapter.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { eventually } from '../support/eventually.js';

let now = '';
const clock = { now: () => Date.parse(now) };
const LATER = '2024-02-01T00:00:00.000Z';
const ADMIN = { role: 'administrator', units: 'all' } as const;
const CLERK = { role: 'clerk', units: ['A', 'B'] } as const;

let database: TestDatabase;
let log: PostgresEventLog;
let store: AccountStore;
beforeEach(async () => {
  now = '2024-01-15T02:30:00.000Z';
  database = await createTestDatabase();
  await migrate(database.pool, eventLogMigrations);
  log = new PostgresEventLog(database.pool);
  store = another();
});
afterEach(async () => {
  await log.close();
  await database.drop();
});

/** As another process has it. */
const another = (): AccountStore => new AccountStore(log, clock, exclusivelyIn(database.pool));
let keys = 0;
const run = (command: AccountCommand, { key = `k${(keys += 1)}`, of = store, hash = '' } = {}) =>
  of.carryOut(command, { actor: 'admin', correlationId: 'r', key, ...(hash ? { tokenHash: hash } : {}) });
const open = (account: string, ...grants: readonly (typeof ADMIN | typeof CLERK)[]) =>
  run({ do: 'open', account, kind: 'person', grants });

async function withToken(account = 'clerk-1', expiresAt = LATER): Promise<string> {
  const token = tokenOf(randomBytes(32));
  await run({ do: 'issue-token', account, expiresAt }, { hash: tokenHash(token)! });
  return token;
}

describe('the accounts', () => {
  it('are what the log says, to a process that starts later, too', async () => {
    await open('clerk-1', CLERK);
    await open('clerk-2');
    await run({ do: 'change-grants', account: 'clerk-2', grants: [CLERK] });
    const started = another();
    await started.refresh();
    expect([...started.all.values()]).toEqual([...store.all.values()]);
    expect(started.principalOf('clerk-2', 'session')).toEqual({
      id: 'clerk-2',
      by: 'session',
      grants: [CLERK],
    });
    expect(started.principalOf('nobody', 'session')).toBeUndefined();
  });

  it('reach a process that follows the log', async () => {
    await open('clerk-1', CLERK);
    const token = await withToken();
    const following = another();
    const stopping = new AbortController();
    const done = following.follow(stopping.signal);
    await eventually(() => expect(following.principalByToken(token)?.id).toBe('clerk-1'));
    await run({ do: 'close', account: 'clerk-1' });
    await eventually(() => expect(following.principalByToken(token)).toBeUndefined());
    stopping.abort();
    await done;
  });

  it('are changed once by a key, whoever is asked and however often', async () => {
    await open('clerk-1', CLERK);
    const command = { do: 'change-grants', account: 'clerk-1', grants: [] } as const;
    const outcomes = await Promise.all([
      run(command, { key: 'same' }),
      run(command, { key: 'same', of: another() }),
    ]);
    expect(outcomes.map(({ outcome }) => outcome).sort()).toEqual(['done', 'repeated']);
    await expect(run({ ...command, grants: [CLERK] }, { key: 'same' })).rejects.toMatchObject({
      type: 'idempotency-key-reused',
    });
  });

  it('keep one administrator, also when two end each other at once in two processes', async () => {
    await open('admin-1', ADMIN);
    await open('admin-2', ADMIN);
    const ended = await Promise.allSettled([
      run({ do: 'close', account: 'admin-1' }),
      run({ do: 'close', account: 'admin-2' }, { of: another() }),
    ]);
    expect(ended.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  });
});

describe('a token', () => {
  it('stands for its account until it ends', async () => {
    await open('clerk-1', CLERK);
    const token = await withToken();
    expect(token).toMatch(/^motcua_[\w-]{43}$/);
    expect(store.principalByToken(token)).toEqual({ id: 'clerk-1', by: 'token', grants: [CLERK] });
    expect(store.principalByToken(`${token.slice(0, -1)}_`)).toBeUndefined();
    now = LATER;
    expect(store.principalByToken(token)).toBeUndefined();
  });

  it('can do no more than the account can at that time, and nothing that was lent', async () => {
    await open('clerk-1', CLERK);
    await open('admin-1', ADMIN);
    const token = await withToken();
    await run({
      ...{ do: 'delegate', account: 'admin-1', to: 'clerk-1' },
      ...{ role: 'administrator', units: 'all', until: LATER },
    });
    await run({
      do: 'change-grants',
      account: 'clerk-1',
      grants: [{ role: 'clerk', units: ['B', 'C'] }, ADMIN],
    });
    expect(store.principalByToken(token)?.grants).toEqual([{ role: 'clerk', units: ['B'] }]);
    expect(store.principalOf('clerk-1', 'session')?.grants).toHaveLength(3);
  });

  it('is nowhere in the log', async () => {
    await open('clerk-1', CLERK);
    const token = await withToken();
    for await (const event of log.readAll()) expect(JSON.stringify(event.data)).not.toContain(token.slice(7));
  });

  it('of a repeated issue is the first one', async () => {
    await open('clerk-1', CLERK);
    const [first, second] = [tokenOf(randomBytes(32)), tokenOf(randomBytes(32))];
    const issue = { do: 'issue-token', account: 'clerk-1', expiresAt: LATER } as const;
    const once = await run(issue, { key: 'same', hash: tokenHash(first)! });
    const twice = await run(issue, { key: 'same', hash: tokenHash(second)! });
    expect([once.outcome, twice.outcome, twice.id]).toEqual(['done', 'repeated', once.id]);
    expect(store.principalByToken(first)).toBeDefined();
    expect(store.principalByToken(second)).toBeUndefined();
  });
});
