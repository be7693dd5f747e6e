import { Command } from 'commander';
import { type KeyStatus, keyStatus } from '#libs/personal-data/key-status.adapter.js';
import { countGivenUp } from '#libs/personal-data/lost-keys.adapter.js';
import { toJson } from '../json.js';
import { withKeys } from './with-keys.js';
import { print } from '#apps/platform/say.js';

/** `keys status`: how many keys there are, and under which master keys. */
export function statusCommand(): Command {
  return new Command('status')
    .description('How many keys there are, under which master keys, and how many persons were erased.')
    .option('--json', 'as JSON')
    .action((options: { json?: boolean }) =>
      withKeys(async ({ platform, masterKeys }) => {
        const { pool, rawLog } = platform;
        const status = await keyStatus(pool, masterKeys);
        const givenUp = await countGivenUp(pool, rawLog);
        print(options.json ? toJson({ ...status, givenUp }) : asText({ ...status, givenUp }));
      }),
    );
}

interface Shown extends KeyStatus {
  /** Of the erased, those of whom the log does not say so. */
  readonly givenUp: number;
}

function asText({ keys, erased, givenUp, wrapping, first, where, masters }: Shown): string {
  const lines = [
    `${keys} keys of persons; ${erased - givenUp} persons were erased`,
    ...(givenUp > 0 ? [`the keys of ${givenUp} persons were lost and are given up`] : []),
    ...masters.map(({ id, keys: under }) => `master key ${id}: ${under} keys${marks(id)}`),
  ];
  function marks(id: string): string {
    return id === wrapping ? `, wraps new ones (${where})` : ', older';
  }
  if (first !== wrapping)
    lines.push(`master key ${first} is first in ${where}: \`keys rotate\` goes over to it`);
  else if (masters.length > 1) lines.push('`keys rotate` has not come to its end: run it again');
  return `${lines.join('\n')}\n`;
}
