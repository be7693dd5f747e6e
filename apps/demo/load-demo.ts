import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { projectRoot } from '#apps/platform/project-root.js';
import type { Platform } from '#apps/platform/open-platform.js';
import { DOSSIER_CATEGORY } from '#libs/dossier/dossier.events.js';
import { isoNow } from '#libs/event-log/clock.js';
import { type EventLog, streamName } from '#libs/event-log/event-log.js';
import { sealAll } from '#libs/personal-data/sealing.js';
import { Problem } from '#libs/problem/problem.js';
import { withClient } from '#libs/projection/transaction.js';
import { loadDirectory } from '#libs/reference/load-config.adapter.js';
import { publishAll } from '#libs/reference/publish-all.js';
import type { ReferenceStore } from '#libs/reference/reference-store.js';
import { halfYear, SYNTHETIC } from './half-year.js';

const DESK = 'H54.12';
const AT_ONCE = 8;
const LOOK_AGAIN_MS = 100;
/** Its one event says that the demonstration is there to the last dossier. */
const DONE = streamName('demo', SYNTHETIC);
const DONE_ID = '0b0c5a4e-1b6e-5f0f-8f43-6d6f74637561';
const CONFIG = join(projectRoot, 'config/demo');
const BY = { actor: 'demo', correlationId: SYNTHETIC, causationId: SYNTHETIC };

/** Whether the log is new, or the demonstration was begun in it and broken off. */
export async function demoWanted(log: EventLog): Promise<boolean> {
  for await (const first of log.readAll()) {
    if (first.metadata.correlationId !== SYNTHETIC) return false;
    break;
  }
  return !(await demoLoaded(log));
}

/** Whether the demonstration is in this log, to the last dossier. */
export async function demoLoaded(log: EventLog): Promise<boolean> {
  for await (const _ of log.readStream(DONE, { limit: 1 })) return true;
  return false;
}

/**
 * Loads the demonstration if it is wanted. Where several processes start on a new log at once, one of them loads it,
 * and the others wait until it is there.
 * @returns how many dossiers this process has loaded, if any
 */
export async function loadDemoOnce(
  platform: Platform,
  store: ReferenceStore,
  signal: AbortSignal,
): Promise<number | undefined> {
  if (!(await demoWanted(platform.log))) {
    if (await demoLoaded(platform.log)) await addReminders(store);
    return undefined;
  }
  return withClient(platform.pool, async (client) => {
    for (;;) {
      const lock = await client.query<{ ours: boolean }>(
        `SELECT pg_try_advisory_lock(hashtext('motcua.demo')) AS ours`,
      );
      if (lock.rows[0]?.ours) break;
      await sleep(LOOK_AGAIN_MS, undefined, { signal });
    }
    try {
      if (await demoWanted(platform.log)) return await loadDemo(platform, store, signal);
      await store.refresh();
      return undefined;
    } finally {
      await client.query(`SELECT pg_advisory_unlock(hashtext('motcua.demo'))`).catch(() => undefined);
    }
  });
}

/**
 * Publishes the demonstration desk and logs its synthetic half-year. Run twice, it adds nothing; broken off (by
 * `signal`, or by a kill), the next run adds the rest.
 * @returns how many dossiers it has
 */
export async function loadDemo(
  platform: Platform,
  store: ReferenceStore,
  signal?: AbortSignal,
): Promise<number> {
  await publishAll(store, await loadDirectory(CONFIG), BY);
  const reference = store.data;
  const unit = reference.unit(DESK, '2024-01-01');
  const calendar = unit && reference.calendar(unit.calendar, '2024-01-01');
  if (!unit || !calendar) throw new Problem('unit-unknown', { unit: DESK });
  const dossiers = halfYear(reference, unit, calendar.definition);
  const events = await sealAll(
    platform.vault,
    dossiers.flatMap((dossier) => dossier.events),
  );
  const queue = [...dossiers];
  const work = async (): Promise<void> => {
    for (let next = queue.shift(); next; next = queue.shift()) {
      signal?.throwIfAborted();
      const own = events.splice(0, next.events.length);
      await platform.log.append(streamName(DOSSIER_CATEGORY, next.code), 'no_stream', own);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  const loaded = { type: 'DemonstrationLoaded', schemaVersion: 1, data: { dossiers: dossiers.length } };
  await platform.log.append(DONE, 'no_stream', [
    { ...loaded, id: DONE_ID, occurredAt: isoNow(platform.clock), metadata: BY },
  ]);
  return dossiers.length;
}

/** For a demonstration that was loaded before there were reminder policies. */
async function addReminders(store: ReferenceStore): Promise<void> {
  await store.refresh();
  if (store.data.all().reminders.length > 0) return;
  const commands = await loadDirectory(CONFIG);
  await publishAll(
    store,
    commands.filter(({ command }) => command.kind === 'reminders'),
    BY,
  );
}
