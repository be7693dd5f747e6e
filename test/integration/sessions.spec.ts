import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Credentials, credentialMigrations } from '#libs/access/passwords/credentials.adapter.js';
import { hashPassword, isOutdated, verifyPassword } from '#libs/access/passwords/argon2.adapter.js';
import { Sessions, sessionMigrations } from '#libs/access/sessions/sessions.adapter.js';
import { migrate } from '#libs/read-db/migrate.adapter.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { TestClock } from '../support/service.js';

const UNTIL = '2024-03-14T02:00:00.000Z';
let database: TestDatabase;
const clock = new TestClock('');
let sessions: Sessions;
let credentials: Credentials;
beforeEach(async () => {
  clock.set('2024-03-11T02:00:00.000Z');
  database = await createTestDatabase();
  await migrate(database.pool, { ...credentialMigrations, ...sessionMigrations });
  sessions = new Sessions(database.pool, clock);
  credentials = new Credentials(database.pool, clock);
});
afterEach(() => database.drop());

const begin = (account = 'clerk-1') =>
  sessions.begin({
    account,
    how: 'password',
    address: '127.0.0.1',
    userAgent: 'x'.repeat(500),
    grants: null,
  });
const everything = async (): Promise<string> =>
  JSON.stringify((await database.pool.query('SELECT * FROM access.sessions, access.credentials')).rows);

describe('a session', () => {
  it('is known by its secret, of which only the hash is kept', async () => {
    const { secret, session } = await begin();
    expect(Buffer.from(secret, 'base64url')).toHaveLength(32);
    expect(await sessions.use(secret)).toEqual(session);
    expect(session.userAgent).toHaveLength(200);
    await credentials.handOutSetUp('clerk-1', UNTIL);
    expect(await everything()).not.toContain(secret);
    for (const wrong of ['', session.id, `${secret.slice(0, 42)}=`, 'a'.repeat(43)])
      expect(await sessions.use(wrong)).toBeUndefined();
  });

  it('is over half an hour after it was last used', async () => {
    const { secret } = await begin();
    clock.set('2024-03-11T02:29:59.999Z');
    expect(await sessions.use(secret)).toBeDefined();
    clock.set('2024-03-11T02:59:59.000Z');
    expect(await sessions.use(secret)).toBeDefined();
    clock.set('2024-03-11T03:29:59.000Z');
    expect(await sessions.use(secret)).toBeUndefined();
    expect(await sessions.listOf('clerk-1')).toEqual([]);
  });

  it('is over twelve hours after the sign-in, however much it is used', async () => {
    const { secret } = await begin();
    for (let minutes = 20; minutes < 720; minutes += 20) {
      clock.set(new Date(Date.UTC(2024, 2, 11, 2, minutes)).toISOString());
      expect(await sessions.use(secret)).toBeDefined();
    }
    clock.set('2024-03-11T14:00:00.000Z');
    expect(await sessions.use(secret)).toBeUndefined();
  });

  it('is written down once a minute at most', async () => {
    const { secret } = await begin();
    clock.set('2024-03-11T02:00:59.000Z');
    expect((await sessions.use(secret))?.lastSeenAt).toBe('2024-03-11T02:00:00.000Z');
    clock.set('2024-03-11T02:01:00.000Z');
    expect((await sessions.use(secret))?.lastSeenAt).toBe('2024-03-11T02:01:00.000Z');
  });

  it('is ended by its account alone, or with all but one', async () => {
    const [one, two, three] = [await begin(), await begin(), await begin('clerk-2')];
    expect(await sessions.end('clerk-2', one.session.id)).toBe(false);
    expect(await sessions.end('clerk-1', 'x')).toBe(false);
    expect(await sessions.endAll('clerk-1', two.session.id)).toBe(1);
    expect(await sessions.use(one.secret)).toBeUndefined();
    expect(await sessions.use(two.secret)).toBeDefined();
    expect(await sessions.end('clerk-1', two.session.id)).toBe(true);
    expect(await sessions.use(two.secret)).toBeUndefined();
    expect(await sessions.use(three.secret)).toBeDefined();
  });

  it('leaves no row behind for long', async () => {
    await begin();
    clock.set('2024-03-12T02:00:00.000Z');
    await begin();
    const { rows } = await database.pool.query('SELECT id FROM access.sessions');
    expect(rows).toHaveLength(1);
  });
});

describe('a set-up token', () => {
  it('sets a password once, within 72 hours', async () => {
    const token = await credentials.handOutSetUp('clerk-1', UNTIL);
    expect(await credentials.accountOfSetUp(token)).toBe('clerk-1');
    clock.set(UNTIL);
    expect(await credentials.accountOfSetUp(token)).toBeUndefined();
    expect(await credentials.setUp(token, 'hash')).toBe(false);
    clock.set('2024-03-14T01:59:59.000Z');
    expect(await credentials.setUp(token, 'hash')).toBe(true);
    expect(await credentials.setUp(token, 'other')).toBe(false);
    expect(await credentials.passwordOf('clerk-1')).toBe('hash');
  });

  it('ends the one before it, and no password', async () => {
    await credentials.give('clerk-1', 'hash');
    const first = await credentials.handOutSetUp('clerk-1', UNTIL);
    const second = await credentials.handOutSetUp('clerk-1', UNTIL);
    expect(await credentials.accountOfSetUp(first)).toBeUndefined();
    expect(await credentials.accountOfSetUp(second)).toBe('clerk-1');
    expect(await credentials.passwordOf('clerk-1')).toBe('hash');
  });
});

describe('a hash', () => {
  it('is argon2id with a salt of its own, and compared at the same cost where there is none', async () => {
    const [one, two] = [await hashPassword('con mèo'), await hashPassword('con mèo')];
    expect(one).toMatch(/^\$argon2id\$v=19\$m=47104,t=2,p=1\$/);
    expect(one).not.toBe(two);
    expect(await verifyPassword(one, 'con mèo')).toBe(true);
    expect(await verifyPassword(one, 'con meo')).toBe(false);
    expect(await verifyPassword(undefined, 'con mèo')).toBe(false);
  });

  it('that was made with less is to be made anew', async () => {
    expect(isOutdated(await hashPassword('con mèo'))).toBe(false);
    const weak =
      '$argon2id$v=19$m=19456,t=2,p=1$c29tZXNhbHRzb21lc2FsdA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA';
    expect(isOutdated(weak)).toBe(true);
  });
});
