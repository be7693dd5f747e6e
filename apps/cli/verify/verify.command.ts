import { Command } from 'commander';
import { verifyLog } from '#libs/event-log/verify.js';
import { verifyTrace, type TraceVerification } from '#libs/read-trace/trace-chain.js';
import { TraceEntries } from '#libs/read-trace/trace-entries.adapter.js';
import type { OpenContext } from '../context.js';
import { toJson } from '../json.js';
import { progressBar } from '../progress.js';
import { printableLine } from '#apps/platform/printable.js';
import { print } from '#apps/platform/say.js';

/** `verify`: every event of the log, and every entry of the trace of reads, against its hash. Exit code 1 if anything was changed, removed or swapped. */
export function verifyCommand(open: OpenContext): Command {
  return new Command('verify')
    .description(
      'Checks every event of the log and every entry of the trace of reads against its hash; names what was changed, removed or swapped.',
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
        const reads = await verifyTrace(new TraceEntries(context.pool).entries());
        print(options.json ? toJson({ ...result, reads }) : asText(result) + readsAsText(reads));
        if (result.findings.length + reads.findings.length > 0) process.exitCode = 1;
      } finally {
        bar.stop();
        await context.close();
      }
    });
}

function asText({ events, streams, position, findings }: Awaited<ReturnType<typeof verifyLog>>): string {
  const lines = findings.map(({ kind, ...at }) =>
    printableLine(
      `${kind}: ${at.type} ${at.id} in ${at.stream} at revision ${at.revision}, position ${at.position}`,
    ),
  );
  const summary = `${events} events in ${streams} streams up to position ${position}: ${verdict(findings)}`;
  return `${[...lines, summary].join('\n')}\n`;
}

function readsAsText({ entries, findings }: TraceVerification): string {
  const lines = findings.map(({ kind, number }) => `${kind}: entry ${number} of the trace of reads`);
  return `${[...lines, `${entries} entries in the trace of reads: ${verdict(findings)}`].join('\n')}\n`;
}

const verdict = (findings: readonly unknown[]): string =>
  findings.length === 0 ? 'nothing was changed, removed or swapped' : `${findings.length} finding(s)`;
