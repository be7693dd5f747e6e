import { Command } from 'commander';
import { PROJECTION_NAMES, projectionsWith } from '#apps/worker/projections.js';
import { Problem } from '#libs/problem/problem.js';
import { rebuildProjections } from '#libs/projection/rebuild.js';
import type { RebuildReport } from '#libs/projection/target.js';
import type { OpenContext } from '../context.js';
import { toJson } from '../json.js';
import { progressBar } from '../progress.js';
import { print } from '#apps/platform/say.js';

/** `rebuild [NAME]`: new tables beside the live ones, compared with them, then in their place. */
export function rebuildCommand(open: OpenContext): Command {
  return new Command('rebuild')
    .description(
      'Rebuilds read models from the log beside the live ones, prints the differences, then swaps.',
    )
    .argument('[name]', `one of: ${PROJECTION_NAMES.join(', ')}; all if left out`)
    .option('--json', 'as JSON')
    .action(async (name: string | undefined, options: { json?: boolean }) => {
      if (name !== undefined && !PROJECTION_NAMES.some((known) => known === name)) {
        throw new Problem('projection-unknown', { name, known: [...PROJECTION_NAMES] });
      }
      const context = await open();
      const bar = progressBar('rebuild', context.rawLog.contiguous);
      try {
        const reports = await rebuildProjections({
          log: context.log,
          engine: context.rawLog.engine,
          pool: context.pool,
          projections: projectionsWith(context.vault).filter(
            (each) => name === undefined || each.name === name,
          ),
          progress: (done, total) => bar.update(done, total),
        });
        bar.stop();
        print(options.json ? toJson(reports) : reports.map(asText).join(''));
        if (reports.some(({ failed }) => failed)) process.exitCode = 1;
      } finally {
        bar.stop();
        await context.close();
      }
    });
}

function asText(report: RebuildReport): string {
  const { name, events, position, compared, tables, failed } = report;
  if (failed) {
    const { id, type, position: at } = failed.poisonedEvent;
    return `${name}: not replaced, event ${id} (${type}, position ${at}) cannot be folded: ${failed.error}\n`;
  }
  const head = `${name}: ${events} events up to position ${position}`;
  if (!compared) return `${head}, nothing to compare with\n`;
  const lines = tables.map(
    (table) =>
      `  ${table.table}: ${table.onlyOld} only in the old, ${table.onlyNew} only in the new, ${table.changed} changed` +
      (table.samples.length > 0 ? ` (for example ${JSON.stringify(table.samples)})` : ''),
  );
  return `${[`${head}, compared with the old tables:`, ...lines].join('\n')}\n`;
}
