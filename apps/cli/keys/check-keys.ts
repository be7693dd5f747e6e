import { readKeysFile } from '#libs/personal-data/export-keys.adapter.js';
import { findMasterKeys, type MasterKeySettings } from '#libs/personal-data/master-key-source.adapter.js';
import { Problem } from '#libs/problem/problem.js';

/**
 * Reads a file of keys through before anything is written for it.
 * @throws Problem those of `readKeysFile`, and `master-key-missing` if it is under a master key that is not in place
 */
export async function checkKeys(file: string, settings: MasterKeySettings): Promise<void> {
  const known = findMasterKeys(settings, () => undefined);
  for await (const entry of readKeysFile(file)) {
    if ('erased' in entry) continue;
    const { master } = 'secret' in entry ? entry.secret : entry.key;
    if (!known)
      throw new Problem('master-key-missing', { id: master, where: settings.dataFolder, known: '' });
    known.of(master);
  }
}
