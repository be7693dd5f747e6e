import { Command, CommanderError } from 'commander';
import { oneLine } from '#libs/problem/describe.js';
import { Problem } from '#libs/problem/problem.js';
import { printableLine } from '#apps/platform/printable.js';
import { note } from '#apps/platform/say.js';
import { readSettings } from '#apps/platform/settings.js';
import { unknownSettings } from '#apps/platform/unknown-settings.js';
import { accountCommand } from './account/account.command.js';
import { backupCommand } from './backup/backup.command.js';
import { INTERRUPTED, type OpenContext, openContext, openForSealing } from './context.js';
import { requireData } from './copy/place.js';
import { demoCommand } from './demo/demo.command.js';
import { dueCommand } from './due/due.command.js';
import { importCommand } from './import/import.command.js';
import { keysCommand } from './keys/keys.command.js';
import { migrateCommand } from './migrate/migrate.command.js';
import { rebuildCommand } from './rebuild/rebuild.command.js';
import { replayCommand } from './replay/replay.command.js';
import { reportCommand } from './report/report.command.js';
import { restoreCommand } from './restore/restore.command.js';
import { verifyCommand } from './verify/verify.command.js';

/** For commands that do not write: they find what is there, or nothing. */
const openExisting: OpenContext = async () => {
  requireData(readSettings(process.env), 'MOTCUA_DATA');
  return openContext();
};

const program = new Command('motcua')
  .description('motcua, the one-stop desk: works on the database of MOTCUA_DATA (./data) or DATABASE_URL.')
  .addCommand(accountCommand(openContext))
  .addCommand(importCommand(openForSealing))
  .addCommand(reportCommand(openExisting))
  .addCommand(dueCommand())
  .addCommand(replayCommand(openExisting))
  .addCommand(verifyCommand(openExisting))
  .addCommand(rebuildCommand(openExisting))
  .addCommand(migrateCommand())
  .addCommand(backupCommand())
  .addCommand(restoreCommand())
  .addCommand(keysCommand())
  .addCommand(demoCommand(openForSealing));

const withAllBelow = (command: Command): Command[] => [command, ...command.commands.flatMap(withAllBelow)];

for (const command of withAllBelow(program)) {
  command.exitOverride().configureOutput({
    outputError: (text, write) => write(`motcua: ${printableLine(text.trim())}\n`),
  });
}

/** A reader that has seen enough (`| head`) is no error, unless the command had set its exit code before. */
process.stdout.on('error', (error: NodeJS.ErrnoException) =>
  process.exit(error.code === 'EPIPE' ? (process.exitCode ?? 0) : 1),
);

unknownSettings(process.env).forEach(note);
program.parseAsync().catch((error: unknown) => {
  if (process.exitCode === INTERRUPTED) return;
  if (error instanceof CommanderError) {
    process.exitCode = error.exitCode;
    return;
  }
  const line =
    error instanceof Problem
      ? oneLine(error)
      : error instanceof Error
        ? error.message.replace(/\s+/g, ' ')
        : 'unexpected error';
  note(line);
  process.exitCode = 1;
});
