import { randomUUID } from 'node:crypto';
import { userInfo } from 'node:os';
import { Command } from 'commander';
import type { DossierEvent } from '#libs/dossier/dossier.events.js';
import { readDossier } from '#libs/dossier/commands/read-dossier.js';
import {
  type DossierView,
  dossierView,
  knownAt,
  type TimelineEntry,
} from '#libs/dossier/detail/dossier-view.js';
import { toUtc } from '#libs/http/instant.js';
import { openPersonal } from '#libs/personal-data/opening.js';
import { Problem } from '#libs/problem/problem.js';
import { PostgresReadTrace } from '#libs/read-trace/read-trace.adapter.js';
import { personOf } from '#libs/read-trace/read-trace.js';
import type { CliContext, OpenContext } from '../context.js';
import { print } from '#apps/platform/say.js';

/** `replay CODE [--at T]`: a dossier as the log tells it, or as it was known at an instant. */
export function replayCommand(open: OpenContext): Command {
  return new Command('replay')
    .description('Shows a dossier from its events, as it is or as it was known at an instant.')
    .argument('<code>', 'dossier code')
    .option('--at <instant>', 'what was known then, by the store’s clock (ISO 8601 with offset)')
    .option('--json', 'as JSON')
    .action(async (code: string, options: { at?: string; json?: boolean }) => {
      const at = options.at === undefined ? undefined : toUtc(options.at);
      if (options.at !== undefined && at === undefined) {
        throw new Problem('invalid-request', {}, [{ pointer: '--at', rule: 'instant' }]);
      }
      const context = await open();
      try {
        const name = code.normalize('NFC');
        const events = knownAt(await readDossier(context.log, name), at);
        const view = dossierView(name, events, await openPersonal(context.vault, events));
        await trace(context, name, events);
        print(options.json ? `${JSON.stringify(view, null, 2)}\n` : asText(view));
      } finally {
        await context.close();
      }
    });
}

/** No account has a colon in its id: what follows is the user of this machine. */
function trace(
  { pool, vault, clock }: CliContext,
  code: string,
  events: readonly DossierEvent[],
): Promise<void> {
  const subject = personOf(events);
  return new PostgresReadTrace(pool, vault, clock).record({
    account: `command-line:${userInfo().username}`,
    ...{ by: 'command-line', how: 'replay', route: 'motcua replay', dossiers: [code] },
    correlationId: randomUUID(),
    ...(subject === undefined ? {} : { subject }),
  });
}

const unreadable = ({ damaged }: TimelineEntry): string =>
  damaged ? ` (không đọc được / cannot be read: ${damaged.join(', ')})` : '';

function asText(view: DossierView): string {
  const lines = [
    `Hồ sơ / dossier  ${view.code}`,
    `Trạng thái / state  ${view.status} (${view.statusCode}), đồng hồ / clock ${view.clock}`,
    `Tiếp nhận / accepted  ${view.acceptedAt ?? '–'}   Hẹn trả / due  ${view.dueAt ?? '–'}   Xong / ended  ${view.endedAt ?? '–'}`,
    '',
    ...view.timeline.map((entry) =>
      [
        ...[String(entry.revision).padStart(3), entry.occurredAt],
        ...[`(ghi nhận / recorded ${entry.recordedAt})`, entry.actor],
        `${entry.type} ${JSON.stringify(entry.data)}${entry.erased ? ' (đã xoá / erased)' : ''}${unreadable(entry)}`,
      ].join('  '),
    ),
  ];
  return `${lines.join('\n')}\n`;
}
