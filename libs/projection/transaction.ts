import type { Pool, PoolClient } from 'pg';
import { DatabaseUnavailable } from './errors.js';

/** Gives a connection for the time of `work`; one that broke is not given to others. */
export async function withClient<T>(pool: Pool, work: (client: PoolClient) => Promise<T>): Promise<T> {
  const client = await pool.connect().catch((error: unknown) => {
    throw new DatabaseUnavailable(error);
  });
  let broken = false;
  // Without a listener the loss of a connection between two queries would end the process.
  const onError = (): void => {
    broken = true;
  };
  client.on('error', onError);
  try {
    return await work(client);
  } catch (error) {
    if (broken && !(error instanceof DatabaseUnavailable)) throw new DatabaseUnavailable(error);
    broken ||= error instanceof DatabaseUnavailable;
    throw error;
  } finally {
    client.off('error', onError);
    client.release(broken);
  }
}

/** A read model can always be made again from the log, so its commits need not wait for the disk. */
export const BEGIN_RELAXED = 'BEGIN; SET LOCAL synchronous_commit = off';

/**
 * Commits what `work` did, or rolls it back and throws its error.
 * @throws DatabaseUnavailable if the connection is lost
 */
export async function inTransaction<T>(
  client: PoolClient,
  work: () => Promise<T>,
  begin: string = 'BEGIN',
): Promise<T> {
  try {
    await client.query(begin);
    const result = await work();
    await client.query('COMMIT');
    return result;
  } catch (error) {
    await client.query('ROLLBACK').catch(() => {
      throw new DatabaseUnavailable(error);
    });
    throw error;
  }
}
