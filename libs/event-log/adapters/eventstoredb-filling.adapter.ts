import type { Pool, PoolClient } from 'pg';
import { LogUnavailable, type RecordedEvent } from '../event-log.js';
import { plainId } from './eventstoredb-events.adapter.js';
import { enterIds, type Filling } from './eventstoredb-ids.adapter.js';
import type { EventStoreReader } from './eventstoredb-read.adapter.js';
import { isUnavailable } from './postgres-rows.adapter.js';

const CHUNK = 1_000;
/** Appends after which it is written down how far the table is complete. */
const NOTED_EVERY = 1_000;

interface FilledRow {
  readonly position: string;
  /** Of the event at this position: by it the log is known again. */
  readonly id: string | null;
  readonly stream: string | null;
  readonly revision: string | null;
  readonly started: string;
}

/**
 * Sees to it that `event_ids` has every event of the log before the first claim: what it lacks, because it is new,
 * was lost, or is older than the log, is read from the log. Afterwards it stays complete by itself, since every writer
 * claims before it appends. Looked at again when PostgreSQL was started again: another server may have taken over
 * that had not got everything.
 */
export class EventIdsFilling implements Filling {
  private filling: Promise<void> | undefined;
  private run: string | undefined;
  private appends = 0;
  private last: { readonly position: bigint; readonly id: string } | undefined;

  constructor(
    private readonly pool: Pool,
    private readonly reader: EventStoreReader,
  ) {}

  complete(): Promise<void> {
    this.filling ??= this.fill().catch((error: unknown) => {
      this.filling = undefined;
      throw isUnavailable(error) ? new LogUnavailable(error) : error;
    });
    return this.filling;
  }

  sameRun(startedAt: string): boolean {
    const same = this.run === startedAt;
    if (!same) this.filling = undefined;
    return same;
  }

  /** An event of this process that stands in the log: all before it do, and are in the table. */
  appended(position: bigint, id: string): void {
    if (this.last && this.last.position >= position) return;
    this.last = { position, id };
    this.appends += 1;
    if (this.appends % NOTED_EVERY === 0) void this.note();
  }

  /** Writes down how far it is complete; where that is lost, more is read from the log next time. */
  async note(): Promise<void> {
    const { last } = this;
    if (!last) return;
    // Not into another run of PostgreSQL, which may lack some of them: that is found out with the next claim.
    await this.pool
      .query(
        `UPDATE eventstoredb.filled SET position = $1, id = $2
          WHERE position < $1 AND pg_postmaster_start_time()::text = $3`,
        [last.position.toString(), last.id, this.run],
      )
      .catch(() => undefined);
  }

  private async fill(): Promise<void> {
    const from = await this.begin();
    let chunk: RecordedEvent[] = [];
    const take = async (): Promise<void> => {
      await this.inTransaction(async (client) => {
        await enterIds(client, chunk);
        const { position, id } = chunk.at(-1) as RecordedEvent;
        await client.query(`UPDATE eventstoredb.filled SET position = $1, id = $2 WHERE position < $1`, [
          position.toString(),
          id,
        ]);
      });
      chunk = [];
    };
    for await (const event of this.reader.all({ from })) {
      chunk.push(event);
      if (chunk.length >= CHUNK) await take();
    }
    if (chunk.length > 0) await take();
  }

  /** Where to read on. A table that was filled from another log, or from one that reached further, is emptied. */
  private async begin(): Promise<bigint> {
    return this.inTransaction(async (client) => {
      const { rows } = await client.query<FilledRow>(
        `SELECT f.position::text, f.id, i.stream, i.revision::text, pg_postmaster_start_time()::text AS started
           FROM eventstoredb.filled f LEFT JOIN eventstoredb.event_ids i USING (id) FOR UPDATE OF f`,
      );
      const found = rows[0];
      this.run = found?.started;
      const position = BigInt(found?.position ?? 0);
      if (position === 0n || (found && (await this.holds(found)))) return position;
      await client.query('DELETE FROM eventstoredb.event_ids');
      await client.query('UPDATE eventstoredb.filled SET position = 0, id = NULL');
      return 0n;
    });
  }

  /** By its stream: a position that is none in this log could not even be asked for. */
  private async holds({ position, id, stream, revision }: FilledRow): Promise<boolean> {
    if (id === null || stream === null || revision === null) return false;
    const [event] = await this.reader.slice(stream, BigInt(revision), 1);
    return event !== undefined && plainId(event.id) === id && event.position === BigInt(position);
  }

  private async inTransaction<T>(work: (client: PoolClient) => Promise<T>): Promise<T> {
    const client = await this.pool.connect();
    try {
      await client.query('BEGIN');
      const result = await work(client);
      await client.query('COMMIT');
      return result;
    } catch (error) {
      await client.query('ROLLBACK').catch(() => undefined);
      throw error;
    } finally {
      client.release();
    }
  }
}
