import { Command } from 'commander';
import { verifyLog } from '#libs/event-log/verify.js';
import type { OpenContext } from '../context.js';
import { toJson } from '../json.js';
import { progressBar } from '../progress.js';

/** `verify`: every event of the log against its hash. Exit code 1 if anything was changed, removed or swapped. */
export function verifyCommand(open: OpenContext): Command {
  return new Command('verify')
    .description(
      'Checks every event of the log against its hash; names what was changed, removed or swapped.',
    )
    .option('--json', 'as JSON')
    .action(async (options: { json?: boolean }) => {
      const context = await open();
      const bar = progressBar('verify', context.rawLog.contiguous);
      try {
        const head = Number(await context.rawLog.head());
        const result = await verifyLog(context.rawLog.readAll(), context.rawLog.contiguous, (position) =>
          bar.update(Number(position), head),
        );
        bar.stop();
        process.stdout.write(options.json ? toJson(result) : asText(result));
        if (result.findings.length > 0) process.exitCode = 1;
      } finally {
        bar.stop();
        await context.close();
      }
    });
}

function asText({ events, streams, position, findings }: Awaited<ReturnType<typeof verifyLog>>): string {
  const lines = findings.map(
    ({ kind, ...at }) =>
      `${kind}: ${at.type} ${at.id} in ${at.stream} at revision ${at.revision}, position ${at.position}`,
  );
  const verdict =
    findings.length === 0 ? 'nothing was changed, removed or swapped' : `${findings.length} finding(s)`;
  return `${[...lines, `${events} events in ${streams} streams up to position ${position}: ${verdict}`].join('\n')}\n`;
}
