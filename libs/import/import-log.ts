import { type Clock, isoNow } from '#libs/event-log/clock.js';
import type { EventLog } from '#libs/event-log/event-log.js';
import { sha256 } from '#libs/event-log/hash.js';
import { subjectOfStream } from '#libs/personal-data/subject.js';
import type { Vault } from '#libs/personal-data/vault.js';
import type { ReferenceData } from '#libs/reference/reference.events.js';
import { type Claims, claimsOf, type Refused } from './claims.js';
import type { Doubt } from './doubts.js';
import { importId } from './event-ids.js';
import type { ImportCounts } from './import.events.js';
import { readImportRecord, recordImport } from './import-record.js';
import { parseMapping, requiredColumns } from './mapping.js';
import { plan, type PlanContext } from './plan.js';
import { hashOf, type LogFile, readLog } from './readers/read-log.js';
import { dossierStream, writeDossiers } from './write-dossiers.js';

export interface ImportOptions {
  readonly log: EventLog;
  readonly clock: Clock;
  readonly vault: Pick<Vault, 'seal' | 'digest'>;
  /** Published versions; what the mapping asks for must be among them. */
  readonly reference: ReferenceData;
  /** Text of the mapping file. */
  readonly mapping: string;
  /** The log to import. */
  readonly source: LogFile;
  /** Every refused row, in order of rows. */
  readonly onRefused: (refused: Refused) => void;
  /** Everything that needs explanation, in order of rows. */
  readonly onDoubt: (doubt: Doubt) => void;
  /** Bytes of the file read so far. */
  readonly onProgress?: (bytes: number) => void;
  /** Stops the run; the same call later goes on from there. */
  readonly signal?: AbortSignal;
}

export interface ImportResult extends ImportCounts {
  /** SHA-256 of the file. */
  readonly file: string;
  /** The file could not be read to its end. */
  readonly broken: boolean;
  /** A run over this very file had been completed before. */
  readonly again: boolean;
  /** Everything imported stands in the log up to here. */
  readonly position: bigint;
}

/** Rows held in memory at once. */
const CHUNK = 2_000;

/**
 * Imports an event log. Ids of events follow from what a row says, so that a run after a broken one, a second run, or
 * a longer export of the same log adds exactly what is missing.
 * @throws Problem `import-mapping`, `import-header`
 * @throws LogUnavailable with what came before it written; run it again
 */
export async function importLog(options: ImportOptions): Promise<ImportResult> {
  const { log, clock, source, vault } = options;
  const mapping = parseMapping(options.mapping);
  const file = await hashOf(source);
  const mappingHash = sha256(options.mapping);
  const correlationId = importId('run', file, mappingHash);
  const run = new Run(options);
  const records = readLog(source, {
    delimiter: mapping.delimiter,
    required: requiredColumns(mapping),
    onRead: options.onProgress,
  });
  try {
    // A file with a wrong header is found out before anything is written.
    let next = await records.next();
    const { revision, started, completed } = await readImportRecord(log, file);
    const data = { file, fileName: source.name, mapping: mappingHash, mappingName: mapping.name };
    const causationId =
      started?.id ??
      (await recordImport(options, { file, revision, correlationId }, { type: 'ImportStarted', data }));
    const statesAcceptance = mapping.columns.acceptance !== undefined;
    const { reference } = options;
    const context = {
      ...{ file, correlationId, causationId, reference, zone: mapping.zone, statesAcceptance },
      subjectOf: (code: string) => subjectOfStream(dossierStream(code)),
      digest: (text: string) => vault.digest('command', text).toString('base64url'),
    };
    for (; !next.done; next = await records.next()) {
      const record = next.value;
      if ('fields' in record) run.take(claimsOf(record, mapping));
      else run.take({ row: record.row, reason: record.refused }, record.broken);
      if (run.isFull) await run.flush({ ...context, now: isoNow(clock) });
    }
    await run.flush({ ...context, now: isoNow(clock) });
    await run.complete(file, correlationId, completed);
    return { file, ...run.counts, broken: run.broken, again: completed, position: await log.head() };
  } finally {
    await records.return(undefined);
  }
}

/** Gathers rows, writes them by dossier, and keeps count. */
class Run {
  readonly counts = { read: 0, accepted: 0, refused: 0, repeated: 0, dossiers: 0, events: 0 };
  broken = false;
  private rows: Claims[] = [];
  private refused: Refused[] = [];
  private held = 0;

  constructor(private readonly options: ImportOptions) {}

  get isFull(): boolean {
    return this.held >= CHUNK;
  }

  take(row: Claims | Refused, broken = false): void {
    this.held++;
    this.counts.read++;
    this.broken ||= broken;
    if ('reason' in row) this.refused.push(row);
    else this.rows.push(row);
  }

  async flush(context: PlanContext): Promise<void> {
    const { onRefused, onDoubt } = this.options;
    const refused = this.refused;
    const groups = groupByDossier(this.rows);
    const written = await writeDossiers(this.options, groups.keys(), (stream, before) =>
      plan(groups.get(stream) ?? [], before, context),
    );
    for (const { repeated, events } of written) {
      this.counts.repeated += repeated;
      this.counts.events += events.length;
      if (events.some(({ event }) => event.type === 'DossierAccepted')) this.counts.dossiers++;
    }
    const turnedDown = written.flatMap((one) => one.refused);
    const accepted = this.rows.length - turnedDown.length;
    refused.push(...turnedDown);
    const doubts = written.flatMap((one) => [...one.doubts]);
    this.counts.accepted += accepted;
    this.counts.refused += refused.length;
    for (const one of refused.sort((a, b) => a.row - b.row)) onRefused(one);
    for (const one of doubts.sort((a, b) => a.row - b.row)) onDoubt(one);
    this.rows = [];
    this.refused = [];
    this.held = 0;
  }

  /** A second run that brings nothing new leaves no trace. */
  async complete(file: string, correlationId: string, completedBefore: boolean): Promise<void> {
    if (completedBefore && this.counts.events === 0) return;
    const { revision } = await readImportRecord(this.options.log, file);
    const data = { ...this.counts, broken: this.broken };
    await recordImport(this.options, { file, revision, correlationId }, { type: 'ImportCompleted', data });
  }
}

function groupByDossier(rows: readonly Claims[]): Map<string, Claims[]> {
  const groups = new Map<string, Claims[]>();
  for (const claims of rows) {
    const stream = dossierStream(claims.code);
    const group = groups.get(stream);
    if (group) group.push(claims);
    else groups.set(stream, [claims]);
  }
  return groups;
}
