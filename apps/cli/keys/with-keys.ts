import { openPlatform, type Platform } from '#apps/platform/open-platform.js';
import { readSettings } from '#apps/platform/settings.js';
import type { MasterKeys } from '#libs/personal-data/master-keys.js';
import { masterKeysOf } from '#libs/personal-data/open-vault.adapter.js';
import { placeOfService, requireData } from '../copy/place.js';

export interface Keys {
  readonly platform: Platform;
  readonly masterKeys: MasterKeys;
  /** What to call the database. */
  readonly where: string;
}

/** @throws Problem `data-folder-missing`, and those of `openPlatform` */
export async function withKeys(work: (keys: Keys) => Promise<void>): Promise<void> {
  const settings = readSettings(process.env);
  requireData(settings, 'MOTCUA_DATA');
  const platform = await openPlatform(settings);
  try {
    const masterKeys = await masterKeysOf({ ...settings, pool: platform.pool });
    await work({ platform, masterKeys, where: placeOfService(settings).where });
  } finally {
    await platform.close();
  }
}
