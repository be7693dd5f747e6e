import { Command } from 'commander';
import { newMasterKey } from '#libs/personal-data/master-key-source.adapter.js';
import { exportCommand } from './export.command.js';
import { giveUpCommand } from './give-up.command.js';
import { importKeysCommand } from './import-keys.command.js';
import { rotateCommand } from './rotate.command.js';
import { statusCommand } from './status.command.js';
import { say } from '#apps/platform/say.js';

const HELP = `
Every person has a key, wrapped by the master key of MOTCUA_MASTER_KEY, of MOTCUA_MASTER_KEY_FILE, or else of
master.key in MOTCUA_DATA. Without the keys and the master key all names are lost: both need a copy, apart from
that of the data and apart from each other.`;

/** `keys`: the keys of persons and the master key. */
export function keysCommand(): Command {
  return new Command('keys')
    .description('The keys of persons, and the master key that wraps them.')
    .addCommand(statusCommand())
    .addCommand(rotateCommand())
    .addCommand(exportCommand())
    .addCommand(importKeysCommand())
    .addCommand(giveUpCommand())
    .addCommand(
      new Command('new-master')
        .description('Prints a new master key: a line for the file of MOTCUA_MASTER_KEY_FILE.')
        .action(() => say(newMasterKey())),
    )
    .addHelpText('after', HELP);
}
