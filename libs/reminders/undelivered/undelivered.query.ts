import type { Pool } from 'pg';
import type { Units } from '#libs/access/principal.js';
import { Problem } from '#libs/problem/problem.js';
import { demandEngine, readingFrom } from '#libs/projection/demand-engine.js';
import type { ReminderTopic } from '#libs/reference/reminder-rules.js';
import type { Undelivered } from '../watched.js';

/** Where read models are, and of which log's engine they must be. */
export interface UndeliveredTables {
  readonly pool: Pool;
  readonly engine: string;
}

/** A message that could not leave, of the dossier `code`, which `unit` has now. `key` is its idempotency key. */
export interface UndeliveredItem extends Undelivered {
  readonly code: string;
  readonly unit: string;
  readonly about: ReminderTopic;
}

export interface UndeliveredPage {
  readonly items: readonly UndeliveredItem[];
  /** Cursor of the next page; null if this is the last one. */
  readonly next: string | null;
  /** Every event of the log up to here is in this answer. */
  readonly position: bigint;
}

export const UNDELIVERED_LIMIT = { usual: 50, most: 200 } as const;

type Checkpointed = { checkpoint: bigint; engine: string };
type Found = Checkpointed & UndeliveredItem;

/**
 * What could not leave of dossiers that one of these units took in or has, the newest first. One statement, so that rows
 * and position are of one moment.
 * @throws Problem `invalid-request` for a cursor that is none of ours; `read-model-behind`
 */
export async function listUndelivered(
  { pool, engine }: UndeliveredTables,
  units: Units,
  { limit = UNDELIVERED_LIMIT.usual, cursor }: { limit?: number; cursor?: string },
): Promise<UndeliveredPage> {
  const after = cursor === undefined ? undefined : readCursor(cursor);
  const { rows } = await readingFrom('reminders', () =>
    pool.query<Found | (Checkpointed & { key: null })>(
      `SELECT c.position AS checkpoint, c.engine, f.* FROM projection.checkpoints c LEFT JOIN LATERAL (
         SELECT w.code, w.watched->'row'->>'unit' AS unit, split_part(u.reminder, '/', 1) AS about, u.*
           FROM reminders.watched w, jsonb_to_recordset(w.watched->'undelivered')
             AS u(reminder text, channel text, "to" text, key text, attempts int, reason text, "failedAt" text)
          WHERE w.undelivered
            AND ($1::text[] IS NULL OR w.watched->'row'->>'desk' = ANY($1) OR w.watched->'row'->>'unit' = ANY($1))
            AND ($2::text IS NULL OR (u."failedAt", u.key) < ($2, $3::text))
          ORDER BY u."failedAt" DESC, u.key DESC LIMIT ${limit + 1}
       ) f ON true WHERE c.name = 'reminders' ORDER BY f."failedAt" DESC, f.key DESC`,
      [units === 'all' ? null : units, after?.failedAt ?? null, after?.key ?? null],
    ),
  );
  const [first] = rows;
  demandEngine({ name: 'reminders', engine: first?.engine ?? '' }, engine);
  const found = rows.filter((row): row is Found => row.key !== null);
  const last = found.length > limit ? found[limit - 1] : undefined;
  return {
    items: found.slice(0, limit).map(({ checkpoint: _, engine: __, ...item }) => item),
    next: last ? `${last.failedAt}_${last.key}` : null,
    position: first?.checkpoint ?? 0n,
  };
}

function readCursor(cursor: string): Pick<Undelivered, 'failedAt' | 'key'> {
  const [, failedAt, key] = /^([\dT:.Z-]{24})_([\da-f-]{36})$/.exec(cursor) ?? [];
  if (failedAt !== undefined && key !== undefined) return { failedAt, key };
  throw new Problem('invalid-request', {}, [{ pointer: 'query:cursor', rule: 'cursor' }]);
}
