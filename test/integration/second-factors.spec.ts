import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { MIGRATIONS } from '#apps/platform/open-platform.js';
import { type SecretKeeper, SecondFactors } from '#libs/access/second-factor/second-factors.adapter.js';
import { codeAt } from '#libs/access/second-factor/testing/code-at.js';
import { migrate } from '#libs/read-db/migrate.adapter.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';

const STEP_MS = 30_000;

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
  await migrate(database.pool, MIGRATIONS);
});
afterAll(() => database.drop());

let now = 0;
let account = '';
let accounts = 0;
let factors: SecondFactors;
beforeEach(() => {
  now = Date.parse('2024-03-11T02:00:00Z');
  account = `clerk-${(accounts += 1)}`;
  factors = new SecondFactors(database.pool, { now: () => now }, keeper);
});

/** Stands for what is done with the keys of the installation. */
const keeper: SecretKeeper = {
  seal: (of, clear) => Buffer.from(JSON.stringify([of, clear.toString('hex')])),
  open: (of, sealed) => {
    const [whose, clear] = JSON.parse(sealed.toString()) as [string, string];
    return whose === of ? Buffer.from(clear, 'hex') : undefined;
  },
  digest: (of, text) => createHmac('sha256', of).update(text).digest(),
};

async function enrolled(): Promise<{ secret: string; codes: string[] }> {
  const { secret } = await factors.begin(account);
  const codes = await factors.confirm(account, codeAt(secret, now));
  now += STEP_MS;
  return { secret, codes };
}

describe('enrolling a second factor', () => {
  it('is not done before a code was shown', async () => {
    const { secret } = await factors.begin(account);
    expect(await factors.status(account)).toEqual({ enrolled: false, recoveryCodesLeft: 0 });
    expect(await factors.verify(account, codeAt(secret, now))).toBe(false);
    await expect(factors.confirm(account, '000000')).rejects.toMatchObject({ type: 'code-wrong' });
    await factors.confirm(account, codeAt(secret, now));
    expect(await factors.status(account)).toEqual({
      enrolled: true,
      since: '2024-03-11T02:00:00.000Z',
      recoveryCodesLeft: 10,
    });
  });

  it('takes the secret that was given last', async () => {
    const first = await factors.begin(account);
    const second = await factors.begin(account);
    await expect(factors.confirm(account, codeAt(first.secret, now))).rejects.toMatchObject({
      type: 'code-wrong',
    });
    await factors.confirm(account, codeAt(second.secret, now));
  });

  it('is refused while there is one, and where it was not begun', async () => {
    await expect(factors.confirm(account, '000000')).rejects.toMatchObject({
      type: 'second-factor-not-begun',
    });
    const { secret } = await enrolled();
    await expect(factors.begin(account)).rejects.toMatchObject({ type: 'second-factor-there' });
    await expect(factors.confirm(account, codeAt(secret, now))).rejects.toMatchObject({
      type: 'second-factor-there',
    });
  });

  it('happens once, however many confirm it at once', async () => {
    const { secret } = await factors.begin(account);
    const all = await Promise.allSettled(
      Array.from({ length: 5 }, () => factors.confirm(account, codeAt(secret, now))),
    );
    expect(all.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect((await factors.status(account)).recoveryCodesLeft).toBe(10);
  });
});

describe('a second factor in use', () => {
  it('takes each code once', async () => {
    const { secret } = await enrolled();
    expect(await factors.verify(account, codeAt(secret, now))).toBe(true);
    expect(await factors.verify(account, codeAt(secret, now))).toBe(false);
  });

  it('does not take the code that confirmed it', async () => {
    const { secret } = await factors.begin(account);
    await factors.confirm(account, codeAt(secret, now));
    expect(await factors.verify(account, codeAt(secret, now))).toBe(false);
  });

  it('takes no earlier code than the last', async () => {
    const { secret } = await enrolled();
    expect(await factors.verify(account, codeAt(secret, now + STEP_MS))).toBe(true);
    expect(await factors.verify(account, codeAt(secret, now))).toBe(false);
  });

  it('takes one of many that come at once with the same code', async () => {
    const { secret } = await enrolled();
    const code = codeAt(secret, now);
    const all = await Promise.all(Array.from({ length: 8 }, () => factors.verify(account, code)));
    expect(all.filter(Boolean)).toHaveLength(1);
  });

  it('takes each recovery code once', async () => {
    const { codes } = await enrolled();
    expect(new Set(codes).size).toBe(10);
    const [first = ''] = codes;
    const all = await Promise.all([first, first.toUpperCase()].map((code) => factors.verify(account, code)));
    expect(all.filter(Boolean)).toHaveLength(1);
    expect((await factors.status(account)).recoveryCodesLeft).toBe(9);
  });

  it('takes no code of another account', async () => {
    const { codes } = await enrolled();
    account = `${account}-other`;
    await enrolled();
    expect(await factors.verify(account, codes[0] ?? '')).toBe(false);
  });

  it('is gone with its recovery codes when it is removed', async () => {
    const { secret, codes } = await enrolled();
    expect(await factors.remove(account)).toBe(true);
    expect(await factors.remove(account)).toBe(false);
    expect(await factors.verify(account, codes[0] ?? '')).toBe(false);
    expect(await factors.verify(account, codeAt(secret, now))).toBe(false);
    expect(await factors.isNeeded(account)).toBe(false);
  });

  it('keeps no code in clear', async () => {
    const { codes } = await enrolled();
    const { rows } = await database.pool.query<{ all: string }>(
      `SELECT string_agg(encode(digest, 'escape'), ' ') AS all FROM access.recovery_codes`,
    );
    for (const code of codes) expect(rows[0]?.all).not.toContain(code.replace('-', ''));
  });

  it('is not that of another account, although somebody copies its row', async () => {
    await enrolled();
    const other = `${account}-other`;
    await database.pool.query(
      `INSERT INTO access.second_factors (account, secret, confirmed_at)
         SELECT $2, secret, confirmed_at FROM access.second_factors WHERE account = $1`,
      [account, other],
    );
    await expect(factors.verify(other, '123456')).rejects.toMatchObject({ type: 'second-factor-damaged' });
  });
});
