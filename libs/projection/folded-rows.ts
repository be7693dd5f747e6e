import type { PoolClient } from 'pg';
import type { RecordedEvent } from '#libs/event-log/event-log.js';
import { KeptRows, type Slot } from './kept-rows.js';
import { type ApplyMode, PoisonedEvent } from './projection.js';

/** A table with a row for each stream: how a row follows from events, and how rows are loaded and written. */
export interface RowTable<R> {
  /** The key of the row that an event belongs to. */
  keyOf(event: RecordedEvent): string;
  keyOfRow(row: R): string;
  /** Whether the table cannot have a row yet. Default: the event is the first of its stream. */
  begins?(event: RecordedEvent): boolean;
  /** The row after one more event; undefined: there is none yet. */
  fold(before: R | undefined, event: RecordedEvent): R | undefined;
  load(db: PoolClient, schema: string, keys: readonly string[]): Promise<readonly R[]>;
  /** Inserts the rows, or puts them in the place of those with the same key. */
  write(db: PoolClient, schema: string, rows: readonly R[], mode: ApplyMode): Promise<void>;
}

/** Rows that a rebuild keeps in memory; some 10 MB. */
const MOST_ROWS = 10_000;
/** Rows written in one statement, at most: the database is done with them while the next events are read. */
const WRITTEN_AT_ONCE = 1_000;

/**
 * Folds events into a table. In a rebuild rows stay in memory, by connection, until they are left alone or `finish`
 * writes them: nobody reads the table before. A rebuild with an event or a row that failed cannot go on.
 */
export class FoldedRows<R> {
  private readonly byConnection = new WeakMap<PoolClient, KeptRows<R>>();
  private readonly atOnce: number;

  constructor(
    private readonly table: RowTable<R>,
    private readonly most = MOST_ROWS,
  ) {
    this.atOnce = Math.min(most, WRITTEN_AT_ONCE);
  }

  /** Forgets what another rebuild may have left. */
  begin(db: PoolClient): void {
    this.byConnection.delete(db);
  }

  /** @throws PoisonedEvent for an event that cannot be folded */
  async apply(
    db: PoolClient,
    schema: string,
    events: readonly RecordedEvent[],
    mode: ApplyMode,
  ): Promise<void> {
    const rows = mode === 'rebuild' ? this.keptBy(db) : new KeptRows<R>();
    const missing: string[] = [];
    const slots = events.map((event) => {
      const key = this.table.keyOf(event);
      const slot = rows.slot(key);
      // A stream that is only now beginning has no row in the table.
      const begins = this.table.begins?.(event) ?? event.revision === 0n;
      if (!slot.known && !begins) missing.push(key);
      slot.known = true;
      return slot;
    });
    if (missing.length > 0) {
      for (const row of await this.table.load(db, schema, missing)) this.keep(rows, row);
    }
    for (const [index, event] of events.entries()) {
      const slot = slots[index];
      if (slot) this.fold(slot, event);
    }
    if (mode === 'live') await this.write(db, schema, rows, 0, mode);
    else if (rows.size >= this.most + this.atOnce) await this.write(db, schema, rows, this.most, mode);
  }

  /** Writes what is still in memory. */
  async finish(db: PoolClient, schema: string): Promise<void> {
    const rows = this.keptBy(db);
    while (rows.size > 0) {
      await this.write(db, schema, rows, Math.max(0, rows.size - this.atOnce), 'rebuild');
    }
    this.byConnection.delete(db);
  }

  private fold(slot: Slot<R>, event: RecordedEvent): void {
    try {
      slot.row = this.table.fold(slot.row, event);
    } catch (error) {
      throw new PoisonedEvent(event, error);
    }
  }

  private keep(rows: KeptRows<R>, row: R): void {
    const slot = rows.slot(this.table.keyOfRow(row));
    slot.row = row;
    slot.known = true;
  }

  private async write(
    db: PoolClient,
    schema: string,
    rows: KeptRows<R>,
    most: number,
    mode: ApplyMode,
  ): Promise<void> {
    const taken = rows.shrink(most);
    if (taken.length === 0) return;
    try {
      await this.table.write(db, schema, taken, mode);
    } catch (error) {
      // They must not get lost if someone goes on all the same.
      for (const row of taken) this.keep(rows, row);
      throw error;
    }
  }

  private keptBy(db: PoolClient): KeptRows<R> {
    const kept = this.byConnection.get(db) ?? new KeptRows<R>();
    this.byConnection.set(db, kept);
    return kept;
  }
}
