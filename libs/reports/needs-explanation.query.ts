import type { PoolClient } from 'pg';
import type { Reason } from './facts/fact-state.js';
import { type Page, pageOf } from './ii-06a/dossiers.query.js';

export interface NeedsExplanation {
  readonly code: string;
  readonly reasons: readonly Reason[];
}

/** Dossiers with something in them that asks for an explanation, by code; `cursor` is the last code before. */
export async function needingExplanation(
  db: PoolClient,
  { cursor, limit }: { cursor: string | null; limit: number },
): Promise<Page<NeedsExplanation>> {
  const { rows } = await db.query<NeedsExplanation>(
    `SELECT code, needs_explanation AS reasons FROM report.facts
      WHERE needs_explanation <> '{}' AND ($1::text IS NULL OR code > $1) ORDER BY code LIMIT $2`,
    [cursor, limit + 1],
  );
  return pageOf(rows, limit);
}
