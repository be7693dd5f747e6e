import type { PoolClient } from 'pg';
import type { RecordedEvent } from '#libs/event-log/event-log.js';

/**
 * A read model kept by the runner. Its tables live in one PostgreSQL schema of its own, so that a rebuild fills a
 * schema beside the live one and then takes its place.
 */
export interface Projection {
  /** Name of the projection and of its live schema: `[a-z_]+`. */
  readonly name: string;
  readonly categories: readonly string[];
  /** Raise it when tables or fold change: the runner then rebuilds beside the live tables. */
  readonly version: number;
  /** Tables to compare after a rebuild, with the columns of their key. */
  readonly tables: readonly { readonly name: string; readonly key: readonly string[] }[];
  /** Creates tables and what live reading needs, in an empty schema. */
  create(db: PoolClient, schema: string): Promise<void>;
  /**
   * Folds a batch into the tables, in the runner's transaction; the checkpoint is stored in the same one.
   * Must give the same rows whichever way the log is cut into batches.
   * @throws PoisonedEvent to name the event that cannot be folded
   */
  apply(db: PoolClient, schema: string, events: readonly RecordedEvent[], mode: ApplyMode): Promise<void>;
  /** After the last batch of a rebuild: indexes, totals. Default: nothing. */
  finish?(db: PoolClient, schema: string): Promise<void>;
}

/** `rebuild`: what `finish` makes in one go may be left out. */
export type ApplyMode = 'live' | 'rebuild';

/** An event that a projection cannot fold: the projection stops in front of it and says so. */
export class PoisonedEvent extends Error {
  constructor(
    readonly event: RecordedEvent,
    cause: unknown,
  ) {
    super(
      `event ${event.id} (${event.type}, position ${event.position}): ${cause instanceof Error ? cause.message : String(cause)}`,
      { cause },
    );
    this.name = 'PoisonedEvent';
  }
}
