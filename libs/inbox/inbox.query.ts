import type { Pool } from 'pg';
import type { Units } from '#libs/access/principal.js';
import type { Status } from '#libs/dossier/dossier.js';
import { Problem } from '#libs/problem/problem.js';
import { demandEngine, readingFrom } from '#libs/projection/demand-engine.js';
import type { ReminderTopic } from '#libs/reference/reminder-rules.js';

/** Where read models are, and of which log's engine they must be. */
export interface InboxTables {
  readonly pool: Pool;
  readonly engine: string;
}

/** Instants are ISO 8601 in UTC. */
export interface InboxItem {
  readonly code: string;
  readonly reminder: string;
  readonly about: ReminderTopic;
  /** As it was when the reminder was raised. */
  readonly dueAt: string;
  readonly raisedAt: string;
  readonly readAt: string | null;
  /** Of the dossier now; null where its owner may no longer list it. */
  readonly state: Status | null;
}

export interface InboxPage {
  readonly items: readonly InboxItem[];
  /** Cursor of the next page; null if this is the last one. */
  readonly next: string | null;
  /** Every event of the log up to here is in this answer. */
  readonly position: bigint;
}

export const INBOX_LIMIT = { usual: 50, most: 200 } as const;

const CHECKPOINT = `(SELECT position AS checkpoint, engine FROM projection.checkpoints WHERE name = 'inbox') c`;
type Checkpointed = { checkpoint: bigint; engine: string };
type Found = Checkpointed & (InboxItem & { position: bigint });

/**
 * What is in the inbox of an account, the newest first. One statement, so that rows and position are of one moment.
 * @param units in which its owner may list dossiers: only of those he is told the state
 * @throws Problem `invalid-request` for a cursor that is none of ours; `read-model-behind`
 */
export async function listInbox(
  { pool, engine }: InboxTables,
  account: string,
  units: Units,
  {
    unread = false,
    limit = INBOX_LIMIT.usual,
    cursor,
  }: { unread?: boolean; limit?: number; cursor?: string },
): Promise<InboxPage> {
  const before = cursor === undefined ? null : positionOf(cursor);
  const { rows } = await readingFrom('inbox', () =>
    pool.query<Found | (Checkpointed & { code: null })>(
      `SELECT c.*, i.* FROM ${CHECKPOINT} LEFT JOIN LATERAL (
         SELECT i.code, i.reminder, i.about, i.due_at AS "dueAt", i.raised_at AS "raisedAt", i.read_at AS "readAt",
                d.state, i.position
           FROM inbox.items i
           LEFT JOIN worklist.dossiers d ON d.code = i.code AND NOT d.reversed
             AND ($2::text[] IS NULL OR d.desk = ANY($2) OR d.unit = ANY($2))
             AND EXISTS (SELECT FROM projection.checkpoints WHERE name = 'worklist' AND engine = $3)
          WHERE i.account = $1 AND ($4::bigint IS NULL OR i.position < $4) ${unread ? 'AND i.read_at IS NULL' : ''}
          ORDER BY i.position DESC LIMIT ${limit + 1}
       ) i ON true ORDER BY i.position DESC`,
      [account, units === 'all' ? null : units, engine, before],
    ),
  );
  const [first] = rows;
  if (first) demandEngine({ name: 'inbox', engine: first.engine }, engine);
  const found = rows.filter((row): row is Found => row.code !== null);
  const last = found.length > limit ? found[limit - 1] : undefined;
  return {
    items: found.slice(0, limit).map(({ checkpoint: _, engine: __, position: ___, ...item }) => item),
    next: last ? String(last.position) : null,
    position: first?.checkpoint ?? 0n,
  };
}

/** How many an account has not read. @throws Problem `read-model-behind` */
export async function countUnread(
  { pool, engine }: InboxTables,
  account: string,
): Promise<{ count: number; position: bigint }> {
  const { rows } = await readingFrom('inbox', () =>
    pool.query<Checkpointed & { count: bigint }>(
      `SELECT c.*, (SELECT count(*) FROM inbox.items WHERE account = $1 AND read_at IS NULL) AS count
         FROM ${CHECKPOINT}`,
      [account],
    ),
  );
  const [first] = rows;
  if (first) demandEngine({ name: 'inbox', engine: first.engine }, engine);
  return { count: Number(first?.count ?? 0n), position: first?.checkpoint ?? 0n };
}

/**
 * Whether there is something left to mark as read: this item, or with `before` also what came before it.
 * @throws Problem `inbox-item-unknown` for what is not in the inbox of this account; `read-model-behind`
 */
export async function isUnread(
  { pool, engine }: InboxTables,
  account: string,
  { code, reminder, before }: { code: string; reminder: string; before: boolean },
): Promise<{ unread: boolean; position: bigint }> {
  const others = `EXISTS (SELECT FROM inbox.items o
    WHERE o.account = $1 AND o.read_at IS NULL AND o.position < i.position)`;
  const { rows } = await readingFrom('inbox', () =>
    pool.query<Checkpointed & { account: string | null; unread: boolean }>(
      `SELECT c.*, i.account, i.read_at IS NULL ${before ? `OR ${others}` : ''} AS unread
         FROM ${CHECKPOINT} LEFT JOIN inbox.items i ON i.account = $1 AND i.code = $2 AND i.reminder = $3`,
      [account, code, reminder],
    ),
  );
  const [found] = rows;
  if (found) demandEngine({ name: 'inbox', engine: found.engine }, engine);
  if (!found || found.account === null) throw new Problem('inbox-item-unknown', { code, reminder });
  return { unread: found.unread, position: found.checkpoint };
}

function positionOf(cursor: string): string {
  if (/^\d{1,18}$/.test(cursor)) return cursor;
  throw new Problem('invalid-request', {}, [{ pointer: 'query:cursor', rule: 'cursor' }]);
}
