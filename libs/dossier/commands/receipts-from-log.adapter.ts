import type { Pool } from 'pg';
import { categoryOf, type EventLog } from '#libs/event-log/event-log.js';
import { DOSSIER_CATEGORY } from '../dossier.events.js';

const BATCH = 5_000;

interface Done {
  readonly code: string;
  readonly hash: string;
  readonly at: string;
}

/**
 * Writes the receipts of all commands that the log knows of: for a database that has none yet, or not all. Without
 * them a repeated opening would be refused for ever, because its events stand under a code that nobody looks up.
 * Receipts that are there stay as they are; one that was claimed and never settled is settled.
 * @returns how many commands the log holds
 */
export async function receiptsFromLog(
  log: EventLog,
  pool: Pool,
  progress: (position: bigint) => void = () => undefined,
): Promise<number> {
  let commands = 0;
  let batch = new Map<string, Done>();
  let last: string | undefined;
  for await (const { stream, metadata, recordedAt, position } of log.readAll({
    categories: [DOSSIER_CATEGORY],
  })) {
    const { commandId, commandHash } = metadata;
    // The events of a command stand one after another.
    if (commandId === undefined || commandHash === undefined || commandId === last) continue;
    last = commandId;
    batch.set(commandId, { code: codeOf(stream), hash: commandHash, at: recordedAt });
    commands += 1;
    if (batch.size < BATCH) continue;
    await write(pool, batch);
    progress(position);
    batch = new Map();
  }
  await write(pool, batch);
  return commands;
}

async function write(pool: Pool, batch: ReadonlyMap<string, Done>): Promise<void> {
  if (batch.size === 0) return;
  const done = [...batch.values()];
  await pool.query(WRITE, [
    [...batch.keys()],
    done.map(({ hash }) => hash),
    done.map(({ code }) => code),
    done.map(({ at }) => at),
  ]);
}

function codeOf(stream: string): string {
  return decodeURIComponent(stream.slice(categoryOf(stream).length + 1));
}

/** In the order of ids, as claims are made. Nobody is at these commands any more: claimed by the nil UUID. */
const WRITE = `
INSERT INTO command_receipts (command_id, hash, code, claimed_by, claimed_at)
SELECT id, hash, code, '00000000-0000-0000-0000-000000000000', at
  FROM unnest($1::uuid[], $2::text[], $3::text[], $4::timestamptz[]) AS given(id, hash, code, at)
 ORDER BY id
ON CONFLICT (command_id) DO UPDATE SET code = excluded.code
  WHERE command_receipts.code IS NULL AND command_receipts.hash = excluded.hash`;
