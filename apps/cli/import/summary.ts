import { printableLine } from '#apps/platform/printable.js';
import type { Refused } from '#libs/import/claims.js';
import type { Doubt } from '#libs/import/doubts.js';
import type { ImportResult } from '#libs/import/import-log.js';
import { toJson } from '../json.js';
import type { Listing } from './listing.js';

/** So many lines of a list are shown to a person. */
const SHOWN = 20;

export interface Outcome {
  readonly result: ImportResult;
  readonly refused: Listing<Refused>;
  readonly doubts: Listing<Doubt>;
  readonly durationMs: number;
}

/** For machines. Lists are cut at 10,000 entries; the counts are not. */
export function jsonSummary({ result, refused, doubts, durationMs }: Outcome): string {
  return toJson({
    ...result,
    durationMs,
    needsExplanationCount: doubts.count,
    needsExplanation: doubts.first,
    refusedRows: refused.first,
  });
}

/** For people. */
export function textSummary({ result, refused, doubts, durationMs }: Outcome): string {
  const lines = [
    `file ${result.file}${result.again ? ' (imported before)' : ''}`,
    `read ${result.read} = accepted ${result.accepted} + refused ${result.refused}; ${result.repeated} of the accepted rows brought nothing new`,
    `new: ${result.dossiers} dossiers, ${result.events} events, in ${(durationMs / 1000).toFixed(1)} s; the log stands at ${result.position}`,
    `needs explanation: ${doubts.count}`,
    ...shown(
      doubts,
      ({ row, code, reason, detail }) => `  ${printableLine(`row ${row} ${code}: ${reason} (${detail})`)}`,
    ),
  ];
  if (refused.count > 0) lines.push('refused rows are listed on the error output');
  return `${lines.join('\n')}\n`;
}

export function refusedLines(refused: Listing<Refused>): string {
  return shown(refused, ({ row, reason }) => printableLine(`refused row ${row}: ${reason}`))
    .map((line) => `${line}\n`)
    .join('');
}

function shown<T extends object>(list: Listing<T>, line: (entry: T) => string): string[] {
  const lines = list.first.slice(0, SHOWN).map(line);
  return list.count > SHOWN ? [...lines, `  … and ${list.count - SHOWN} more`] : lines;
}
