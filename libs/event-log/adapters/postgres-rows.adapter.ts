import { type Append, type InTurn, type RecordedEvent, WrongExpectedRevision } from '../event-log.js';

/** Columns in the order of `EventRow`, each as text. */
export const COLUMNS = `position, stream, revision, body, to_json(recorded_at AT TIME ZONE 'UTC') #>> '{}' AS recorded_at, previous_hash, hash`;
export type EventRow = [
  position: string,
  stream: string,
  revision: string,
  body: string,
  recordedAt: string,
  previousHash: string,
  hash: string,
];

type Body = Omit<RecordedEvent, 'stream' | 'revision' | 'position' | 'recordedAt' | 'previousHash' | 'hash'>;

export function toEvent([
  position,
  stream,
  revision,
  body,
  recordedAt,
  previousHash,
  hash,
]: EventRow): RecordedEvent {
  return {
    ...(JSON.parse(body) as Body),
    stream,
    revision: BigInt(revision),
    position: BigInt(position),
    recordedAt: withMilliseconds(recordedAt),
    previousHash,
    hash,
  };
}

/** `2024-01-15T02:30:00.1` as `2024-01-15T02:30:00.100Z`: PostgreSQL leaves trailing zeros out. */
function withMilliseconds(text: string): string {
  return text.length === 19 ? `${text}.000Z` : `${text.padEnd(23, '0')}Z`;
}

/** What the append procedure says of each append. Numbers are far below 2^53. */
interface AppendRow {
  status: 'appended' | 'repeated' | 'wrong';
  revision: number | null;
  position: number;
  recordedAt: string;
}

export function toInTurn(appends: readonly Append[], results: string): InTurn {
  const rows = JSON.parse(results) as AppendRow[];
  const wrong = rows.findIndex(({ status }) => status === 'wrong');
  const at = appends[wrong];
  const revision = rows[wrong]?.revision ?? undefined;
  return {
    done: rows
      .filter(({ status }) => status !== 'wrong')
      .map((row) => ({
        revision: BigInt(row.revision ?? 0),
        position: BigInt(row.position),
        recordedAt: row.recordedAt,
        repeated: row.status === 'repeated',
      })),
    refused:
      at &&
      new WrongExpectedRevision(
        at.stream,
        at.expected,
        revision === undefined ? undefined : BigInt(revision),
      ),
  };
}

/** True if the engine could not be reached or went away: the outcome is unknown, and trying again is right. */
export function isUnavailable(error: unknown): boolean {
  const code = (error as { code?: unknown }).code;
  if (typeof code !== 'string') {
    return (
      error instanceof Error &&
      /terminated|timeout|closed|not queryable|ended|calling end/i.test(error.message)
    );
  }
  // Classes 08 (connection), 53 (resources), 57P (shutdown), 58 (system); the rest are errors of the socket.
  return /^(08|53|57P|58|25006)/.test(code) || /^E[A-Z]+$/.test(code);
}

export function isUniqueViolation(error: unknown): boolean {
  return (error as { code?: unknown }).code === '23505';
}
