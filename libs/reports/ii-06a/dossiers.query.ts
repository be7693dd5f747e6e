import type { PoolClient } from 'pg';
import type { Column, Period } from './columns.js';

export interface DossiersQuery extends Period {
  readonly column: Column;
  readonly unit: string | null;
  readonly field: string | null;
  readonly procedure: string | null;
  /** Code of the last dossier of the page before. */
  readonly cursor: string | null;
  readonly limit: number;
}

/** A dossier behind a figure. Instants are ISO 8601 in UTC with milliseconds. */
export interface DossierBehind {
  readonly code: string;
  readonly unit: string;
  readonly field: string;
  readonly procedure: string;
  readonly channel: string;
  readonly acceptedAt: string;
  readonly dueAt: string | null;
  readonly endedAt: string | null;
  readonly endClass: string | null;
  readonly needsExplanation: readonly string[];
}

export interface Page<T> {
  readonly items: readonly T[];
  /** To ask for the next page with; null on the last. */
  readonly next: string | null;
}

const RECEIVED = 'accepted_at >= $1 AND accepted_at < $2';
const CARRIED = 'accepted_at < $1 AND (counted_end_at IS NULL OR counted_end_at >= $1)';
const ENDED = 'counted_end_at >= $1 AND counted_end_at < $2 AND accepted_at < $2';
const PENDING = 'accepted_at < $2 AND (counted_end_at IS NULL OR counted_end_at >= $2)';

/** What each column counts; `$1` and `$2` are the period. */
const BEHIND: Record<Column, string> = {
  '3': `(${RECEIVED} OR ${CARRIED})`,
  '4': `${RECEIVED} AND channel = 'online'`,
  '5': `${RECEIVED} AND channel <> 'online'`,
  '6': CARRIED,
  '7': ENDED,
  '8': `${ENDED} AND end_class = 'before'`,
  '9': `${ENDED} AND end_class = 'on'`,
  '10': `${ENDED} AND end_class = 'late'`,
  '11': PENDING,
  '12': `${PENDING} AND (overdue_from IS NULL OR overdue_from >= $2)`,
  '13': `${PENDING} AND overdue_from < $2`,
};

/** The dossiers behind one figure of the form, by code; as many as the figure says. */
export async function dossiersBehind(db: PoolClient, query: DossiersQuery): Promise<Page<DossierBehind>> {
  const { rows } = await db.query<DossierBehind>(
    `SELECT code, unit, field, procedure, channel, accepted_at AS "acceptedAt", due_at AS "dueAt",
            ended_at AS "endedAt", end_class AS "endClass", needs_explanation AS "needsExplanation"
       FROM report.facts
      WHERE $1::timestamptz < $2::timestamptz AND ${BEHIND[query.column]} AND ($3::text IS NULL OR unit = $3) AND ($4::text IS NULL OR field = $4)
        AND ($5::text IS NULL OR procedure = $5) AND ($6::text IS NULL OR code > $6)
      ORDER BY code LIMIT $7`,
    [query.from, query.to, query.unit, query.field, query.procedure, query.cursor, query.limit + 1],
  );
  return pageOf(rows, query.limit);
}

/** A page out of the rows that were found when one more than the page was asked for. */
export function pageOf<T extends { readonly code: string }>(rows: readonly T[], limit: number): Page<T> {
  const items = rows.slice(0, limit);
  return { items, next: rows.length > limit ? (items[items.length - 1]?.code ?? null) : null };
}
