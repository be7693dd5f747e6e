import { Command } from 'commander';
import { openPlatform, type Platform } from '#apps/platform/open-platform.js';
import { readSettings } from '#apps/platform/settings.js';
import { type Copied, sourceOf } from '#libs/event-log/copy/copy-log.js';
import { Problem } from '#libs/problem/problem.js';
import { asOnlyCopy, identityOf, requireNoOthers } from '../copy/alone.js';
import { carriedLines, carryOver, withVaultOfNow } from '../copy/carry-over.js';
import { bringUp, copiedLine, copyAndCompare, lines, summary } from '../copy/copy-into.js';
import { openSource, type Place, placeOf, settingsFor } from '../copy/place.js';
import { interruptible } from '../interruptible.js';
import { toJson } from '../json.js';
import { print } from '#apps/platform/say.js';

interface Options {
  readonly from: string;
  readonly to: string;
  readonly whileRunning?: boolean;
  readonly despiteFindings?: boolean;
  readonly json?: boolean;
}

const HELP = `
WHERE is one of
  embedded             the data folder of MOTCUA_DATA (./data)
  embedded:FOLDER      another data folder
  postgresql://…       a PostgreSQL of yours, with the read models in it too
  esdb://…             an EventStoreDB (KurrentDB). Its read models, receipts and table of event ids are in
                       DATABASE_URL, or without that in the data folder of MOTCUA_DATA

The source is only read. The target must be empty, or hold what an earlier run has copied: broken off, the same
command goes on where it was. Events keep ids, times and hashes; positions are given anew by each engine.
Afterwards both are compared. The keys of persons come along, wrapped under the master key of the target (both master
keys must be known here), as do the trace of reads, passwords and second factors. Then the read models are made.`;

const AGAIN = 'what was copied stays, and the same command goes on from there';

/** `migrate --from WHERE --to WHERE`: the log into another engine. */
export function migrateCommand(): Command {
  return new Command('migrate')
    .description('Copies the log into another engine, compares both, and makes the read models there.')
    .requiredOption('--from <where>', 'where the log is')
    .requiredOption('--to <where>', 'where it goes')
    .option(
      '--while-running',
      'copy a first part beside the running service; run it once more when it is stopped',
    )
    .option('--despite-findings', 'copy also a log that does not verify')
    .option('--json', 'as JSON')
    .addHelpText('after', HELP)
    .action(async (options: Options) => {
      const settings = readSettings(process.env);
      const [from, to] = [placeOf(options.from, settings, '--from'), placeOf(options.to, settings, '--to')];
      if (from.where === to.where) throw new Problem('places-equal', { where: to.where });
      await interruptible((signal) => migrate(from, to, options, signal), AGAIN);
    });
}

async function migrate(from: Place, to: Place, options: Options, signal: AbortSignal): Promise<void> {
  const source = await openSource(from);
  try {
    const target = await openPlatform(to.engines);
    try {
      await requireTwoLogs({ from, to, source, target });
      await asOnlyCopy(target.pool, to.where, () => move({ from, to, source, target }, options, signal));
    } finally {
      await target.close();
    }
  } finally {
    await source.close();
  }
}

interface Move {
  readonly from: Place;
  readonly to: Place;
  readonly source: Platform;
  readonly target: Platform;
}

/**
 * One log may have two addresses. With an EventStoreDB this is not found out: there the copy finds every event in
 * place already.
 */
async function requireTwoLogs({ from, to, source, target }: Move): Promise<void> {
  if (source.rawLog.engine !== 'postgresql' || target.rawLog.engine !== 'postgresql') return;
  if ((await identityOf(source.pool)) === (await identityOf(target.pool))) {
    throw new Problem('places-same-log', { source: from.where, target: to.where });
  }
}

async function move(
  { from, to, source, target }: Move,
  options: Options,
  signal: AbortSignal,
): Promise<void> {
  const { whileRunning = false, despiteFindings = false } = options;
  const alone = (): Promise<void> =>
    requireNoOthers(
      [
        { where: from.where, pool: source.pool },
        { where: to.where, pool: target.pool },
      ],
      (where) => new Problem('migrate-beside-service', { where }),
    );
  if (!whileRunning) await alone();
  const run = { source: await sourceOf(source.rawLog), target, despiteFindings, signal };
  const copied = await copyAndCompare(run);
  if (whileRunning) {
    tell(options, unfinished(copied, from, to), { ...counts(copied), finished: false });
    return;
  }
  // Somebody may have started it meanwhile.
  await alone();
  const there = { place: to, platform: target };
  const carried = await carryOver({ place: from, platform: source }, there, signal);
  const readModels = await bringUp(await withVaultOfNow(there), signal);
  const set = settingsFor(to);
  const command = Object.entries(set).map(([name, value]) => `${name}=${quoted(value)}`);
  tell(
    options,
    summary(
      { copied, beside: carriedLines(carried, from.where), readModels },
      { from: from.where, to: to.where },
    ) + lines([`now set, with passwords where there are any: ${command.join(' ')}`]),
    { ...counts(copied), finished: true, ...carried, readModels, set },
  );
  const reads = carried?.reads.differsAt;
  if (reads !== undefined || readModels.some(({ failed }) => failed)) process.exitCode = 1;
}

function unfinished(copied: Copied, from: Place, to: Place): string {
  return lines([
    copiedLine(copied, { from: from.where, to: to.where }),
    'a first part only: stop the service, then run the same command once more without --while-running',
  ]);
}

/** As a shell takes it. */
function quoted(value: string): string {
  return /^[\w@%+=:,./-]*$/.test(value) ? value : `'${value.replaceAll("'", `'\\''`)}'`;
}

function counts({ events, streams, already, findings }: Copied): object {
  return { events, streams, already, findings };
}

function tell({ json }: Options, text: string, result: object): void {
  print(json ? toJson(result) : text);
}
