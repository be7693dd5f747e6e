import type { PoolClient } from 'pg';
import { DOSSIER_CATEGORY } from '#libs/dossier/dossier.events.js';
import { categoryOf, type RecordedEvent } from '#libs/event-log/event-log.js';
import { ident } from '#libs/projection/checkpoints.js';
import { FoldedRows, type RowTable } from '#libs/projection/folded-rows.js';
import type { ApplyMode, Projection } from '#libs/projection/projection.js';
import { type Delivery, REMINDER_CATEGORY } from './reminder.events.js';
import { codeOf, foldWatched, type Watched } from './watched.js';

/** What reminders need to know of every dossier: from here the queues are filled, whatever became of them. */
export class WatchedProjection implements Projection {
  readonly name = 'reminders';
  readonly categories = [DOSSIER_CATEGORY, REMINDER_CATEGORY];
  readonly version = 5;
  readonly tables = [{ name: 'watched', key: ['code'] }];
  private readonly rows = new FoldedRows(WATCHED);

  async create(db: PoolClient, schema: string): Promise<void> {
    this.rows.begin(db);
    await db.query(
      `CREATE TABLE ${ident(schema)}.watched (
         code text PRIMARY KEY, watched jsonb NOT NULL, open boolean NOT NULL, position bigint NOT NULL,
         waiting text[] NOT NULL, undelivered boolean NOT NULL)`,
    );
  }

  apply(db: PoolClient, schema: string, events: readonly RecordedEvent[], mode: ApplyMode): Promise<void> {
    return this.rows.apply(db, schema, events, mode);
  }

  async finish(db: PoolClient, schema: string): Promise<void> {
    await this.rows.finish(db, schema);
    await db.query(
      `CREATE INDEX ON ${ident(schema)}.watched (code) WHERE open;
       CREATE INDEX ON ${ident(schema)}.watched (position);
       CREATE INDEX ON ${ident(schema)}.watched (code) WHERE undelivered;
       CREATE INDEX ON ${ident(schema)}.watched USING gin (waiting)`,
    );
  }
}

const WATCHED: RowTable<Watched> = {
  keyOf: codeOf,
  keyOfRow: ({ row }) => row.code,
  begins: ({ stream, revision }) => revision === 0n && categoryOf(stream) === DOSSIER_CATEGORY,
  fold: foldWatched,
  async load(db, schema, codes) {
    const { rows } = await db.query<{ watched: StoredWatched }>(
      `SELECT watched FROM ${ident(schema)}.watched WHERE code = ANY($1)`,
      [codes],
    );
    return rows.map(({ watched }) => revived(watched));
  },
  async write(db, schema, all) {
    const rows = all.map((watched) => ({
      code: watched.row.code,
      watched: stored(watched),
      open: isOpen(watched),
      position: String(watched.position),
      waiting: watched.pending.map(waitingFor),
      undelivered: watched.undelivered.length > 0,
    }));
    await db.query(
      `INSERT INTO ${ident(schema)}.watched
       SELECT * FROM json_to_recordset($1::json) AS t(code text, watched jsonb, open boolean, position bigint,
         waiting text[], undelivered boolean)
       ON CONFLICT (code) DO UPDATE
         SET watched = excluded.watched, open = excluded.open, position = excluded.position,
           waiting = excluded.waiting, undelivered = excluded.undelivered`,
      [JSON.stringify(rows)],
    );
  },
};

/** Whether anything may still have to be said of it. */
function isOpen({ row, pending, missed }: Watched): boolean {
  return (
    pending.length + missed.length > 0 ||
    (!row.reversed && (row.clock !== 'ended' || row.state === 'resolved'))
  );
}

/** Whom a message waits for, as one text to look for. */
export const waitingFor = ({ channel, to }: Delivery): string => `${channel} ${to}`;

/** As JSON holds it: places as text. */
export type StoredWatched = Omit<Watched, 'position' | 'row'> & {
  readonly position: string;
  readonly row: Omit<Watched['row'], 'position' | 'revision'> & {
    readonly position: string;
    readonly revision: string;
  };
};

const stored = ({ row, position, ...rest }: Watched): StoredWatched => ({
  ...rest,
  position: String(position),
  row: { ...row, position: String(row.position), revision: String(row.revision) },
});

export const revived = ({ row, position, ...rest }: StoredWatched): Watched => ({
  ...rest,
  position: BigInt(position),
  row: { ...row, position: BigInt(row.position), revision: BigInt(row.revision) },
});
