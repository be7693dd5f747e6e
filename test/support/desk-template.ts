import { loadDemo } from '#apps/demo/load-demo.js';
import { openPlatform } from '#apps/platform/open-platform.js';
import { readSettings } from '#apps/platform/settings.js';
import { ReferenceStore } from '#libs/reference/reference-store.js';
import { copyOf, copyOfEmpty } from './data-template.js';
import { TEST_MASTER_KEY } from './vault.js';

/** What programs on a copied desk need: its persons' keys are wrapped under it. */
export const KEY = { MOTCUA_MASTER_KEY: TEST_MASTER_KEY };

/** A data folder with the demonstration desk, as the service makes it anew, but for the accounts. */
export function copyOfDesk(dataFolder: string): Promise<void> {
  return copyOf('desk', dataFolder, async (draft) => {
    await copyOfEmpty(draft);
    const platform = await openPlatform(readSettings({ ...KEY, MOTCUA_DATA: draft }));
    try {
      await loadDemo(platform, new ReferenceStore(platform.log, platform.clock));
    } finally {
      await platform.close();
    }
  });
}
