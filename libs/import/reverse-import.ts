import { DOSSIER_CATEGORY } from '#libs/dossier/dossier.events.js';
import { type Clock, isoNow } from '#libs/event-log/clock.js';
import type { EventLog } from '#libs/event-log/event-log.js';
import type { Unsealed } from '#libs/personal-data/sealing.js';
import { Problem } from '#libs/problem/problem.js';
import { importId } from './event-ids.js';
import { readImportRecord, recordImport } from './import-record.js';
import type { SoFar } from './so-far.js';
import { writeDossiers, type Writing } from './write-dossiers.js';

const AT_ONCE = 500;
const NOTHING_TO_SEAL: Writing['vault'] = { seal: () => Promise.resolve([]) };

export interface ReverseOptions {
  readonly log: EventLog;
  readonly clock: Clock;
  /** SHA-256 of the imported file. */
  readonly file: string;
  readonly onProgress?: (dossiers: number) => void;
}

/**
 * Takes back everything that the import of a file brought, by one `ImportReversed` in each of its dossiers; the log
 * keeps what was imported. A run that was broken off is finished by the next. The file can be imported again later.
 * @returns how many dossiers it was
 * @throws Problem `import-unknown` if no import of that file stands
 */
export async function reverseImport({
  log,
  clock,
  file,
  onProgress,
}: ReverseOptions): Promise<{ dossiers: number }> {
  const { started, revision } = await readImportRecord(log, file);
  if (!started) throw new Problem('import-unknown', { file });
  const correlationId = importId('reverse', file, started.id);
  const streams = new Set<string>();
  for await (const event of log.readAll({ from: started.position, categories: [DOSSIER_CATEGORY] })) {
    if (event.metadata.source?.file === file) streams.add(event.stream);
  }
  let done = 0;
  const all = [...streams];
  for (let n = 0; n < all.length; n += AT_ONCE) {
    const some = all.slice(n, n + AT_ONCE);
    await writeDossiers({ log, vault: NOTHING_TO_SEAL }, some, (stream, before) => ({
      events: compensation(stream, before),
    }));
    onProgress?.((done += some.length));
  }
  await recordImport(
    { log, clock },
    { file, revision, correlationId },
    { type: 'ImportTakenBack', data: { file, dossiers: streams.size } },
  );
  return { dossiers: streams.size };

  function compensation(stream: string, { standing, generation }: SoFar): Unsealed<object>[] {
    if (![...standing.values()].includes(file)) return [];
    const event = {
      id: importId('dossier', stream, 'reversed', file, generation),
      type: 'ImportReversed',
      schemaVersion: 1,
      data: { file },
      occurredAt: isoNow(clock),
      metadata: { actor: 'import', correlationId, causationId: correlationId },
    };
    return [{ event, parts: [] }];
  }
}
