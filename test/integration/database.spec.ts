import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openDatabase } from '#libs/read-db/database.adapter.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';

describe('the pool', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await createTestDatabase();
  });
  afterAll(() => database.drop());

  it('gives instants as UTC text with milliseconds, dates as written, and large integers as bigint', async () => {
    const { rows } = await database.pool.query<Record<string, unknown>>(
      `SELECT '2024-01-31T09:30:00.123999+07'::timestamptz AS instant, 'infinity'::timestamptz AS forever,
              '2024-01-31'::date AS date, 9007199254740993 AS large, 1.10::numeric AS numeric, NULL::int8 AS nothing`,
    );
    expect(rows).toEqual([
      {
        instant: '2024-01-31T02:30:00.123Z',
        forever: 'infinity',
        date: '2024-01-31',
        large: 9007199254740993n,
        numeric: '1.10',
        nothing: null,
      },
    ]);
  });

  it('survives the loss of its connections', async () => {
    const victim = await database.pool.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
    const other = await createTestDatabase();
    const lost = new Promise((resolve) => database.pool.once('error', resolve));
    await other.pool.query('SELECT pg_terminate_backend($1)', [victim.rows[0]?.pid]);
    await other.drop();
    await lost;
    const again = await database.pool.query<{ one: number }>('SELECT 1 AS one');
    expect(again.rows).toEqual([{ one: 1 }]);
  });
});

describe('a database of the user', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await createTestDatabase();
  });
  afterAll(() => database.drop());
  const open = (databaseUrl: string) => openDatabase({ databaseUrl, dataFolder: '/nowhere' });

  it('is used as it is, without touching the data folder', async () => {
    const opened = await open(database.url);
    await expect(opened.pool.query('SELECT 1')).resolves.toMatchObject({ rowCount: 1 });
    await opened.close();
  });

  it.each([
    ['an address of something else', 'database-url-wrong', () => 'mysql://localhost/x'],
    ['no address at all', 'database-url-wrong', () => 'localhost'],
    ['a port nobody listens on', 'database-unreachable', () => 'postgresql://a:b@127.0.0.1:1/c'],
    ['a wrong password', 'database-login-refused', () => database.url.replace(/:[^:@]+@/, ':wrong@')],
    ['no password', 'database-login-refused', () => database.url.replace(/:[^:@]+@/, '@')],
    ['a database that is not there', 'database-not-found', () => `${database.url}_not`],
  ])('refuses %s as %s', async (_, type, url) => {
    const refusal = open(url());
    await expect(refusal).rejects.toMatchObject({ name: 'Problem', type });
    await expect(refusal).rejects.not.toThrow(/wrong@/);
  });
});
