import type { Pool } from 'pg';
import type { Clock } from '#libs/event-log/clock.js';
import type { EventLog, RecordedEvent } from '#libs/event-log/event-log.js';
import { readCheckpoint, type CheckpointStatus } from './checkpoints.js';
import type { EventName } from './errors.js';
import type { Projection } from './projection.js';

/** How true a read model is, for health checks and reports. */
export interface ProjectionStatus {
  readonly name: string;
  readonly version: number;
  /** Everything up to here is in its tables. */
  readonly position: bigint;
  /** Position of the last event of the log. */
  readonly head: bigint;
  /** How many positions it has to go; 0 if none of them holds an event for it. */
  readonly lagEvents: number;
  /** Seconds since the store took the first event that it has not seen; 0 if there is none. */
  readonly lagSeconds: number;
  readonly status: CheckpointStatus;
  /** The event that it stopped in front of. */
  readonly poisonedEvent?: EventName;
  /** Why it stopped, in one line without values. */
  readonly error?: string;
}

/** Works with or without a runner, from any process. */
export async function projectionStatus(
  { log, pool, clock }: { log: EventLog; pool: Pool; clock: Clock },
  projection: Projection,
): Promise<ProjectionStatus> {
  const checkpoint = await readCheckpoint(pool, projection.name);
  const position = checkpoint?.position ?? 0n;
  const head = await log.head();
  const next = head > position ? await firstAfter(log, projection, position) : undefined;
  return {
    name: projection.name,
    version: checkpoint?.version ?? projection.version,
    position,
    head,
    lagEvents: next ? Number(head - next.position) + 1 : 0,
    lagSeconds: next ? Math.max(0, (clock.now() - Date.parse(next.recordedAt)) / 1000) : 0,
    status: checkpoint?.status ?? 'rebuilding',
    ...(checkpoint?.poisonedEvent ? { poisonedEvent: checkpoint.poisonedEvent } : {}),
    ...(checkpoint?.error ? { error: checkpoint.error } : {}),
  };
}

async function firstAfter(
  log: EventLog,
  projection: Projection,
  from: bigint,
): Promise<RecordedEvent | undefined> {
  for await (const event of log.readAll({ from, categories: projection.categories })) return event;
  return undefined;
}
