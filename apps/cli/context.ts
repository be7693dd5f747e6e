import { setTimeout as sleep } from 'node:timers/promises';
import { openPlatform, type Platform } from '#apps/platform/open-platform.js';
import { stopOnSignals } from '#apps/platform/stop-on-signals.js';
import { readSettings } from '#apps/platform/settings.js';
import { Projections } from '#apps/worker/projections.js';
import { requireKeys } from '#libs/personal-data/lost-keys.adapter.js';
import type { ProjectionStatus } from '#libs/projection/status.js';
import { ReferenceStore } from '#libs/reference/reference-store.js';

/** What a command works with. It is the running service's database, or the same one without the service. */
export interface CliContext extends Platform {
  readonly reference: ReferenceStore;
  /**
   * Folds what the read models have not seen yet, or waits until the processes that own them have; returns at the head
   * of the log, or when a projection has stopped.
   */
  catchUp(): Promise<void>;
}

export type OpenContext = () => Promise<CliContext>;

const LOOK_AGAIN_MS = 25;
/** What shells give a command that was broken off by Ctrl-C. */
export const INTERRUPTED = 130;

/** For commands that seal personal data. @throws Problem `keys-lost`, and as `openContext` */
export const openForSealing: OpenContext = () => openContext(({ pool, rawLog }) => requireKeys(pool, rawLog));

/** @param check throws where the command must not go on */
export async function openContext(check?: (platform: Platform) => Promise<void>): Promise<CliContext> {
  const opening = openPlatform(readSettings(process.env));
  const unheard = stopOnSignals(async () => (await opening).close(), INTERRUPTED);
  const platform = await opening;
  const reference = new ReferenceStore(platform.log, platform.clock);
  const close = async (): Promise<void> => {
    await platform.close();
    unheard();
  };
  try {
    await check?.(platform);
    await reference.refresh();
  } catch (error) {
    await close();
    throw error;
  }
  return { ...platform, reference, close, catchUp: () => catchUp(platform) };
}

async function catchUp(platform: Platform): Promise<void> {
  const projections = new Projections({ ...platform, guest: true });
  projections.start();
  try {
    for (;;) {
      const states = await projections.status();
      if (states.every(atTheHead)) return;
      await sleep(LOOK_AGAIN_MS);
    }
  } finally {
    await projections.stop();
  }
}

function atTheHead({ status, lagEvents }: ProjectionStatus): boolean {
  return status === 'stopped' || (status === 'live' && lagEvents === 0);
}
