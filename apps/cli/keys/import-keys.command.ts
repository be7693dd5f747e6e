import { Command } from 'commander';
import { readKeysFile } from '#libs/personal-data/export-keys.adapter.js';
import { type Imported, importKeys } from '#libs/personal-data/import-keys.adapter.js';
import { Problem } from '#libs/problem/problem.js';
import { requireNoOthers } from '../copy/alone.js';
import { interruptible } from '../interruptible.js';
import { toJson } from '../json.js';
import { withKeys } from './with-keys.js';
import { print } from '#apps/platform/say.js';

interface Options {
  readonly from: string;
  readonly json?: boolean;
}

const HELP = `
The log must be there already (\`motcua restore\`), for it tells who was erased since: their keys are left out. The master
key that the file was wrapped under must be among those of MOTCUA_MASTER_KEY_FILE or master.key; what comes in is wrapped
under the one that wraps here. All or nothing is imported, and what is there already stays.`;

/** `keys import --from FILE`: what `keys export` has written. */
export function importKeysCommand(): Command {
  return new Command('import')
    .description('Puts keys of persons back, except of those who were erased since.')
    .requiredOption('--from <file>', 'a file of `motcua keys export`')
    .option('--json', 'as JSON')
    .addHelpText('after', HELP)
    .action((options: Options) => interruptible((signal) => run(options, signal), 'nothing was imported'));
}

async function run({ from: file, json }: Options, signal: AbortSignal): Promise<void> {
  if (file.trim() === '') throw new Problem('invalid-request', {}, [{ pointer: '--from', rule: 'required' }]);
  await withKeys(async ({ platform: { pool, rawLog }, masterKeys, where }) => {
    const imported = await importKeys({
      ...{ pool, log: rawLog, file, signal, from: masterKeys, to: masterKeys },
      entries: () => readKeysFile(file),
      requireNoOthers: () => requireNoOthers([{ where, pool }]),
    });
    print(json ? toJson(imported) : asText(imported, where));
  });
}

function asText({ imported, already, leftOut, newSecret }: Imported, where: string): string {
  const lines = [
    `${imported} keys came into ${where}, ${already} were there`,
    `${leftOut} were left out: their persons were erased`,
  ];
  if (newSecret || imported > 0) {
    lines.push(
      'now make the worklist anew, so that these persons are found in it: `motcua rebuild worklist`',
    );
  }
  return `${lines.join('\n')}\n`;
}
