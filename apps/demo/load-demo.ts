import { join } from 'node:path';
import { projectRoot } from '#apps/platform/project-root.js';
import type { Platform } from '#apps/platform/open-platform.js';
import { DOSSIER_CATEGORY } from '#libs/dossier/dossier.events.js';
import { streamName } from '#libs/event-log/event-log.js';
import { loadDirectory } from '#libs/reference/load-config.adapter.js';
import { publishAll } from '#libs/reference/publish-all.js';
import type { ReferenceStore } from '#libs/reference/reference-store.js';
import { halfYear, SYNTHETIC } from './half-year.js';

const AT_ONCE = 8;

/**
 * Publishes the demonstration desk and logs its synthetic half-year. Run twice, it adds nothing.
 * @returns how many dossiers it has
 */
export async function loadDemo(platform: Platform, store: ReferenceStore): Promise<number> {
  const by = { actor: 'demo', correlationId: SYNTHETIC, causationId: SYNTHETIC };
  await publishAll(store, await loadDirectory(join(projectRoot, 'config/demo')), by);
  const reference = store.data;
  const unit = reference.all().units.find(({ code }) => code === 'H54.12')!;
  const calendar = reference.calendar(unit.calendar, '2024-01-01')!;
  const dossiers = halfYear(reference, unit, calendar.definition);
  const queue = [...dossiers];
  const work = async (): Promise<void> => {
    for (let next = queue.shift(); next; next = queue.shift()) {
      await platform.log.append(streamName(DOSSIER_CATEGORY, next.code), 'no_stream', next.events as never);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return dossiers.length;
}
