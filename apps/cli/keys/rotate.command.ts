import { Command } from 'commander';
import { readSecret } from '#libs/personal-data/key-secret.adapter.js';
import { type Rotated, rotateKeys } from '#libs/personal-data/rotate-keys.adapter.js';
import { interruptible } from '../interruptible.js';
import { toJson } from '../json.js';
import { progressBar } from '../progress.js';
import { withKeys } from './with-keys.js';
import { print } from '#apps/platform/say.js';

const HELP = `
Put the line of \`keys new-master\` before the others in the file of the master key, on every machine that runs motcua,
then run this. Services go on meanwhile and need no restart: they read the file again. At the end it says which line
can go: without it, copies of the key store from before open nothing, and nobody who was erased since comes back.`;

const AGAIN = 'what was wrapped anew stays, and the same command goes on from there';

/** `keys rotate`: every key under the first master key. */
export function rotateCommand(): Command {
  return new Command('rotate')
    .description('Wraps all keys under the first master key; services may run.')
    .option('--json', 'as JSON')
    .addHelpText('after', HELP)
    .action((options: { json?: boolean }) => interruptible((signal) => rotate(options, signal), AGAIN));
}

async function rotate({ json }: { json?: boolean }, signal: AbortSignal): Promise<void> {
  await withKeys(async ({ platform: { pool }, masterKeys }) => {
    const before = await readSecret(pool);
    const old = [before?.master ?? '', ...(before?.others ?? [])].filter((id) => id !== masterKeys.first.id);
    const bar = progressBar('rotate');
    const rotated = await rotateKeys({
      pool,
      masterKeys,
      signal,
      progress: (done, total) => bar.update(done, total),
    }).finally(() => bar.stop());
    const removable = rotated.damaged.length > 0 ? [] : old.filter(Boolean);
    print(json ? toJson({ ...rotated, removable }) : asText(rotated, removable, masterKeys.where));
    if (rotated.damaged.length > 0) process.exitCode = 1;
  });
}

function asText(
  { master, rewrapped, damaged }: Rotated,
  removable: readonly string[],
  where: string,
): string {
  const lines = [`${rewrapped} keys wrapped anew; all are under master key ${master} now`];
  if (damaged.length > 0) {
    lines[0] = `${rewrapped} keys wrapped anew under master key ${master}`;
    lines.push(
      `${damaged.length} keys were changed in the store and stay as they are: ${damaged.join(', ')}`,
    );
  } else if (removable.length > 0) {
    lines.push(
      `the line of ${removable.join(', ')} can be removed from ${where}, and every copy of it destroyed`,
    );
  } else if (rewrapped === 0) {
    lines.push(`nothing was to be done: for a new one put a line of \`keys new-master\` first in ${where}`);
  }
  return `${lines.join('\n')}\n`;
}
