import type pg from 'pg';

/** What a superuser does to the log who takes its triggers away first. */
export async function tamper(pool: pg.Pool, statement: string): Promise<void> {
  const client = await pool.connect();
  try {
    await client.query('SET session_replication_role = replica');
    await client.query(statement);
    await client.query('SET session_replication_role = DEFAULT');
  } finally {
    client.release();
  }
}
