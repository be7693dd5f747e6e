import type { Pool } from 'pg';
import { inTransaction, withClient } from '#libs/projection/transaction.js';

/**
 * Puts what accounts prove themselves by (passwords, second factors), and how they are reached, into another database,
 * in the place of what is there: a code that was used since must not count again. Who is signed in is not among it, nor
 * are counts of attempts. Second factors and addresses are under the digest secret of the installation, which must be
 * the same there.
 * @returns the number of rows
 */
export async function copyCredentials(source: Pool, target: Pool): Promise<number> {
  const { rows: tables } = await source.query<{ name: string }>(TABLES);
  const names = tables.map(({ name }) => name);
  let count = 0;
  await withClient(target, (client) =>
    inTransaction(client, async () => {
      for (const name of names.toReversed()) await client.query(`DELETE FROM ${name}`);
      for (const name of names) {
        const { rows } = await source.query<{ all: string }>(
          `SELECT coalesce(json_agg(each), '[]')::text AS all FROM ${name} AS each`,
        );
        const filled = await client.query(
          `INSERT INTO ${name} SELECT * FROM json_populate_recordset(null::${name}, $1)`,
          [rows[0]?.all],
        );
        count += filled.rowCount ?? 0;
      }
    }),
  );
  return count;
}

/** Every table of accounts that is kept by backups of the database, those that refer to others last. */
const TABLES = `
SELECT oid::regclass::text AS name FROM pg_class
 WHERE relnamespace IN ('access'::regnamespace, 'notifications'::regnamespace)
   AND relkind = 'r' AND relpersistence = 'p' AND relname <> 'sessions'
 ORDER BY EXISTS (SELECT FROM pg_constraint WHERE conrelid = pg_class.oid AND contype = 'f'), relname`;
