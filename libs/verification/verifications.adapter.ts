import { type Kysely, type Migration, sql } from 'kysely';
import type { Pool } from 'pg';
import {
  type NotedEnd,
  type NotedFinding,
  READ_TRACE_ENGINE,
  type VerificationRecord,
} from './verification.js';

export const verificationMigrations: Record<string, Migration> = {
  '2026-11-verifications': {
    async up(db: Kysely<unknown>): Promise<void> {
      await sql.raw('CREATE SCHEMA maintenance').execute(db);
      await sql
        .raw(
          `CREATE TABLE maintenance.verifications (
             id             bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
             engine         text NOT NULL,
             started_at     timestamptz NOT NULL,
             ended_at       timestamptz,
             events         bigint,
             streams        bigint,
             position       bigint,
             last_hash      text,
             findings_count integer,
             findings       jsonb NOT NULL DEFAULT '[]'
           )`,
        )
        .execute(db);
    },
  },
};

export interface Outcome {
  readonly endedAt: string;
  readonly end: NotedEnd;
  readonly streams: number;
  readonly findingsCount: number;
  readonly findings: readonly NotedFinding[];
}

const COLUMNS = `id, engine, started_at AS "startedAt", ended_at AS "endedAt", events, streams, position,
  findings_count AS "findingsCount", findings`;

/** What came out of each verification of the log. Nothing is ever taken away or overwritten. */
export class Verifications {
  constructor(private readonly pool: Pool) {}

  async begin(engine: string, startedAt: string): Promise<bigint> {
    const { rows } = await this.pool.query<{ id: bigint }>(
      'INSERT INTO maintenance.verifications (engine, started_at) VALUES ($1, $2) RETURNING id',
      [engine, startedAt],
    );
    return rows[0]?.id ?? 0n;
  }

  async end(id: bigint, { endedAt, end, streams, findingsCount, findings }: Outcome): Promise<void> {
    await this.pool.query(
      `UPDATE maintenance.verifications SET ended_at = $2, events = $3, position = $4, last_hash = $5, streams = $6,
              findings_count = $7, findings = $8 WHERE id = $1 AND ended_at IS NULL`,
      [
        ...[id, endedAt, end.events, end.position, end.hash],
        ...[streams, findingsCount, JSON.stringify(findings)],
      ],
    );
  }

  /** How the log in this engine ended at the last verification that came to an end. */
  async lastEnd(engine: string): Promise<NotedEnd | undefined> {
    const { rows } = await this.pool.query<NotedEnd>(
      `SELECT events, position, last_hash AS hash FROM maintenance.verifications
        WHERE engine = $1 AND ended_at IS NOT NULL ORDER BY id DESC LIMIT 1`,
      [engine],
    );
    return rows[0];
  }

  /** The newest first. */
  async latest(limit: number): Promise<readonly VerificationRecord[]> {
    const { rows } = await this.pool.query<VerificationRecord>(
      `SELECT ${COLUMNS} FROM maintenance.verifications ORDER BY id DESC LIMIT $1`,
      [limit],
    );
    return rows;
  }

  /** Of the log, or of the trace of reads, that came to an end. */
  async lastEnded(of: 'log' | 'trace' = 'log'): Promise<VerificationRecord | undefined> {
    const { rows } = await this.pool.query<VerificationRecord>(
      `SELECT ${COLUMNS} FROM maintenance.verifications
        WHERE ended_at IS NOT NULL AND engine ${of === 'trace' ? '=' : '<>'} $1 ORDER BY id DESC LIMIT 1`,
      [READ_TRACE_ENGINE],
    );
    return rows[0];
  }
}
