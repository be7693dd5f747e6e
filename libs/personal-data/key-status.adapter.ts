import type { Pool } from 'pg';
import { readSecret } from './key-secret.adapter.js';
import type { MasterKeys } from './master-keys.js';

export interface KeyStatus {
  readonly keys: number;
  /** Persons without a key: erased, or given up. */
  readonly erased: number;
  /** Id of the master key that wraps new keys. */
  readonly wrapping: string;
  /** Id of the one that `keys rotate` goes to. */
  readonly first: string;
  /** Where the master keys are. */
  readonly where: string;
  /** Those that something is under, with how many keys. */
  readonly masters: readonly { readonly id: string; readonly keys: number }[];
}

export async function keyStatus(pool: Pool, masterKeys: MasterKeys): Promise<KeyStatus> {
  const { rows } = await pool.query<{ master: string | null; count: bigint }>(
    'SELECT master, count(*) AS count FROM personal_data.keys GROUP BY master ORDER BY master',
  );
  const wrapping = (await readSecret(pool))?.master ?? masterKeys.first.id;
  const counts = new Map([[wrapping, 0]]);
  let erased = 0;
  for (const { master, count } of rows) {
    if (master === null) erased = Number(count);
    else counts.set(master, Number(count));
  }
  const masters = [...counts].map(([id, keys]) => ({ id, keys }));
  const keys = masters.reduce((sum, each) => sum + each.keys, 0);
  return { keys, erased, wrapping, first: masterKeys.first.id, where: masterKeys.where, masters };
}
