import { Command } from 'commander';
import { giveUpLostKeys } from '#libs/personal-data/lost-keys.adapter.js';
import { requireNoOthers } from '../copy/alone.js';
import { interruptible } from '../interruptible.js';
import { toJson } from '../json.js';
import { withKeys } from './with-keys.js';
import { print } from '#apps/platform/say.js';

interface Options {
  readonly yes?: boolean;
  readonly json?: boolean;
}

const HELP = `
For a log whose keys are lost, when no file of \`keys export\` is left: what is sealed under them shows as erased from then
on, and services start again. Whoever comes again has a new key. There is no way back: \`keys import\` leaves these keys out
afterwards. Nobody else may work with the database meanwhile.`;

/** `keys give-up --yes`: an end of looking for keys that the log needs and nobody has. */
export function giveUpCommand(): Command {
  return new Command('give-up')
    .description('Gives up for good what is sealed under keys that are lost.')
    .option('--yes', 'do it; otherwise it only says how many persons it would be')
    .option('--json', 'as JSON')
    .addHelpText('after', HELP)
    .action((options: Options) => interruptible((signal) => run(options, signal), 'nothing was given up'));
}

async function run({ yes = false, json }: Options, signal: AbortSignal): Promise<void> {
  await withKeys(async ({ platform: { pool, rawLog }, where }) => {
    await requireNoOthers([{ where, pool }]);
    const givenUp = await giveUpLostKeys({ pool, log: rawLog, confirmed: yes, signal });
    print(json ? toJson({ givenUp }) : asText(givenUp, where));
  });
}

const asText = (givenUp: number, where: string): string =>
  givenUp === 0
    ? `no key is lost: the log has nothing sealed for persons whom ${where} does not know\n`
    : `the keys of ${givenUp} persons are given up: what was sealed for them shows as erased\n`;
