import type { PoolClient } from 'pg';
import type { Checkpoint } from './checkpoints.js';
import type { TableDifference } from './compare.js';
import type { EventName } from './errors.js';
import type { Projection } from './projection.js';

/** What came of the rebuild of one projection. */
export interface RebuildReport {
  readonly name: string;
  readonly version: number;
  /** The new tables hold everything up to here. */
  readonly position: bigint;
  /** How many events were folded into them. */
  readonly events: number;
  /** False where there was nothing to compare with: no tables of this version, or stopped ones. */
  readonly compared: boolean;
  readonly tables: readonly TableDifference[];
  /** Set if the live tables were left in place, because this event could not be folded. */
  readonly failed?: { readonly poisonedEvent: EventName; readonly error: string };
}

/** One projection on its way to new tables. */
export interface Target {
  readonly projection: Projection;
  readonly client: PoolClient;
  readonly engine: string;
  /** Of the owner that rebuilds; undefined: somebody asked for it. */
  readonly token: bigint | undefined;
  readonly schema: string;
  /** The live tables can be compared with. */
  readonly comparable: boolean;
  /** Where the common reading ends for it: at the live position, or at the head of the log. */
  readonly until: bigint;
  position: bigint;
  events: number;
  /** The database refused a row whose event is not known. */
  refused?: boolean;
  failed?: RebuildReport['failed'];
}

/** The live tables are of the same version, kept up, and from the same log. */
export function isComparable(
  live: Checkpoint,
  { projection, engine }: { projection: Projection; engine: string },
): boolean {
  return live.status === 'live' && live.version === projection.version && live.engine === engine;
}
