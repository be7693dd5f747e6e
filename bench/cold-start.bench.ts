import { join } from 'node:path';
import { median, round, startService, withFolder } from './support.js';

/** From starting the process to the first good answer: on a new data folder and on one that is there. */
export async function benchColdStart(size: 'short' | 'full'): Promise<object> {
  const rounds = size === 'full' ? 5 : 1;
  const fresh: number[] = [];
  const existing: number[] = [];
  for (let n = 0; n < rounds; n += 1) {
    await withFolder(async (folder) => {
      for (const times of [fresh, existing]) {
        const service = await startService(join(folder, 'data'), 3_912);
        times.push(service.startedMs);
        await service.stop();
      }
    });
  }
  return { rounds, newFolderMs: round(median(fresh)), existingFolderMs: round(median(existing)) };
}
