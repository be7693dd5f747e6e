import type { Pool } from 'pg';
import type { TraceEntry } from './trace-chain.js';
import { TraceEntries } from './trace-entries.adapter.js';

export interface TraceCopied {
  /** Of the source, as far as both agree. */
  readonly entries: number;
  /** How many of them the target held before. */
  readonly already: number;
  /** The first entry that is another one there: from it on nothing was copied. */
  readonly differsAt?: bigint;
}

const TOGETHER = 1_000;

/**
 * Brings a trace into a database, with its numbers and hashes as they are, findings too. What the target holds must be
 * its beginning, or go on from its end: two traces cannot be joined. Broken off, the same call goes on.
 */
export async function copyTrace({
  source,
  target,
  signal,
}: {
  readonly source: AsyncIterable<TraceEntry>;
  readonly target: Pool;
  readonly signal?: AbortSignal;
}): Promise<TraceCopied> {
  const held = new TraceEntries(target).entries()[Symbol.asyncIterator]();
  let [entries, already] = [0, 0];
  let batch: TraceEntry[] = [];
  const flush = async (): Promise<void> => {
    signal?.throwIfAborted();
    if (batch.length > 0) await target.query(INSERT, columnsOf(batch));
    batch = [];
  };
  for await (const entry of source) {
    const there = await held.next();
    if (there.done !== true) {
      if (!equal(there.value, entry)) {
        await held.return?.();
        return { entries, already, differsAt: entry.number };
      }
      already += 1;
    } else {
      batch.push(entry);
      if (batch.length === TOGETHER) await flush();
    }
    entries += 1;
  }
  await flush();
  await held.return?.();
  return { entries, already };
}

function equal(one: TraceEntry, other: TraceEntry): boolean {
  return (
    one.number === other.number &&
    one.body === other.body &&
    one.previousHash === other.previousHash &&
    one.hash === other.hash
  );
}

const columnsOf = (entries: readonly TraceEntry[]): string[][] => [
  entries.map(({ number }) => number.toString()),
  entries.map(({ body }) => body),
  entries.map(({ previousHash }) => previousHash),
  entries.map(({ hash }) => hash),
];

const INSERT = `
INSERT INTO read_trace.reads (number, body, previous_hash, hash)
SELECT * FROM unnest($1::bigint[], $2::json[], $3::text[], $4::text[])`;
