import type { Pool } from 'pg';
import { openVault } from '#libs/personal-data/open-vault.adapter.js';
import type { PostgresVault } from '#libs/personal-data/postgres-vault.adapter.js';

/** Of tests alone. */
export const TEST_MASTER_KEY = Buffer.alloc(32, 'motcua test').toString('base64');

/** The vault in a database that has the tables of `keyStoreMigrations`; several are like several processes. */
export function testVault(pool: Pool, { besideLog = true } = {}): Promise<PostgresVault> {
  return openVault({ pool, besideLog, masterKey: TEST_MASTER_KEY, dataFolder: '/nowhere' });
}
