import { createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { Command } from 'commander';
import { openPlatform } from '#apps/platform/open-platform.js';
import { readSettings } from '#apps/platform/settings.js';
import { asProblem, checkBackup } from '#libs/event-log/copy/backup-file.adapter.js';
import { readKeysFile } from '#libs/personal-data/export-keys.adapter.js';
import type { Imported } from '#libs/personal-data/import-keys.adapter.js';
import { Problem } from '#libs/problem/problem.js';
import { asOnlyCopy, requireNoOthers } from '../copy/alone.js';
import { bringKeys, keysLines, type OpenPlace, withVaultOfNow } from '../copy/carry-over.js';
import { bringUp, copyAndCompare, summary, withBar } from '../copy/copy-into.js';
import { placeOfService } from '../copy/place.js';
import { interruptible } from '../interruptible.js';
import { toJson } from '../json.js';
import { checkKeys } from '../keys/check-keys.js';
import { print } from '#apps/platform/say.js';

interface Options {
  readonly from: string;
  readonly keys?: string;
  readonly despiteFindings?: boolean;
  readonly json?: boolean;
}

const HELP = `
The log must be empty (a new data folder, database or event store in which the service has not been started), or hold
what an earlier run has restored: broken off, the same command goes on where it was. The file is read through once
before anything is written; cut off, changed or foreign, it is refused. Afterwards the log is compared with the file,
and the read models are made anew. What comes by - is kept in a temporary file meanwhile.
The keys of persons are in a file of their own (\`motcua keys export\`): with --keys they come in between the log, which
tells who was erased, and the read models, which are searched by name. Put the master key in its place before.`;

const WITHOUT_KEYS =
  'names cannot be read: before a service starts here, run `motcua keys import`, and then `motcua rebuild worklist`';

const AGAIN = 'what was restored stays, and the same command goes on from there';

/** `restore --from FILE`: a backup into an empty log. */
export function restoreCommand(): Command {
  return new Command('restore')
    .description('Puts a backup into an empty log, compares both, and makes the read models.')
    .requiredOption('--from <file>', 'a file of `motcua backup`, or - for standard input')
    .option('--keys <file>', 'a file of `motcua keys export`: the keys of persons')
    .option('--despite-findings', 'also if its log does not verify')
    .option('--json', 'as JSON')
    .addHelpText('after', HELP)
    .action((options: Options) =>
      interruptible(
        (signal) => withFile(options.from, signal, (file) => restore(file, options, signal)),
        AGAIN,
      ),
    );
}

async function restore(file: string, options: Options, signal: AbortSignal): Promise<void> {
  if (file.trim() === '') throw new Problem('invalid-request', {}, [{ pointer: '--from', rule: 'required' }]);
  const { despiteFindings = false, keys } = options;
  const place = placeOfService(readSettings(process.env));
  if (keys !== undefined) await checkKeys(keys, place.engines);
  const source = await withBar('check', { contiguous: false }, (progress) =>
    checkBackup(file, {
      despiteFindings,
      signal,
      progress: (position, head) => progress(Number(position), Number(head)),
    }),
  );
  const { where } = place;
  const target = await openPlatform(place.engines);
  try {
    await asOnlyCopy(target.pool, where, async () => {
      await requireNoOthers([{ where, pool: target.pool }]);
      const copied = await copyAndCompare({ source, target, despiteFindings, signal });
      const there = { place, platform: target };
      const imported = keys === undefined ? undefined : await keysFrom(keys, there, signal);
      const readModels = await bringUp(await withVaultOfNow(there), signal);
      const { createdAt } = source.manifest;
      const beside = imported ? keysLines(imported) : [WITHOUT_KEYS];
      print(
        options.json
          ? toJson({ ...copied, ...(imported ? { keys: imported } : {}), readModels, createdAt })
          : summary({ copied, beside, readModels }, { from: `backup of ${createdAt}`, to: where }),
      );
      if (readModels.some(({ failed }) => failed)) process.exitCode = 1;
    });
  } finally {
    await target.close();
  }
}

const keysFrom = (file: string, target: OpenPlace, signal: AbortSignal): Promise<Imported> =>
  bringKeys(target, { file, entries: () => readKeysFile(file), signal });

/** A pipe can be read only once: it is put into a file of this user's that is gone afterwards. */
async function withFile<T>(
  from: string,
  signal: AbortSignal,
  work: (file: string) => Promise<T>,
): Promise<T> {
  if (from !== '-') return work(from);
  const folder = await mkdtemp(join(tmpdir(), 'motcua-restore-'));
  try {
    const file = join(folder, 'standard-input');
    await pipeline(process.stdin, createWriteStream(file, { mode: 0o600 }), { signal }).catch(
      (error: unknown) => {
        throw asProblem(error, file);
      },
    );
    return await work(file);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
