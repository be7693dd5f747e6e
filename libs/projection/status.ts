import type { Pool } from 'pg';
import type { Clock } from '#libs/event-log/clock.js';
import type { EventLog } from '#libs/event-log/event-log.js';
import { type Checkpoint, readCheckpoint, type CheckpointStatus } from './checkpoints.js';
import type { EventName } from './errors.js';
import type { Projection } from './projection.js';

/** Counting further would take time and tell nothing more. */
export const MOST_COUNTED = 1_000;

/** How true a read model is, for health checks and reports. */
export interface ProjectionStatus {
  readonly name: string;
  readonly version: number;
  /** Everything up to here is in its tables; 0 while they are made from the log of another engine. */
  readonly position: bigint;
  /** Position of the last event of the log. */
  readonly head: bigint;
  /** How many events it has to fold, counted to `MOST_COUNTED` at most: that figure means as many or more. */
  readonly lagEvents: number;
  /** Seconds since the store took the first event that it has not seen; 0 if there is none. */
  readonly lagSeconds: number;
  readonly status: CheckpointStatus;
  /** The engine whose log its tables are still of, where that is not the one in use: they are not read. */
  readonly tablesOf?: string;
  /** The event that it stopped in front of. */
  readonly poisonedEvent?: EventName;
  /** Why it stopped, in one line without values. */
  readonly error?: string;
}

/**
 * Works with or without a runner, from any process.
 * @param parts `engine`: of the log; a checkpoint of another one is as good as none
 */
export async function projectionStatus(
  { log, pool, clock, engine }: { log: EventLog; pool: Pool; clock: Clock; engine: string },
  projection: Projection,
): Promise<ProjectionStatus> {
  const found = await readCheckpoint(pool, projection.name);
  const checkpoint = found && meansSomething(found, engine) ? found : undefined;
  const position = checkpoint?.position ?? 0n;
  const head = await log.head();
  const { events, seconds } = await lagAfter({ log, clock }, projection.categories, { position, head });
  return {
    name: projection.name,
    version: checkpoint?.version ?? projection.version,
    position,
    head,
    lagEvents: events,
    lagSeconds: seconds,
    status: checkpoint?.status ?? 'rebuilding',
    ...(found && found.engine !== engine ? { tablesOf: found.engine } : {}),
    ...(checkpoint?.poisonedEvent ? { poisonedEvent: checkpoint.poisonedEvent } : {}),
    ...(checkpoint?.error ? { error: checkpoint.error } : {}),
  };
}

/** Of another engine only that it could not be made anew from this log: it then stands at its beginning. */
function meansSomething({ engine, status, position }: Checkpoint, ours: string): boolean {
  return engine === ours || (status === 'stopped' && position === 0n);
}

/**
 * What of the log comes after a position, up to the head that was read: events of the categories, to `MOST_COUNTED`,
 * and the seconds since the store took the first of them. Positions are no count: engines leave numbers out.
 */
export async function lagAfter(
  { log, clock }: { log: EventLog; clock: Clock },
  categories: readonly string[],
  { position, head }: { position: bigint; head: bigint },
): Promise<{ events: number; seconds: number }> {
  let events = 0;
  let seconds = 0;
  if (head <= position) return { events, seconds };
  for await (const { recordedAt } of log.readAll({ from: position, until: head, categories })) {
    if (events === 0) seconds = Math.max(0, (clock.now() - Date.parse(recordedAt)) / 1000);
    events += 1;
    if (events === MOST_COUNTED) break;
  }
  return { events, seconds };
}
