import { randomBytes } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { link, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Problem } from '#libs/problem/problem.js';
import { codeOf, makeFolder } from '#libs/read-db/data-folder.adapter.js';
import { KEY_BYTES } from './box.js';
import { MasterKeys, readMasterKeys } from './master-keys.js';

/** Where the master key is to be found. */
export interface MasterKeySettings {
  /** The key itself, in base64. */
  readonly masterKey?: string | undefined;
  /** A file with a key a line. */
  readonly masterKeyFile?: string | undefined;
  /** Holds `master.key`, where neither is set. */
  readonly dataFolder: string;
}

/**
 * The master keys that the settings name.
 * @returns undefined where nothing is set and no file has been made yet
 * @throws Problem `master-key-twice`, `master-key-unreadable`, `master-key-malformed`
 */
export function findMasterKeys(
  settings: MasterKeySettings,
  notice: (line: string) => void,
): MasterKeys | undefined {
  const { masterKey, masterKeyFile } = settings;
  if (masterKey !== undefined && masterKeyFile !== undefined) throw new Problem('master-key-twice');
  if (masterKey !== undefined) {
    return new MasterKeys(readMasterKeys(masterKey, 'MOTCUA_MASTER_KEY'), 'MOTCUA_MASTER_KEY');
  }
  const file = masterKeyFile ?? ownFile(settings);
  const read = (): ReturnType<typeof readMasterKeys> => readMasterKeys(textOf(file), file);
  try {
    const keys = new MasterKeys(read(), file, read);
    if (process.platform !== 'win32' && (statSync(file).mode & 0o077) !== 0) {
      notice(`${file} holds the master key and others than its owner may read it: chmod 600 it`);
    }
    return keys;
  } catch (error) {
    if (masterKeyFile === undefined && error instanceof Problem && error.details.reason === 'ENOENT') {
      return undefined;
    }
    throw error;
  }
}

/**
 * Makes `master.key` in the data folder, unless another process has just made it.
 * @throws Problem `master-key-unwritable`
 */
export async function makeMasterKey(
  settings: MasterKeySettings,
  notice: (line: string) => void,
): Promise<void> {
  const file = ownFile(settings);
  const draft = `${file}.${randomBytes(4).toString('hex')}`;
  try {
    await makeFolder(dirname(file));
    await writeFile(draft, `${newMasterKey()}\n`, { mode: 0o600, flag: 'wx', flush: true });
    // By a link, which appears whole and once.
    const made = await link(draft, file).then(
      () => true,
      (error: unknown) => {
        if (codeOf(error) !== 'EEXIST') throw error;
        return false;
      },
    );
    if (made)
      notice(`${file} was made: the master key of all personal data. Keep a copy, apart from the data`);
  } catch (error) {
    const reason = codeOf(error);
    throw reason === undefined ? error : new Problem('master-key-unwritable', { file, reason });
  } finally {
    await rm(draft, { force: true }).catch(() => undefined);
  }
}

/** A fresh key as it stands in a file. */
export function newMasterKey(): string {
  return randomBytes(KEY_BYTES).toString('base64');
}

const ownFile = ({ dataFolder }: MasterKeySettings): string => join(dataFolder, 'master.key');

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new Problem('master-key-unreadable', { file, reason: codeOf(error) ?? 'unknown' });
  }
}
