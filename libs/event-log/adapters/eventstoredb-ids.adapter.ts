import type { Pool, PoolClient } from 'pg';
import { Gathering } from '#libs/read-db/gathering.js';
import { LogUnavailable, type RecordedEvent } from '../event-log.js';
import { isUnavailable } from './postgres-rows.adapter.js';

/** Where an event stands, or may come to stand. */
export interface Place {
  readonly stream: string;
  readonly revision: bigint;
  /** Claimed so long ago that what has not come to stand there never will. */
  readonly stale?: boolean;
}

/** So long after its claim an append is sent no more, since others may take the claim for stale. */
export const CLAIM_HOLDS_MS = 60_000;
/** By then an append that was sent in time has been written, or is refused by the server as too late. */
const STALE = `claimed_at < clock_timestamp() - interval '10 minutes'`;

/** Ids of an append that go to consecutive revisions of one stream. */
export interface Claim {
  readonly stream: string;
  readonly first: bigint;
  readonly ids: readonly string[];
  /** Which append it is: an id that another has taken up meanwhile is not given up with it. */
  readonly by: string;
  /** When it was made, by `performance.now()`. */
  readonly at: number;
}

/** For each id of a claim the place it had already; undefined where it is new. */
export type Claimed = readonly (Place | undefined)[];

/** What fills the table: see `EventIdsFilling`. */
export interface Filling {
  /** Resolves when the table has every event of the log. */
  complete(): Promise<void>;
  /** Told with each claim which run of PostgreSQL gave it. @returns false if the table must be looked at again */
  sameRun(startedAt: string): boolean;
}

/** A row of the table. */
type Row = Place & { readonly id: string };
type ClaimRow = Row & { readonly by: string };
type Known = Place & { readonly by: string | null };

/**
 * `eventstoredb.event_ids`: one place for each id, over the whole log (docs/adr/0009). Many claims go in one
 * statement.
 *
 * A claim waits for the disk, unlike a receipt: were it lost with PostgreSQL while the outcome of its append is
 * unknown, the same event could be written into another stream. Claims of one moment share one flush.
 */
export class EventIds {
  private readonly claims: Gathering<Claim, Claimed>;
  private readonly releases: Gathering<Claim, undefined>;

  constructor(
    private readonly pool: Pool,
    private readonly filling: Filling,
  ) {
    this.claims = new Gathering((claims) => this.claimAll(claims), 0);
    this.releases = new Gathering((claims) => this.releaseAll(claims), 0);
  }

  /** Where an event stands or may come to stand; undefined where no such id is known. */
  async placeOf(id: string): Promise<Place | undefined> {
    await this.filling.complete();
    return (await this.places([id])).get(id);
  }

  /** @throws LogUnavailable without PostgreSQL */
  claim(claim: Claim): Promise<Claimed> {
    return this.claims.run(claim);
  }

  /** Gives up what this append claimed last for these places. What cannot be reached stays: a claim without an event is harmless. */
  async release(claim: Claim): Promise<void> {
    await this.releases.run(claim).catch(() => undefined);
  }

  /**
   * Takes an id up that was claimed before: at the same place, or, where that claim is dead, at another.
   * @returns false if it is elsewhere or given up by now: look again
   */
  async take(id: string, from: Place, to: Place, by: string): Promise<boolean> {
    const { rowCount } = await available(
      this.pool.query(
        `UPDATE eventstoredb.event_ids SET stream = $4, revision = $5, by = $6, claimed_at = clock_timestamp()
          WHERE id = $1 AND stream = $2 AND revision = $3`,
        [id, from.stream, String(from.revision), to.stream, String(to.revision), by],
      ),
    );
    return rowCount === 1;
  }

  private async claimAll(claims: readonly Claim[]): Promise<Claimed[]> {
    await this.filling.complete();
    const rows = claims.flatMap(rowsOf);
    const ids = rows.map(({ id }) => id);
    const { rows: answer } = await available(
      // In the order of ids, so that two processes with the same ones do not wait for each other.
      this.pool.query<{ inserted: number; started: string }>({
        name: 'eventstoredb-claim',
        text: `WITH inserted AS (
                 INSERT INTO eventstoredb.event_ids (id, stream, revision, by)
                 SELECT * FROM unnest($1::uuid[], $2::text[], $3::bigint[], $4::uuid[]) AS e(id, stream, revision, by)
                  ORDER BY id
                 ON CONFLICT (id) DO NOTHING
                 RETURNING 1
               )
               SELECT count(*)::int AS inserted, pg_postmaster_start_time()::text AS started FROM inserted`,
        values: [...columns(rows), rows.map(({ by }) => by)],
      }),
    );
    const { inserted = 0, started = '' } = answer[0] ?? {};
    const lost = !this.filling.sameRun(started);
    // Another run of PostgreSQL, perhaps of another server that took over: it may lack ids that the log has.
    if (lost) await this.filling.complete();
    if (inserted === rows.length && !lost) return claims.map(({ ids }) => ids.map(() => undefined));
    const known = await this.places(ids);
    // One of them was released in this very moment.
    if (ids.some((id) => !known.has(id))) return this.claimAll(claims);
    return claims.map(({ ids: own, by }) =>
      own.map((id) => {
        const place = known.get(id);
        return place?.by === by ? undefined : place;
      }),
    );
  }

  private async places(ids: readonly string[]): Promise<Map<string, Known>> {
    const { rows } = await available(
      this.pool.query<{ id: string; stream: string; revision: string; by: string | null; stale: boolean }>(
        `SELECT id, stream, revision::text, by, ${STALE} AS stale
           FROM eventstoredb.event_ids WHERE id = ANY($1::uuid[])`,
        [ids],
      ),
    );
    return new Map(
      rows.map(({ id, stream, revision, by, stale }) => [
        id,
        { stream, revision: BigInt(revision), by, stale },
      ]),
    );
  }

  private async releaseAll(claims: readonly Claim[]): Promise<undefined[]> {
    const rows = claims.flatMap(rowsOf);
    await available(
      this.pool.query(
        `DELETE FROM eventstoredb.event_ids WHERE (id, stream, revision, by) IN
           (SELECT * FROM unnest($1::uuid[], $2::text[], $3::bigint[], $4::uuid[]) AS e(id, stream, revision, by))`,
        [...columns(rows), rows.map(({ by }) => by)],
      ),
    );
    return claims.map(() => undefined);
  }
}

/** Claims ids that are new. @returns whether all were */
export async function claimIds(pool: Pool, rows: readonly Row[]): Promise<boolean> {
  const { rowCount } = await available(
    pool.query(
      `INSERT INTO eventstoredb.event_ids (id, stream, revision)
       SELECT id, stream, revision FROM unnest($1::uuid[], $2::text[], $3::bigint[]) AS e(id, stream, revision)
        ORDER BY id
       ON CONFLICT (id) DO NOTHING`,
      columns(rows),
    ),
  );
  return rowCount === rows.length;
}

/** Takes ids out that have just these places. */
export async function removeIds(pool: Pool, rows: readonly Row[]): Promise<void> {
  await available(
    pool.query(
      `DELETE FROM eventstoredb.event_ids WHERE (id, stream, revision) IN
         (SELECT id, stream, revision FROM unnest($1::uuid[], $2::text[], $3::bigint[]) AS e(id, stream, revision))`,
      columns(rows),
    ),
  );
}

/** Enters events where the log has them, whatever was claimed before. */
export async function enterIds(client: Pool | PoolClient, events: readonly RecordedEvent[]): Promise<void> {
  await available(
    client.query(
      `INSERT INTO eventstoredb.event_ids (id, stream, revision)
       SELECT DISTINCT ON (id) id, stream, revision
         FROM unnest($1::uuid[], $2::text[], $3::bigint[]) AS e(id, stream, revision) ORDER BY id
       ON CONFLICT (id) DO UPDATE SET stream = excluded.stream, revision = excluded.revision, by = NULL`,
      columns(events),
    ),
  );
}

function rowsOf({ stream, first, ids, by }: Claim): ClaimRow[] {
  return ids.map((id, n) => ({ id, stream, revision: first + BigInt(n), by }));
}

function columns(rows: readonly Row[]): string[][] {
  return [
    rows.map(({ id }) => id),
    rows.map(({ stream }) => stream),
    rows.map(({ revision }) => String(revision)),
  ];
}

async function available<T>(query: Promise<T>): Promise<T> {
  try {
    return await query;
  } catch (error) {
    throw isUnavailable(error) ? new LogUnavailable(error) : error;
  }
}
