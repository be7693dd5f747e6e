import type { Pool, PoolClient } from 'pg';
import type { EventLog } from '#libs/event-log/event-log.js';
import { Problem } from '#libs/problem/problem.js';
import { inTransaction, withClient } from '#libs/projection/transaction.js';
import { erasedInLog } from './erased-in-log.js';
import { aloneWithKeys, lockSecret, wrapAnew } from './key-secret.adapter.js';
import type { KeyEntry } from './keys-file.js';
import { DIGEST_SECRET, type MasterKey, type MasterKeys, unwrapKey } from './master-keys.js';

export interface Imported {
  /** Keys that came in. */
  readonly imported: number;
  /** Keys whose subject the store has already. */
  readonly already: number;
  /** Keys of persons who were erased since, as the log, the file or the store says. */
  readonly leftOut: number;
  /** Whether the installation took over the digest secret: its read models must be made anew, and vaults that are open are of no use. */
  readonly newSecret: boolean;
}

interface Import {
  readonly pool: Pool;
  /** What the log says decides who is left out. */
  readonly log: EventLog;
  readonly entries: () => AsyncIterable<KeyEntry>;
  /** What to call it in a problem. */
  readonly file: string;
  /** The keys are under these. */
  readonly from: MasterKeys;
  /** They come under the one of these that the store wraps with. */
  readonly to: MasterKeys;
  readonly signal?: AbortSignal;
  /** Called before the digest secret of a store without keys is replaced: nobody may work with the old one. */
  readonly requireNoOthers?: () => Promise<void>;
}

const TOGETHER = 1_000;

/**
 * Brings keys into a store, all or none, and never that of an erased person.
 * @throws Problem `keys-before-log`, `keys-of-another-installation`, `keys-file-changed`, `master-key-missing`, `keys-busy`
 */
export async function importKeys(given: Import): Promise<Imported> {
  const { pool, log } = given;
  if ((await log.head()) === 0n) throw new Problem('keys-before-log', { file: given.file });
  return aloneWithKeys(pool, async () => {
    const erased = await erasedInLog(log);
    for await (const entry of given.entries()) if ('erased' in entry) erased.add(entry.erased.subject);
    return withClient(pool, (client) => inTransaction(client, () => bringIn(client, given, erased)));
  });
}

async function bringIn(
  client: PoolClient,
  { entries, file, from, to, signal, requireNoOthers }: Import,
  erased: ReadonlySet<string>,
): Promise<Imported> {
  const { key, master } = await lockSecret(client);
  // Services wait with new keys until it is decided which numbers are taken.
  await client.query('LOCK TABLE personal_data.keys IN SHARE ROW EXCLUSIVE MODE');
  const [own, wrapping] = [unwrapKey(to.of(master), DIGEST_SECRET, key), to.of(master)];
  const entomb = [...erased];
  for (let at = 0; at < entomb.length; at += TOGETHER) {
    await client.query(ENTOMB, [entomb.slice(at, at + TOGETHER)]);
  }
  const count = { imported: 0, already: 0, leftOut: 0 };
  let newSecret = false;
  let batch: Fresh[] = [];
  const flush = async (): Promise<void> => {
    const { imported, left } = await insert(client, batch, wrapping);
    count.imported += imported;
    count.leftOut += left;
    count.already += batch.length - imported - left;
    batch = [];
  };
  for await (const entry of entries()) {
    signal?.throwIfAborted();
    if ('secret' in entry) {
      const secret = rewrapped(entry.secret, DIGEST_SECRET, from, file);
      newSecret = !secret.equals(own);
      if (newSecret) await replaceSecret(client, secret, wrapping, { file, requireNoOthers });
    } else if ('key' in entry) {
      const { subject, idDigest, createdAt } = entry.key;
      const clear = rewrapped(entry.key, subject, from, file);
      batch.push({ subject, idDigest, createdAt, key: wrapAnew(wrapping, subject, clear) });
      clear.fill(0);
      if (batch.length === TOGETHER) await flush();
    }
  }
  await flush();
  return { ...count, newSecret };
}

/** The key in clear. @throws Problem `keys-file-changed` if it is not as it was wrapped, `master-key-missing` */
function rewrapped(
  { key, master }: { key: string; master: string },
  subject: string,
  from: MasterKeys,
  file: string,
): Buffer {
  const known = from.of(master);
  try {
    return unwrapKey(known, subject, Buffer.from(key, 'base64'));
  } catch {
    throw new Problem('keys-file-changed', { file, line: null, reason: `the key of ${subject} was changed` });
  }
}

/** Numbers and words were digested under the secret of the file: with another one nothing of it is found again. */
async function replaceSecret(
  client: PoolClient,
  secret: Buffer,
  wrapping: MasterKey,
  { file, requireNoOthers }: Pick<Import, 'file' | 'requireNoOthers'>,
): Promise<void> {
  const { rows } = await client.query('SELECT FROM personal_data.keys WHERE key IS NOT NULL LIMIT 1');
  if (rows.length > 0) throw new Problem('keys-of-another-installation', { file });
  await requireNoOthers?.();
  const wrapped = wrapAnew(wrapping, DIGEST_SECRET, secret);
  await client.query(`UPDATE personal_data.secrets SET key = $1 WHERE name = 'digest'`, [wrapped]);
}

interface Fresh {
  readonly subject: string;
  readonly idDigest: string | null;
  readonly createdAt: string;
  readonly key: Buffer;
}

async function insert(
  client: PoolClient,
  batch: readonly Fresh[],
  { id }: MasterKey,
): Promise<{ imported: number; left: number }> {
  const columns = [
    batch.map(({ subject }) => subject),
    batch.map(({ idDigest }) => idDigest && Buffer.from(idDigest, 'base64')),
    batch.map(({ key }) => key),
    batch.map(({ createdAt }) => createdAt),
  ];
  const { rows } = await client.query<{ imported: bigint; left: bigint }>(INSERT, [...columns, id]);
  await client.query(ADOPT, columns.slice(0, 2));
  return { imported: Number(rows[0]?.imported ?? 0), left: Number(rows[0]?.left ?? 0) };
}

const ENTOMB = `
INSERT INTO personal_data.keys AS known (subject, erased_at)
SELECT subject, clock_timestamp() FROM unnest($1::uuid[]) AS given(subject)
ON CONFLICT (subject) DO UPDATE
   SET key = NULL, master = NULL, id_digest = NULL, erased_at = excluded.erased_at
 WHERE known.key IS NOT NULL`;

/** Who was here without a number may have told it in the other place since. */
const ADOPT = `
UPDATE personal_data.keys known SET id_digest = given.id_digest
  FROM unnest($1::uuid[], $2::bytea[]) AS given(subject, id_digest)
 WHERE known.subject = given.subject AND known.id_digest IS NULL AND known.key IS NOT NULL
   AND given.id_digest IS NOT NULL
   AND NOT EXISTS (SELECT FROM personal_data.keys taken WHERE taken.id_digest = given.id_digest)`;

/** A number that the store has under another subject by now stays there; the key comes in all the same. */
const INSERT = `
WITH given AS (
  SELECT * FROM unnest($1::uuid[], $2::bytea[], $3::bytea[], $4::timestamptz[])
    AS given(subject, id_digest, key, created_at)
), made AS (
  INSERT INTO personal_data.keys (subject, id_digest, key, master, created_at)
  SELECT subject, CASE WHEN known.id_digest IS NULL THEN given.id_digest END, given.key, $5, given.created_at
    FROM given LEFT JOIN (SELECT id_digest FROM personal_data.keys) AS known ON known.id_digest = given.id_digest
  ON CONFLICT (subject) DO NOTHING
  RETURNING subject
)
SELECT (SELECT count(*) FROM made) AS imported,
       (SELECT count(*) FROM personal_data.keys JOIN given USING (subject) WHERE keys.key IS NULL) AS left`;
