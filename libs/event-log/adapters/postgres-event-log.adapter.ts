import type { Pool } from 'pg';
import {
  type Append,
  appendOneByOne,
  type AppendResult,
  type Batch,
  type ExpectedRevision,
  type InTurn,
  type LogEngine,
  LogUnavailable,
  type NewEvent,
  type ReadAllOptions,
  type ReadStreamOptions,
  type RecordedEvent,
  type SubscribeOptions,
  WrongExpectedRevision,
} from '../event-log.js';
import { canonicalBody, sha256 } from '../hash.js';
import { AppendSignal } from './postgres-append-signal.adapter.js';
import { APPEND_LOCK } from './postgres-schema.adapter.js';
import {
  COLUMNS,
  type EventRow,
  isUnavailable,
  isUniqueViolation,
  toEvent,
  toInTurn,
} from './postgres-rows.adapter.js';

/** In positions; streams are read by as many events. */
const PAGE = 1_000n;
const LONGEST_WAIT_MS = 2_000;

/**
 * The log in PostgreSQL 14 or newer (`eventLogMigrations` made its tables). Positions are contiguous and in the
 * order of commits.
 */
export class PostgresEventLog implements LogEngine {
  readonly engine = 'postgresql';
  readonly contiguous = true;
  private readonly signal: AppendSignal;

  constructor(private readonly pool: Pool) {
    this.signal = new AppendSignal(pool);
  }

  async append(
    stream: string,
    expected: ExpectedRevision,
    events: readonly NewEvent[],
  ): Promise<AppendResult> {
    const { done, refused } = await this.call([{ stream, expected, events }]).catch((error: unknown) => {
      throw isUniqueViolation(error) ? new WrongExpectedRevision(stream, expected, undefined) : error;
    });
    if (refused) throw refused;
    if (!done[0]) throw new LogUnavailable('append gave no answer');
    return done[0];
  }

  async appendInTurn(appends: readonly Append[]): Promise<InTurn> {
    try {
      return await this.call(appends);
    } catch (error) {
      // One of the ids stands in another stream, and nothing was written: find out which.
      if (isUniqueViolation(error)) return appendOneByOne(this, appends);
      throw error;
    }
  }

  async *readStream(stream: string, options: ReadStreamOptions = {}): AsyncIterable<RecordedEvent> {
    const back = options.direction === 'backwards';
    let left = options.limit ?? Infinity;
    let next = options.from;
    while (left > 0) {
      const size = Math.min(Number(PAGE), left);
      const rows = await this.rows(
        `SELECT ${COLUMNS} FROM event_log.events
          WHERE stream = $1 AND ($2::bigint IS NULL OR revision ${back ? '<=' : '>='} $2)
          ORDER BY revision ${back ? 'DESC' : 'ASC'} LIMIT $3`,
        [stream, next?.toString() ?? null, size],
      );
      for (const row of rows) {
        const event = toEvent(row);
        next = back ? event.revision - 1n : event.revision + 1n;
        yield event;
      }
      left -= rows.length;
      if (rows.length < size || (next !== undefined && next < 0n)) return;
    }
  }

  async *readAll(options: ReadAllOptions = {}): AsyncIterable<RecordedEvent> {
    const head = await this.head();
    const until = least(options.until ?? head, head);
    let from = options.from ?? 0n;
    const page = (): Promise<EventRow[]> => this.page(from, least(from + PAGE, until), options.categories);
    // The next page is on its way while this one is being used.
    let ahead = page();
    try {
      while (from < until) {
        const rows = await ahead;
        from += PAGE;
        if (from < until) ahead = page();
        for (const row of rows) yield toEvent(row);
      }
    } finally {
      ahead.catch(() => undefined);
    }
  }

  async *subscribeAll(options: SubscribeOptions): AsyncIterable<Batch> {
    const { signal, categories } = options;
    let position = options.from ?? 0n;
    let failures = 0;
    let idle = false;
    while (!signal.aborted) {
      const signals = this.signal.count;
      try {
        const { rows, head } = await this.look(position, categories);
        const reached = least(position + PAGE, head);
        failures = 0;
        if (reached > position || !idle) {
          position = reached;
          idle = position === head;
          yield { events: rows.map(toEvent), position, caughtUp: idle };
          if (!idle) continue;
        }
      } catch (error) {
        if (!(error instanceof LogUnavailable)) throw error;
        failures = Math.min(failures + 1, 5);
      }
      await this.signal.after(signals, signal, failures ? 50 * 2 ** failures : LONGEST_WAIT_MS);
    }
  }

  async head(): Promise<bigint> {
    const { rows } = await this.query<{ head: string }>(
      `SELECT coalesce(max(position), 0)::text AS head FROM event_log.events`,
      [],
    );
    return BigInt(rows[0]?.head ?? 0);
  }

  async streamOf(id: string): Promise<string | undefined> {
    const [row] = await this.rows<[string]>(`SELECT stream FROM event_log.events WHERE id = $1`, [id]);
    return row?.[0];
  }

  async requireWritable(): Promise<void> {
    await this.head();
  }

  async restore(events: readonly RecordedEvent[]): Promise<void> {
    const client = await this.pool.connect().catch((error: unknown) => {
      throw new LogUnavailable(error);
    });
    try {
      await client.query('BEGIN');
      await client.query('SELECT pg_advisory_xact_lock($1)', [APPEND_LOCK]);
      const { rowCount } = await client.query(RESTORE, [
        events.map((e) => e.stream),
        events.map((e) => e.revision.toString()),
        events.map(canonicalBody),
        events.map((e) => e.recordedAt),
        events.map((e) => e.previousHash),
        events.map((e) => e.hash),
      ]);
      if (rowCount !== events.length) throw new RangeError('an event does not follow the end of its stream');
      await client.query(`SELECT pg_notify('event_log', '')`);
      await client.query('COMMIT');
    } catch (error) {
      await client.query('ROLLBACK').catch(() => undefined);
      throw isUnavailable(error) ? new LogUnavailable(error) : error;
    } finally {
      client.release();
    }
  }

  async close(): Promise<void> {
    await this.signal.close();
  }

  private async call(appends: readonly Append[]): Promise<InTurn> {
    if (appends.some(({ events }) => events.length === 0)) {
      throw new RangeError('an append needs at least one event');
    }
    const events = appends.flatMap((append) => append.events);
    const bodies = events.map(canonicalBody);
    const { rows } = await this.query<{ results: string }>(`CALL event_log.append($1, $2, $3, $4, $5, $6)`, [
      appends.map((append) => append.stream),
      appends.map(({ expected }) =>
        expected === 'no_stream' ? '-1' : expected === 'any' ? '-2' : String(expected),
      ),
      appends.map((append) => append.events.length),
      events.map((event) => event.id),
      bodies,
      bodies.map(sha256),
    ]);
    return toInTurn(appends, rows[0]?.results ?? '[]');
  }

  /** The next page and the end of the log, in one question. */
  private async look(
    from: bigint,
    categories: readonly string[] | undefined,
  ): Promise<{ rows: EventRow[]; head: bigint }> {
    const found = await this.rows<[...EventRow, head: string] | [...null[], head: string]>(
      `SELECT e.*, head.position FROM (SELECT coalesce(max(position), 0) AS position FROM event_log.events) head
         LEFT JOIN LATERAL (${pageSql(categories)}) e ON true ORDER BY e.position`,
      [from.toString(), (from + PAGE).toString(), ...(categories ? [[...categories]] : [])],
    );
    const head = BigInt(found[0]?.at(-1) ?? 0);
    return {
      rows: found.filter(
        (row): row is [...EventRow, head: string] => row[0] !== null,
      ) as unknown as EventRow[],
      head,
    };
  }

  private page(from: bigint, until: bigint, categories: readonly string[] | undefined): Promise<EventRow[]> {
    return this.rows(pageSql(categories), [
      from.toString(),
      until.toString(),
      ...(categories ? [[...categories]] : []),
    ]);
  }

  private async rows<R extends unknown[] = EventRow>(text: string, values: unknown[]): Promise<R[]> {
    try {
      const { rows } = await this.pool.query<R>({ text, values, rowMode: 'array', types: RAW });
      return rows;
    } catch (error) {
      throw isUnavailable(error) ? new LogUnavailable(error) : error;
    }
  }

  private async query<R extends object>(text: string, values: unknown[]): Promise<{ rows: R[] }> {
    try {
      return await this.pool.query<R>({ text, values, types: RAW });
    } catch (error) {
      throw isUnavailable(error) ? new LogUnavailable(error) : error;
    }
  }
}

/**
 * A page of the log: after $1, up to $2, of the categories $3. A page is a range of positions and not a number of
 * events, or PostgreSQL, which cannot know how few a category has, would look for them through the whole log.
 */
function pageSql(categories: readonly string[] | undefined): string {
  return `SELECT ${COLUMNS} FROM event_log.events
           WHERE position > $1 AND position <= $2
             ${categories ? `AND split_part(stream, '-', 1) = ANY($3)` : ''}
           ORDER BY position`;
}

/** Places events on the end of the log, unless one of them does not follow the end of its stream. */
const RESTORE = `
WITH given AS (
  SELECT * FROM unnest($1::text[], $2::bigint[], $3::json[], $4::timestamptz[], $5::text[], $6::text[])
    WITH ORDINALITY AS e(stream, revision, body, recorded_at, previous_hash, hash, n)
), ends AS (
  SELECT stream, min(revision) AS first, count(*) AS events, max(revision) AS last FROM given GROUP BY stream
), following AS (
  SELECT stream FROM ends WHERE last - first + 1 = events AND first = coalesce(
    (SELECT max(old.revision) + 1 FROM event_log.events old WHERE old.stream = ends.stream), 0)
)
INSERT INTO event_log.events (position, stream, revision, body, recorded_at, previous_hash, hash)
SELECT (SELECT coalesce(max(position), 0) FROM event_log.events) + n,
       stream, revision, body, recorded_at, previous_hash, hash
  FROM given JOIN following USING (stream)`;

function least(a: bigint, b: bigint): bigint {
  return a < b ? a : b;
}

/** Every column as the text that PostgreSQL sends: rows are parsed here and nowhere else. */
const RAW = { getTypeParser: () => (text: string) => text } as never;
