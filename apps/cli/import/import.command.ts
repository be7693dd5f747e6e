import { existsSync, readFileSync, statSync } from 'node:fs';
import { Command } from 'commander';
import type { Refused } from '#libs/import/claims.js';
import type { Doubt } from '#libs/import/doubts.js';
import { importLog } from '#libs/import/import-log.js';
import { logFile } from '#libs/import/log-file.adapter.js';
import { parseMapping } from '#libs/import/mapping.js';
import { publishMissing } from '#libs/import/publish-reference.js';
import { hashOf } from '#libs/import/readers/read-log.js';
import { reverseImport } from '#libs/import/reverse-import.js';
import { Problem } from '#libs/problem/problem.js';
import type { CliContext } from '../context.js';
import { toJson } from '../json.js';
import { progressBar } from '../progress.js';
import { Listing } from './listing.js';
import { jsonSummary, type Outcome, refusedLines, textSummary } from './summary.js';
import { print, printError } from '#apps/platform/say.js';

/** What the command works on. */
export type ImportContext = Pick<CliContext, 'log' | 'clock' | 'vault' | 'reference' | 'close'>;

interface Options {
  readonly mapping?: string;
  readonly reverse?: string;
  readonly refused?: string;
  readonly needsExplanation?: string;
  readonly json?: boolean;
}

const HELP = `
LOG is CSV, XES or XES.gz, told by its content. The mapping says which column is what; see config/import/receipt.json.
A broken run is taken up by the same command; a second run adds nothing; a longer export adds what is new.
accepted + refused = read, always. The exit status is 1 if the file is broken off before its end.`;

/** `import`: event logs of other systems into dossiers, and back out again. */
export function importCommand(open: () => Promise<ImportContext>): Command {
  const command = new Command('import')
    .description('Import an event log by a mapping file, or take an import back')
    .argument('[log]', 'event log to import')
    .option('--mapping <file>', 'mapping file (JSON)')
    .option('--reverse <log>', 'take back the import of this file, or of the file with this SHA-256')
    .option('--refused <file>', 'write every refused row there (JSON Lines)')
    .option('--needs-explanation <file>', 'write there everything that needs explanation (JSON Lines)')
    .option('--json', 'print the summary as JSON')
    .addHelpText('after', HELP);
  return command.action(async (log: string | undefined, options: Options) => {
    if (options.reverse !== undefined) await reverse(open, options.reverse, options);
    else if (log !== undefined && options.mapping !== undefined)
      await runImport(open, log, options.mapping, options);
    else command.error('state --mapping FILE and LOG, or --reverse LOG');
  });
}

async function runImport(
  open: () => Promise<ImportContext>,
  path: string,
  mappingPath: string,
  options: Options,
): Promise<void> {
  // Whatever is wrong with the files shows before a database is started.
  const mapping = readable(mappingPath, () => readFileSync(mappingPath, 'utf8'));
  const parsed = parseMapping(mapping);
  const size = sizeOf(path);
  const refused = new Listing<Refused>(options.refused);
  const doubts = new Listing<Doubt>(options.needsExplanation);
  const bar = progressBar('import');
  try {
    const outcome = await within(open, async ({ log, clock, vault, reference }): Promise<Outcome> => {
      const began = clock.now();
      await publishMissing(parsed, reference, `mapping ${parsed.name}`);
      const result = await importLog({
        log,
        clock,
        vault,
        reference: reference.data,
        mapping,
        source: logFile(path),
        onRefused: (entry) => refused.add(entry),
        onDoubt: (entry) => doubts.add(entry),
        onProgress: (bytes) => bar.update(bytes, size),
      });
      return { result, refused, doubts, durationMs: clock.now() - began };
    });
    bar.stop();
    printError(refusedLines(refused));
    print(options.json ? jsonSummary(outcome) : textSummary(outcome));
    if (outcome.result.broken) process.exitCode = 1;
  } finally {
    bar.stop();
    refused.close();
    doubts.close();
  }
}

async function reverse(open: () => Promise<ImportContext>, target: string, options: Options): Promise<void> {
  const isHash = /^[0-9a-f]{64}$/.test(target) && !existsSync(target);
  if (!isHash) sizeOf(target);
  const file = isHash ? target : await hashOf(logFile(target));
  const { dossiers } = await within(open, ({ log, clock }) => reverseImport({ log, clock, file }));
  print(
    options.json
      ? toJson({ file, dossiers })
      : `file ${file}\ntaken back in ${dossiers} dossiers; what was imported stays in the log\n`,
  );
}

async function within<T>(
  open: () => Promise<ImportContext>,
  work: (context: ImportContext) => Promise<T>,
): Promise<T> {
  const context = await open();
  try {
    return await work(context);
  } finally {
    await context.close();
  }
}

/** @throws Problem `file-unreadable`, also for a folder */
function sizeOf(path: string): number {
  const stat = readable(path, () => statSync(path));
  if (stat.isDirectory()) throw new Problem('file-unreadable', { file: path, reason: 'EISDIR' });
  return stat.size;
}

function readable<T>(file: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw new Problem('file-unreadable', {
      file,
      reason: (error as NodeJS.ErrnoException).code ?? 'unknown',
    });
  }
}
