import type { Platform } from '#apps/platform/open-platform.js';
import { projectionsWith } from '#apps/worker/projections.js';
import { compareLogs, type EventPlace } from '#libs/event-log/copy/compare-logs.js';
import { type Copied, copyLog, type LogSource } from '#libs/event-log/copy/copy-log.js';
import { Problem } from '#libs/problem/problem.js';
import { forgetCheckpoints } from '#libs/projection/checkpoints.js';
import { rebuildProjections } from '#libs/projection/rebuild.js';
import type { RebuildReport } from '#libs/projection/target.js';
import { progressBar } from '../progress.js';

export interface CopyRun {
  readonly source: LogSource;
  readonly target: Platform;
  readonly despiteFindings: boolean;
  readonly signal: AbortSignal;
}

/**
 * Copies, then reads both again and compares.
 * @throws Problem those of `copyLog`, and `copies-differ`
 */
export async function copyAndCompare({ source, target, despiteFindings, signal }: CopyRun): Promise<Copied> {
  const copied = await withBar('copy', source, (progress) =>
    copyLog({ source, target: target.rawLog, despiteFindings, signal, progress }),
  );
  const difference = await withBar('compare', source, (progress) =>
    compareLogs(source.read(), target.rawLog.readAll(), ({ position }) => {
      signal.throwIfAborted();
      progress(Number(position), Number(source.head));
    }),
  );
  if (!difference) return copied;
  const { after, what, left, right } = difference;
  throw new Problem('copies-differ', { after, what, source: inWords(left), target: inWords(right) });
}

/** Makes the read models anew, for positions are others now; so reports are right before the service starts. */
export async function bringUp(
  { log, pool, rawLog, vault }: Platform,
  signal: AbortSignal,
): Promise<RebuildReport[]> {
  const projections = projectionsWith(vault);
  await forgetCheckpoints(pool);
  return withBar('rebuild', rawLog, (progress) =>
    rebuildProjections({ log, engine: rawLog.engine, pool, projections, progress, signal }),
  );
}

/** What was done, for people; `beside` the log, too. */
export function summary(
  {
    copied,
    beside,
    readModels,
  }: { copied: Copied; beside: readonly string[]; readModels: readonly RebuildReport[] },
  words: { from: string; to: string },
): string {
  return lines([
    copiedLine(copied, words),
    'compared: both logs are equal in order, ids, times, hashes and contents',
    ...findingLines(copied),
    ...beside,
    `read models: ${readModels.map(asText).join(', ')}`,
  ]);
}

export function copiedLine(
  { events, already, streams }: Copied,
  { from, to }: { from: string; to: string },
): string {
  const before = already > 0 ? ` (${already} of them were there before)` : '';
  return `${events} events in ${streams} streams${before}: ${from} → ${to}`;
}

export function lines(texts: readonly string[]): string {
  return texts.map((text) => `${text}\n`).join('');
}

function findingLines({ findings }: Copied): string[] {
  return findings.length > 0
    ? [`${findings.length} finding(s) were copied as they are: see \`motcua verify\``]
    : [];
}

function asText({ name, position, failed }: RebuildReport): string {
  return failed
    ? `${name} NOT rebuilt (event ${failed.poisonedEvent.id}: ${failed.error})`
    : `${name} up to position ${position}`;
}

function inWords(place: EventPlace | undefined): string {
  return place ? `${place.id} (${place.stream}, revision ${place.revision})` : 'no event';
}

/** A progress bar over the positions of a log while the work goes on. */
export async function withBar<T>(
  what: string,
  log: { readonly contiguous: boolean },
  work: (progress: (done: number, total: number) => void) => Promise<T>,
): Promise<T> {
  const bar = progressBar(what, log.contiguous);
  try {
    return await work((done, total) => bar.update(done, total));
  } finally {
    bar.stop();
  }
}
