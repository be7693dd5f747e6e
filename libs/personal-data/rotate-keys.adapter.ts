import type { Pool } from 'pg';
import { Problem } from '#libs/problem/problem.js';
import { inTransaction, withClient } from '#libs/projection/transaction.js';
import { aloneWithKeys, lockSecret, wrapAnew } from './key-secret.adapter.js';
import { DIGEST_SECRET, type MasterKey, type MasterKeys, unwrapKey } from './master-keys.js';

export interface Rotated {
  /** Id of the master key that everything is under now. */
  readonly master: string;
  readonly rewrapped: number;
  /** Subjects whose keys were changed in the store, and cannot be opened. They stay as they are. */
  readonly damaged: readonly string[];
}

const TOGETHER = 500;

/**
 * Wraps every key that is not under the first master key under it, beside running services: from its beginning on they
 * wrap new keys under it too. Broken off, it goes on where it was.
 * @throws Problem `master-key-missing` if a key is under one that is not known, `keys-busy`
 */
export async function rotateKeys({
  pool,
  masterKeys,
  progress = () => undefined,
  signal,
}: {
  readonly pool: Pool;
  readonly masterKeys: MasterKeys;
  readonly progress?: (done: number, total: number) => void;
  readonly signal?: AbortSignal;
}): Promise<Rotated> {
  return aloneWithKeys(pool, async () => {
    const { first } = masterKeys;
    await turnTo(first, pool, masterKeys);
    const total = await countOthers(pool, first);
    const damaged: string[] = [];
    let [rewrapped, seen, after] = [0, 0, '00000000-0000-0000-0000-000000000000'];
    for (;;) {
      signal?.throwIfAborted();
      const { rows } = await pool.query<Wrapped>(NEXT, [first.id, after, TOGETHER]);
      const last = rows.at(-1);
      if (!last) break;
      const again = rows.flatMap((row) => rewrap(row, first, masterKeys) ?? []);
      const whole = new Set(again.map(({ subject }) => subject));
      damaged.push(...rows.filter(({ subject }) => !whole.has(subject)).map(({ subject }) => subject));
      rewrapped += await replace(pool, first, again);
      seen += rows.length;
      after = last.subject;
      progress(Math.min(seen, total), total);
    }
    await pool.query(DONE, [first.id]);
    return { master: first.id, rewrapped, damaged };
  });
}

/** From here on new keys come under this one. */
async function turnTo(first: MasterKey, pool: Pool, masterKeys: MasterKeys): Promise<void> {
  await withClient(pool, async (client) => {
    await inTransaction(client, async () => {
      const { key, master } = await lockSecret(client);
      if (master === first.id) return;
      const secret = unwrapKey(masterKeys.of(master), DIGEST_SECRET, key);
      await client.query(TURN, [wrapAnew(first, DIGEST_SECRET, secret), first.id, master]);
      secret.fill(0);
    });
    // Whoever began before that and wraps under the old one is waited for; who begins later sees the new one.
    await inTransaction(client, () => client.query('LOCK TABLE personal_data.keys IN SHARE MODE'));
  });
}

interface Wrapped {
  readonly subject: string;
  readonly key: Buffer;
  readonly master: string;
}
interface Rewrapped extends Wrapped {
  readonly next: Buffer;
}

/** @returns undefined if the key was changed in the store */
function rewrap(row: Wrapped, first: MasterKey, masterKeys: MasterKeys): Rewrapped | undefined {
  const master = masterKeys.of(row.master);
  try {
    const clear = unwrapKey(master, row.subject, row.key);
    const next = wrapAnew(first, row.subject, clear);
    clear.fill(0);
    return { ...row, next };
  } catch (error) {
    if (error instanceof Problem) return undefined;
    throw error;
  }
}

async function replace(pool: Pool, first: MasterKey, rows: readonly Rewrapped[]): Promise<number> {
  const columns = [
    rows.map(({ subject }) => subject),
    rows.map(({ key }) => key),
    rows.map(({ next }) => next),
  ];
  return (await pool.query(REPLACE, [...columns, first.id])).rowCount ?? 0;
}

async function countOthers(pool: Pool, { id }: MasterKey): Promise<number> {
  const { rows } = await pool.query<{ total: bigint }>(
    'SELECT count(*) AS total FROM personal_data.keys WHERE master <> $1',
    [id],
  );
  return Number(rows[0]?.total ?? 0);
}

const TURN = `
UPDATE personal_data.secrets SET key = $1, master = $2, others = array_append(array_remove(others, $2), $3)
 WHERE name = 'digest'`;

const NEXT = `
SELECT subject, key, master FROM personal_data.keys
 WHERE master <> $1 AND subject > $2 ORDER BY subject LIMIT $3`;

/** Whoever was erased meanwhile stays so. */
const REPLACE = `
UPDATE personal_data.keys old SET key = given.next, master = $4
  FROM unnest($1::uuid[], $2::bytea[], $3::bytea[]) AS given(subject, key, next)
 WHERE old.subject = given.subject AND old.key = given.key`;

const DONE = `
UPDATE personal_data.secrets SET others = '{}'
 WHERE master = $1 AND NOT EXISTS (SELECT FROM personal_data.keys WHERE master <> $1)`;
