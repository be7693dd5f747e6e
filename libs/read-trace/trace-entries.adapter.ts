import type { Pool } from 'pg';
import type { TraceEntry } from './trace-chain.js';

const PAGE = 1_000;
const COLUMNS = `number, body::text AS body, previous_hash AS "previousHash", hash`;

/** Which entries; all that are given must hold. */
export interface TraceFilter {
  readonly dossier?: string | undefined;
  readonly account?: string | undefined;
  /** Instants in UTC; `to` is exclusive. */
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  /** Entries before this number. */
  readonly before?: bigint | undefined;
}

/** What the trace holds. */
export class TraceEntries {
  constructor(private readonly pool: Pool) {}

  /** The newest first. */
  async page(filter: TraceFilter, limit: number): Promise<readonly TraceEntry[]> {
    const values: unknown[] = [];
    const where: string[] = [];
    const add = (sql: (parameter: string) => string, value: unknown): void => {
      if (value === undefined) return;
      values.push(value);
      where.push(sql(`$${values.length}`));
    };
    add((p) => `(body ->> 'dossiers')::jsonb @> jsonb_build_array(${p}::text)`, filter.dossier);
    add((p) => `body ->> 'account' = ${p}`, filter.account);
    add((p) => `(body ->> 'at') COLLATE "C" >= ${p}`, filter.from);
    add((p) => `(body ->> 'at') COLLATE "C" < ${p}`, filter.to);
    add((p) => `number < ${p}`, filter.before);
    const { rows } = await this.pool.query<TraceEntry>(
      `SELECT ${COLUMNS} FROM read_trace.reads ${where.length > 0 ? `WHERE ${where.join(' AND ')}` : ''}
        ORDER BY number DESC LIMIT ${limit}`,
      values,
    );
    return rows;
  }

  /** All that there is when it begins, from the first on. */
  async *entries(): AsyncIterable<TraceEntry> {
    const end = await this.last();
    let after = 0n;
    for (;;) {
      const { rows } = await this.pool.query<TraceEntry>(
        `SELECT ${COLUMNS} FROM read_trace.reads WHERE number > $1 AND number <= $2 ORDER BY number LIMIT ${PAGE}`,
        [after, end],
      );
      yield* rows;
      const last = rows.at(-1);
      if (!last || rows.length < PAGE) return;
      after = last.number;
    }
  }

  /** Number of the last entry; 0 before the first. */
  async last(): Promise<bigint> {
    const { rows } = await this.pool.query<{ last: bigint }>(
      'SELECT coalesce(max(number), 0) AS last FROM read_trace.reads',
    );
    return rows[0]?.last ?? 0n;
  }
}
