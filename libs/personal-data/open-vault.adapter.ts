import { randomBytes } from 'node:crypto';
import type { Pool } from 'pg';
import { Problem } from '#libs/problem/problem.js';
import { KEY_BYTES, NONCE_BYTES } from './box.js';
import { findMasterKeys, makeMasterKey, type MasterKeySettings } from './master-key-source.adapter.js';
import { DIGEST_SECRET, type MasterKeys, unwrapKey, wrapKey } from './master-keys.js';
import { PostgresVault } from './postgres-vault.adapter.js';

export interface OpenVaultOptions extends MasterKeySettings {
  /** Its tables are up to date. */
  readonly pool: Pool;
  /** Whether the log is in this database too: see `PostgresVaultOptions`. */
  readonly besideLog: boolean;
  readonly notice?: (line: string) => void;
}

/**
 * The vault of an installation. The first time, where no master key is set, one is made in the data folder.
 * @throws Problem `master-key-missing` if keys are there that no master key opens, and those of `findMasterKeys`
 */
export async function openVault(options: OpenVaultOptions): Promise<PostgresVault> {
  const { pool, besideLog } = options;
  const masterKeys = await masterKeysOf(options);
  const { key, master, others } = (await readSecret(pool)) ?? (await makeSecret(pool, masterKeys));
  const secret = unwrapKey(masterKeys.of(master), DIGEST_SECRET, key);
  for (const other of others) masterKeys.of(other);
  return new PostgresVault({ pool, masterKeys, wrapping: master, secret, besideLog });
}

/** @throws as `openVault` */
export async function masterKeysOf({
  notice = () => undefined,
  pool,
  ...settings
}: Omit<OpenVaultOptions, 'besideLog'>): Promise<MasterKeys> {
  const found = findMasterKeys(settings, notice);
  if (found) return found;
  const secret = await readSecret(pool);
  // A new key would open nothing of what is there.
  if (secret)
    throw new Problem('master-key-missing', { id: secret.master, where: settings.dataFolder, known: '' });
  await makeMasterKey(settings, notice);
  const made = findMasterKeys(settings, notice);
  if (!made) throw new Error('the master key that was just made is gone');
  return made;
}

interface Secret {
  readonly key: Buffer;
  /** The master key that wraps it, and new keys. */
  readonly master: string;
  /** Further ones that some keys may still be under. */
  readonly others: readonly string[];
}

export async function readSecret(pool: Pick<Pool, 'query'>): Promise<Secret | undefined> {
  const { rows } = await pool.query<Secret>(
    `SELECT key, master, others FROM personal_data.secrets WHERE name = 'digest'`,
  );
  return rows[0];
}

/** One process makes it, all take that one. */
async function makeSecret(pool: Pool, { first }: MasterKeys): Promise<Secret> {
  const secret = randomBytes(KEY_BYTES);
  const wrapped = wrapKey(first, randomBytes(NONCE_BYTES), DIGEST_SECRET, secret);
  secret.fill(0);
  await pool.query(
    `INSERT INTO personal_data.secrets (name, key, master) VALUES ('digest', $1, $2) ON CONFLICT DO NOTHING`,
    [wrapped, first.id],
  );
  const made = await readSecret(pool);
  if (!made) throw new Error('personal_data.secrets does not keep its row');
  return made;
}
