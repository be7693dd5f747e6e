import { Command } from 'commander';
import { writeBackup } from '#libs/event-log/copy/backup-file.adapter.js';
import { isoNow } from '#libs/event-log/clock.js';
import { countEntries, entriesOf } from '#libs/personal-data/export-keys.adapter.js';
import { type KeyEntry, keysText } from '#libs/personal-data/keys-file.js';
import { Problem } from '#libs/problem/problem.js';
import { interruptible } from '../interruptible.js';
import { toJson } from '../json.js';
import { progressBar } from '../progress.js';
import { withKeys } from './with-keys.js';
import { print } from '#apps/platform/say.js';

interface Options {
  readonly to: string;
  readonly json?: boolean;
}

const HELP = `
The keys in the file are wrapped: it opens nothing without the master key, which is not in it and needs a copy of its
own. It is readable by its owner only. Throw copies away that are older than you must keep: they still hold the keys
of persons who were erased since, until \`keys rotate\` and the end of the old master key make them useless.`;

/** `keys export --to FILE`: the key store as one compressed file. */
export function exportCommand(): Command {
  return new Command('export')
    .description('Writes the keys of persons, wrapped, into one compressed file; the service may run.')
    .requiredOption('--to <file>', 'a file that is not there yet')
    .option('--json', 'print the summary as JSON')
    .addHelpText('after', HELP)
    .action((options: Options) =>
      interruptible((signal) => exportKeys(options, signal), 'there is no file of keys'),
    );
}

async function exportKeys({ to, json }: Options, signal: AbortSignal): Promise<void> {
  if (to.trim() === '') throw new Problem('invalid-request', {}, [{ pointer: '--to', rule: 'required' }]);
  await withKeys(async ({ platform: { pool, clock }, where }) => {
    const there = await countEntries(pool);
    const total = there.keys + there.erased;
    const bar = progressBar('export');
    const written = { keys: 0, erased: 0 };
    const counted = async function* (): AsyncGenerator<KeyEntry> {
      for await (const entry of entriesOf(pool)) {
        if ('key' in entry) written.keys += 1;
        else if ('erased' in entry) written.erased += 1;
        bar.update(written.keys + written.erased, total);
        yield entry;
      }
    };
    const createdAt = isoNow(clock);
    const { size } = await writeBackup(to, keysText(createdAt, counted()), signal).finally(() => bar.stop());
    print(
      json
        ? toJson({ file: to, ...written, bytes: size, createdAt })
        : `${written.keys} keys and ${written.erased} erasures of ${where} in ${to}, ${size} bytes\n`,
    );
  });
}
