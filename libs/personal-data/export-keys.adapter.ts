import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import type { Pool } from 'pg';
import { Problem } from '#libs/problem/problem.js';
import { withClient } from '#libs/projection/transaction.js';
import { codeOf } from '#libs/read-db/data-folder.adapter.js';
import { readSecret } from './key-secret.adapter.js';
import { type KeyEntry, readKeysText } from './keys-file.js';

const TOGETHER = 2_000;

/** The key store as it is at one moment, beside services. */
export async function* entriesOf(pool: Pool): AsyncGenerator<KeyEntry> {
  const client = await pool.connect();
  const ignore = (): void => undefined;
  client.on('error', ignore);
  try {
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
    const secret = await readSecret(client);
    if (secret) yield { secret: { key: secret.key.toString('base64'), master: secret.master } };
    await client.query(`DECLARE entries NO SCROLL CURSOR FOR ${ENTRIES}`);
    for (;;) {
      const { rows } = await client.query<Row>(`FETCH ${TOGETHER} FROM entries`);
      if (rows.length === 0) break;
      for (const row of rows) yield entryOf(row);
    }
  } finally {
    client.off('error', ignore);
    // Its end ends the transaction, too.
    client.release(true);
  }
}

/** How much there is to export. */
export async function countEntries(pool: Pool): Promise<{ keys: number; erased: number }> {
  return withClient(pool, async (client) => {
    const { rows } = await client.query<{ keys: bigint; erased: bigint }>(
      'SELECT count(key) AS keys, count(*) - count(key) AS erased FROM personal_data.keys',
    );
    return { keys: Number(rows[0]?.keys ?? 0), erased: Number(rows[0]?.erased ?? 0) };
  });
}

/** What a file of keys holds. @throws Problem `keys-file-unreadable`, and those of `readKeysText` */
export async function* readKeysFile(file: string): AsyncGenerator<KeyEntry> {
  const [source, text] = [createReadStream(file), createGunzip()];
  let failure: unknown;
  const piped = pipeline(source, text).catch((error: unknown) => (failure = error));
  let read = 0;
  try {
    for await (const entry of readKeysText(file, createInterface({ input: text, crlfDelay: Infinity }))) {
      read += 1;
      yield entry;
    }
  } catch (error) {
    // What broke the stream off says more than that its end is missing.
    const code = codeOf(failure) ?? codeOf(error);
    if (code === 'Z_DATA_ERROR' && read === 0) throw new Problem('keys-file-foreign', { file });
    if (code === 'Z_DATA_ERROR') throw damaged(file);
    if (code === 'Z_BUF_ERROR') throw new Problem('keys-file-cut-off', { file, lines: read });
    if (code?.startsWith('E')) throw new Problem('keys-file-unreadable', { file, reason: code });
    throw error;
  } finally {
    source.destroy();
    text.destroy();
    await piped;
  }
}

const damaged = (file: string): Problem =>
  new Problem('keys-file-changed', { file, line: null, reason: 'the compressed data are damaged' });

interface Row {
  readonly subject: string;
  readonly id_digest: Buffer | null;
  readonly key: Buffer | null;
  readonly master: string | null;
  readonly created_at: string;
  readonly erased_at: string | null;
}

function entryOf({ subject, key, master, ...row }: Row): KeyEntry {
  if (!key || !master) return { erased: { subject, erasedAt: row.erased_at ?? row.created_at } };
  const idDigest = row.id_digest?.toString('base64') ?? null;
  return { key: { subject, idDigest, key: key.toString('base64'), master, createdAt: row.created_at } };
}

const ENTRIES = `
SELECT subject, id_digest, key, master, created_at, erased_at FROM personal_data.keys
 ORDER BY key IS NOT NULL, subject`;
