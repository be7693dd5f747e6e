import type { Vault } from '#libs/personal-data/vault.js';
import { DAMAGED, ERASED } from '#libs/personal-data/sealed.js';
import type { TracedRead } from './read-trace.js';
import type { TraceEntries, TraceFilter } from './trace-entries.adapter.js';

export const DEFAULT_READS = 50;
export const MOST_READS = 200;

export interface ShownRead extends Omit<TracedRead, 'reason' | 'onBehalfOf'> {
  readonly number: bigint;
  readonly onBehalfOf: string | null;
  readonly reason: string | null;
  /** There was a reason; it went with the person whom it may name. */
  readonly reasonErased: boolean;
  /** There is a reason; it cannot be read, though nobody erased it. */
  readonly reasonDamaged: boolean;
  readonly hash: string;
}

export interface ReadsPage {
  readonly items: readonly ShownRead[];
  /** Cursor of the next page; null if this is the last one. */
  readonly next: string | null;
}

/** Reads as they were traced, the newest first, with their reasons opened. */
export async function listReads(
  { entries, vault }: { entries: TraceEntries; vault: Vault },
  filter: TraceFilter,
  limit = DEFAULT_READS,
): Promise<ReadsPage> {
  const found = await entries.page(filter, limit + 1);
  const shown = found
    .slice(0, limit)
    .map(({ number, body, hash }) => ({ number, hash, ...(JSON.parse(body) as TracedRead) }));
  const opened = await vault.open(shown.flatMap(({ reason }) => reason ?? []));
  let next = 0;
  const items = shown.map(({ reason: sealed, onBehalfOf = null, ...read }) => {
    const fields = sealed && opened[next++];
    const reasonErased = fields === ERASED;
    const reasonDamaged = fields === DAMAGED;
    const reason = typeof fields === 'object' ? (fields.reason as string) : null;
    return { ...read, onBehalfOf, reason, reasonErased, reasonDamaged };
  });
  const last = found.length > limit ? items.at(-1) : undefined;
  return { items, next: last ? last.number.toString() : null };
}
