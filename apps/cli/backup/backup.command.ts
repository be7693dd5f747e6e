import { Command } from 'commander';
import { readSettings } from '#apps/platform/settings.js';
import { compress, writeBackup } from '#libs/event-log/copy/backup-file.adapter.js';
import { backupText } from '#libs/event-log/copy/backup-format.js';
import { sourceOf, verified } from '#libs/event-log/copy/copy-log.js';
import { isoNow } from '#libs/event-log/clock.js';
import { Problem } from '#libs/problem/problem.js';
import { withBar } from '../copy/copy-into.js';
import { openSource, placeOfService } from '../copy/place.js';
import { interruptible } from '../interruptible.js';
import { toJson } from '../json.js';

interface Options {
  readonly to: string;
  readonly despiteFindings?: boolean;
  readonly json?: boolean;
}

const HELP = `
The file holds the log, which read models and reports can be made from again. Personal data are sealed in it: the keys
of persons are not in the file but in one of \`motcua keys export\`, to be made after it. Receipts of commands are not in
it either, and nothing is lost with them; passwords and second factors are not, and have to be set again.
It can be made while the service runs, and holds what was in the log when it began. It is readable by its owner only.
\`motcua restore\` takes it into any engine.`;

/** `backup --to FILE`: the log as one compressed file. */
export function backupCommand(): Command {
  return new Command('backup')
    .description('Writes the log into one compressed file, checked on the way; the service may run.')
    .requiredOption('--to <file>', 'a file that is not there yet, or - for standard output')
    .option('--despite-findings', 'also if the log does not verify')
    .option('--json', 'print the summary as JSON')
    .addHelpText('after', HELP)
    .action((options: Options) => interruptible((signal) => backup(options, signal), 'there is no backup'));
}

async function backup(options: Options, signal: AbortSignal): Promise<void> {
  if (options.to.trim() === '')
    throw new Problem('invalid-request', {}, [{ pointer: '--to', rule: 'required' }]);
  const place = placeOfService(readSettings(process.env));
  const platform = await openSource(place);
  try {
    const source = await sourceOf(platform.rawLog);
    const { engine, contiguous } = platform.rawLog;
    let events = 0;
    const counted = async function* (progress: (done: number, total: number) => void) {
      for await (const event of verified(source, { ...options, signal, progress })) {
        events += 1;
        yield event;
      }
    };
    const about = {
      createdAt: isoNow(platform.clock),
      log: { engine, contiguous, head: source.head.toString() },
    };
    const bytes = await withBar('backup', source, (progress) =>
      write(options.to, backupText(about, counted(progress)), signal),
    );
    const result = { file: options.to, events, position: source.head, bytes, createdAt: about.createdAt };
    const out = options.to === '-' ? process.stderr : process.stdout;
    out.write(
      options.json
        ? toJson(result)
        : `${events} events up to position ${source.head} of ${place.where} in ${options.to}${bytes === undefined ? '' : `, ${bytes} bytes`}\n`,
    );
  } finally {
    await platform.close();
  }
}

/** @returns its size, where that is known */
async function write(
  to: string,
  text: AsyncIterable<string>,
  signal: AbortSignal,
): Promise<number | undefined> {
  if (to !== '-') return (await writeBackup(to, text, signal)).size;
  // Until it is complete, an end of the pipe is a failure.
  process.exitCode = 1;
  await compress(text, process.stdout, signal);
  process.exitCode = 0;
  return undefined;
}
