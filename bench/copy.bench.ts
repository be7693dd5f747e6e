import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { openPlatform, type Platform } from '#apps/platform/open-platform.js';
import { writeBackup } from '#libs/event-log/copy/backup-file.adapter.js';
import { backupText } from '#libs/event-log/copy/backup-format.js';
import { compareLogs } from '#libs/event-log/copy/compare-logs.js';
import { copyLog, type LogSource, sourceOf, verified } from '#libs/event-log/copy/copy-log.js';
import { median, round, withFolder } from './support.js';
import { inBatches, syntheticLog } from './synthetic-log.js';

const EVENTS_A_LIFE = 6;

/** A checked copy into an empty log, its comparison, and a backup, against bare readAll of the same log, in turn. */
export async function benchCopy(size: 'short' | 'full'): Promise<object> {
  const events = size === 'full' ? 100_000 : 10_000;
  return withFolder(async (folder) => {
    const source = await open(join(folder, 'source'));
    try {
      await fill(source, events);
      const from = await sourceOf(source.rawLog);
      const rounds: Rates[] = [];
      for (let n = 0; n < (size === 'full' ? 3 : 1); n += 1) {
        rounds.push(await measure(from, join(folder, String(n))));
      }
      const rate = (of: keyof Rates): number => round(median(rounds.map((one) => one[of])));
      return {
        events: Number(from.head),
        readPerSecond: rate('read'),
        copyPerSecond: rate('copy'),
        comparePerSecond: rate('compare'),
        backupPerSecond: rate('backup'),
        backupBytesAnEvent: rate('bytes'),
        ratio: round(median(rounds.map(({ copy, read }) => copy / read))),
        backupRatio: round(median(rounds.map(({ backup, read }) => backup / read))),
      };
    } finally {
      await source.close();
    }
  });
}

/** Events in a second, and bytes of the backup an event. */
type Rates = Record<'read' | 'copy' | 'compare' | 'backup' | 'bytes', number>;

async function measure(from: LogSource, folder: string): Promise<Rates> {
  const events = Number(from.head);
  const perSecond = async (work: () => Promise<unknown>): Promise<number> => {
    const begun = performance.now();
    await work();
    return events / ((performance.now() - begun) / 1_000);
  };
  const target = await open(folder);
  try {
    const read = await perSecond(async () => {
      for await (const _ of from.read());
    });
    const copy = await perSecond(() => copyLog({ source: from, target: target.rawLog }));
    const compare = await perSecond(() => compareLogs(from.read(), target.rawLog.readAll()));
    const file = join(folder, 'backup');
    const log = { engine: 'postgresql', contiguous: true, head: from.head.toString() };
    const about = { createdAt: '2024-01-01T00:00:00.000Z', log };
    const backup = await perSecond(() => writeBackup(file, backupText(about, verified(from, {}))));
    return { read, copy, compare, backup, bytes: (await stat(file)).size / events };
  } finally {
    await target.close();
  }
}

function open(dataFolder: string): Promise<Platform> {
  return openPlatform({ dataFolder, databaseUrl: undefined });
}

async function fill(platform: Platform, events: number): Promise<void> {
  const shape = { dossiers: Math.round(events / EVENTS_A_LIFE), start: '2015-01-05T01:00:00Z', days: 3_600 };
  for (const batch of inBatches(syntheticLog({ ...shape, lives: 'full' }), 5_000)) {
    await platform.rawLog.restore(batch);
  }
  await platform.pool.query('VACUUM ANALYZE event_log.events');
}
