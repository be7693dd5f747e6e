import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { MIGRATIONS } from '#apps/platform/open-platform.js';
import type { Vault } from '#libs/personal-data/vault.js';
import { listReads } from '#libs/read-trace/reads.query.js';
import { PostgresReadTrace } from '#libs/read-trace/read-trace.adapter.js';
import type { Reading } from '#libs/read-trace/read-trace.js';
import { verifyTrace } from '#libs/read-trace/trace-chain.js';
import { TraceEntries, type TraceFilter } from '#libs/read-trace/trace-entries.adapter.js';
import { migrate } from '#libs/read-db/migrate.adapter.js';
import { createPool } from '#libs/read-db/pool.adapter.js';
import { Verifications } from '#libs/verification/verifications.adapter.js';
import { verifyTraceAndNote } from '#libs/verification/verify-trace-and-note.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { TestClock } from '../support/service.js';
import { tamper } from '../support/tamper.js';
import { testVault } from '../support/vault.js';

const AT = '2024-03-11T02:00:00.000Z';
const ONE = '11111111-1111-4111-8111-111111111111';
const OTHER = '22222222-2222-4222-8222-222222222222';
const READING: Reading = {
  ...{ account: 'official-7', by: 'session', how: 'page', route: 'GET /api/dossiers/:code' },
  ...{ dossiers: ['H54.12-240311-0001'], correlationId: 'c-1' },
};

let database: TestDatabase;
let clock: TestClock;
let vault: Vault;
let trace: PostgresReadTrace;
let entries: TraceEntries;

beforeEach(async () => {
  database = await createTestDatabase();
  await migrate(database.pool, MIGRATIONS);
  clock = new TestClock(AT);
  vault = await testVault(database.pool);
  trace = new PostgresReadTrace(database.pool, vault, clock);
  entries = new TraceEntries(database.pool);
});
afterEach(() => database.drop());

const list = (filter: TraceFilter = {}, limit?: number) => listReads({ entries, vault }, filter, limit);
const numbers = async (filter: TraceFilter): Promise<number[]> =>
  (await list(filter)).items.map(({ number }) => Number(number));
const findings = async (): Promise<string[]> =>
  (await verifyTrace(entries.entries())).findings.map(({ kind, number }) => `${kind} ${number}`);

describe('a look at personal data', () => {
  it('is kept: who, whose, when, how, by which way and why', async () => {
    await trace.record({
      ...READING,
      ...{ onBehalfOf: 'official-1', reason: 'Khiếu nại của ông A', subject: ONE },
    });
    expect(await list()).toEqual({
      items: [
        {
          ...READING,
          ...{ number: 1n, at: AT, onBehalfOf: 'official-1', hash: expect.stringMatching(/^[0-9a-f]{64}$/) },
          ...{ reason: 'Khiếu nại của ông A', reasonErased: false, reasonDamaged: false },
        },
      ],
      next: null,
    });
  });

  it('has its reason sealed, which goes when the person is erased, while the trace still verifies', async () => {
    await trace.record({ ...READING, reason: 'Khiếu nại của ông A', subject: ONE });
    await trace.record({ ...READING, reason: 'Đối chiếu', subject: OTHER });
    await trace.record({ ...READING, reason: 'Rà soát cả danh sách' });
    const { rows } = await database.pool.query<{ body: string }>('SELECT body::text FROM read_trace.reads');
    expect(JSON.stringify(rows)).not.toContain('Khiếu nại');
    await vault.erase([ONE]);
    const { items } = await list();
    expect(items.map(({ reason, reasonErased }) => [reason, reasonErased])).toEqual([
      ['Rà soát cả danh sách', false],
      ['Đối chiếu', false],
      [null, true],
    ]);
    expect(await findings()).toEqual([]);
  });

  it('at no dossier leaves no trace', async () => {
    await trace.record({ ...READING, dossiers: [] });
    expect(await entries.last()).toBe(0n);
  });

  it('is written when the promise is kept, and cannot be seen when it could not be written', async () => {
    await trace.record(READING);
    expect(await entries.last()).toBe(1n);
    await database.pool.query('ALTER TABLE read_trace.reads RENAME TO away');
    await expect(trace.record(READING)).rejects.toMatchObject({ type: 'read-not-traced' });
  });

  it('gets a number of its own without a gap, also where several processes write at once', async () => {
    const pool = createPool(database.url);
    const beside = new PostgresReadTrace(pool, vault, clock);
    const looks = Array.from({ length: 200 }, (_, n) =>
      (n % 2 === 0 ? trace : beside).record({ ...READING, correlationId: `c-${n}` }),
    );
    await Promise.all(looks);
    await pool.end();
    expect(await verifyTrace(entries.entries())).toEqual({ entries: 200, last: 200n, findings: [] });
  });

  it('is written together with others that come at the same time', async () => {
    const asked: string[] = [];
    const counting = Object.create(database.pool) as typeof database.pool;
    counting.query = ((text: string, values: unknown[]) => {
      asked.push(text);
      return database.pool.query(text, values);
    }) as typeof counting.query;
    const gathered = new PostgresReadTrace(counting, vault, clock);
    await Promise.all(Array.from({ length: 100 }, () => gathered.record(READING)));
    expect(await entries.last()).toBe(100n);
    expect(asked).toHaveLength(1);
  });
});

describe('the list of reads', () => {
  beforeEach(async () => {
    for (const [n, account] of ['anna', 'binh', 'anna', 'binh'].entries()) {
      clock.set(`2024-03-1${n + 1}T02:00:00.000Z`);
      await trace.record({ ...READING, account, dossiers: n < 2 ? ['a'] : ['a', 'b'] });
    }
  });

  it.each<[string, TraceFilter, number[]]>([
    ['everything, the newest first', {}, [4, 3, 2, 1]],
    ['one dossier', { dossier: 'b' }, [4, 3]],
    ['no dossier that is only like one', { dossier: '%' }, []],
    ['one account', { account: 'anna' }, [3, 1]],
    ['from an instant on', { from: '2024-03-13T02:00:00.000Z' }, [4, 3]],
    ['before an instant', { to: '2024-03-13T02:00:00.000Z' }, [2, 1]],
    ['all of these', { dossier: 'a', account: 'binh', from: '2024-03-13T00:00:00.000Z' }, [4]],
  ])('shows %s', async (_, filter, expected) => {
    expect(await numbers(filter)).toEqual(expected);
  });

  it('comes page by page', async () => {
    const first = await list({}, 3);
    expect([first.items.length, first.next]).toEqual([3, '2']);
    const second = await list({ before: BigInt(first.next ?? 0) }, 3);
    expect([second.items.map(({ number }) => number), second.next]).toEqual([[1n], null]);
  });
});

describe('a trace that somebody meddled with', () => {
  beforeEach(async () => {
    for (const account of ['anna', 'binh', 'chi', 'dung']) await trace.record({ ...READING, account });
  });
  const verify = (): Promise<{ findingsCount: number }> => {
    const verifications = new Verifications(database.pool);
    const parts = { entries: entries.entries(), verifications, clock };
    return verifyTraceAndNote(parts, new AbortController().signal);
  };

  it.each([
    [`UPDATE read_trace.reads SET body = '{}' WHERE number = 2`],
    [`UPDATE read_trace.reads SET hash = '' WHERE number = 2`],
    [`DELETE FROM read_trace.reads WHERE number = 2`],
    [`TRUNCATE read_trace.reads`],
  ])('refuses %s', async (statement) => {
    await expect(database.pool.query(statement)).rejects.toThrow('cannot be rewritten');
    expect(await findings()).toEqual([]);
  });

  it.each([
    [
      'changed',
      `UPDATE read_trace.reads SET body = replace(body::text, 'binh', 'minh')::json WHERE number = 2`,
      ['changed 2'],
    ],
    [
      'set in blanks',
      `UPDATE read_trace.reads SET body = (body::text || ' ')::json WHERE number = 2`,
      ['changed 2'],
    ],
    ['removed', `DELETE FROM read_trace.reads WHERE number = 2`, ['missing_before 3']],
    ['removed at the beginning', `DELETE FROM read_trace.reads WHERE number = 1`, ['missing_before 2']],
    [
      'swapped in content',
      `UPDATE read_trace.reads a SET body = b.body FROM read_trace.reads b
        WHERE a.number IN (2, 3) AND b.number = 5 - a.number`,
      ['changed 2', 'changed 3'],
    ],
    [
      'swapped with their hashes',
      `UPDATE read_trace.reads a SET body = b.body, hash = b.hash, previous_hash = b.previous_hash
         FROM read_trace.reads b WHERE a.number IN (2, 3) AND b.number = 5 - a.number`,
      ['changed 2', 'moved 2', 'changed 3', 'moved 3', 'moved 4'],
    ],
    [
      'changed together with its hash',
      `UPDATE read_trace.reads r SET body = n.body, hash = encode(sha256(convert_to('{"body":"'
           || encode(sha256(convert_to(n.body::text, 'UTF8')), 'hex') || '","number":"2","previous":"'
           || previous_hash || '"}', 'UTF8')), 'hex')
         FROM (SELECT replace(body::text, 'binh', 'minh')::json AS body FROM read_trace.reads WHERE number = 2) n
        WHERE number = 2`,
      ['moved 3'],
    ],
  ])('names what was %s', async (_, statement, expected) => {
    await tamper(database.pool, statement);
    expect(await findings()).toEqual(expected);
  });

  it('is seen by the nightly verification to be cut off at its end, also when others took that place', async () => {
    expect(await verify()).toEqual({ entries: 4, findingsCount: 0 });
    await tamper(database.pool, 'DELETE FROM read_trace.reads WHERE number > 2');
    expect(await findings()).toEqual([]);
    await trace.record(READING);
    await trace.record(READING);
    await trace.record(READING);
    expect(await verify()).toEqual({ entries: 5, findingsCount: 1 });
    const last = await new Verifications(database.pool).lastEnded('trace');
    expect(last).toMatchObject({ engine: 'read-trace', findings: [{ kind: 'cut_off', position: 4 }] });
  });
});
