import type { Pool } from 'pg';
import { Problem } from '#libs/problem/problem.js';
import { makeSecret, readSecret } from './key-secret.adapter.js';
import { findMasterKeys, makeMasterKey, type MasterKeySettings } from './master-key-source.adapter.js';
import { DIGEST_SECRET, type MasterKeys, unwrapKey } from './master-keys.js';
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
  if (!secret) await makeMasterKey(settings, notice);
  // Whoever has made the secret in this moment had made the file before.
  const made = findMasterKeys(settings, notice);
  if (made) return made;
  throw new Problem('master-key-missing', {
    id: secret?.master ?? '',
    where: settings.dataFolder,
    known: '',
  });
}
