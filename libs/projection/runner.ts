import { setTimeout as sleep } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import type { Pool, PoolClient } from 'pg';
import type { Clock } from '#libs/event-log/clock.js';
import type { Batch, EventLog } from '#libs/event-log/event-log.js';
import { inSpan } from '#libs/telemetry/tracing.js';
import {
  advanceCheckpoint,
  type Checkpoint,
  lockCheckpoint,
  NotOwner,
  readCheckpoint,
  setCheckpoint,
  setUpProjection,
} from './checkpoints.js';
import { describeError, eventName, type EventName } from './errors.js';
import { barEarlierOwners, markTransaction } from './fencing.js';
import { foldEvents, type FoldResult } from './fold.js';
import { gather } from './gather.js';
import type { Projection } from './projection.js';
import { rebuildProjections } from './rebuild.js';
import { projectionStatus, type ProjectionStatus } from './status.js';
import { BEGIN_RELAXED, withClient } from './transaction.js';

export interface RunnerState {
  readonly name: string;
  /** `waiting`: the database or the log cannot be reached, or another process is rebuilding; it tries again. */
  readonly status: 'live' | 'rebuilding' | 'stopped' | 'waiting';
  readonly poisonedEvent?: EventName;
  readonly error?: string;
}

export interface RunnerOptions {
  readonly log: EventLog;
  readonly pool: Pool;
  readonly projection: Projection;
  readonly clock: Clock;
  /** Of the log: positions of another engine mean nothing here. */
  readonly engine: string;
  /** From `Ownership`: the runner ends when there is a later owner. */
  readonly token: bigint;
  /** Told after each commit that moved the checkpoint. */
  readonly onMoved?: (position: bigint) => void;
  /** Told whenever the state changes; for logs. */
  readonly onState?: (state: RunnerState) => void;
  /** About so many events at most go into one transaction. */
  readonly batchSize?: number;
}

const DEFAULT_BATCH = 1000;
const FIRST_WAIT_MS = 100;
const LONGEST_WAIT_MS = 5000;
/** How often a stopped runner looks whether someone has mended the projection. */
const LOOK_AGAIN_MS = 1000;

/** `behind`: the tables are further back than we thought, read again; `barred`: not ours to write, for now. */
type Outcome = { at: bigint } | 'behind' | 'barred';

/**
 * Keeps one projection up with the log: rows and checkpoint in one transaction, so every event counts once, also
 * with a second runner at work or after a kill at any point. Ends by itself when another process owns the projection. An event that cannot be folded stops this projection
 * in front of it, until a restart or a rebuild; a lost database is waited for.
 */
export class ProjectionRunner {
  private readonly stopping = new AbortController();
  private running: Promise<void> | undefined;
  private state: Omit<RunnerState, 'name'> | undefined;

  constructor(private readonly options: RunnerOptions) {}

  /** Begins at once and in the background; tables of another version are first made anew. */
  start(): void {
    this.running ??= this.run(this.stopping.signal);
  }

  /** Finishes the batch in flight and nothing more. */
  async stop(): Promise<void> {
    this.stopping.abort();
    await this.running;
  }

  async status(): Promise<ProjectionStatus> {
    const stored = await projectionStatus(this.options, this.options.projection);
    const { status, error } = this.state ?? {};
    return status === 'waiting' && error ? { ...stored, error } : stored;
  }

  private async run(signal: AbortSignal): Promise<void> {
    let wait = FIRST_WAIT_MS;
    let ready = false;
    while (!signal.aborted) {
      try {
        if (!ready) await this.prepare(signal);
        ready = true;
        await this.follow(signal, () => (wait = FIRST_WAIT_MS));
      } catch (error) {
        if (signal.aborted || error instanceof NotOwner) return;
        this.say({ status: 'waiting', error: describeError(error) });
        await pause(wait, signal);
        wait = Math.min(wait * 2, LONGEST_WAIT_MS);
      }
    }
  }

  /** Once a start: makes tables of this version, and gives a stopped projection another try. */
  private async prepare(signal: AbortSignal): Promise<void> {
    const { log, pool, projection, engine, token, onMoved } = this.options;
    const found = await withClient(pool, async (client) => {
      const there = await setUpProjection(client, projection, engine);
      await barEarlierOwners(client, projection.name, token);
      return there;
    });
    if (!this.isOurs(found) || isUnmade(found)) {
      const position = found.engine === engine ? undefined : { position: 0n };
      await setCheckpoint(pool, projection.name, { status: 'rebuilding', token, ...position });
      this.say({ status: 'rebuilding' });
      const projections = [projection];
      const [report] = await rebuildProjections({ log, pool, projections, engine, token, signal });
      if (report?.failed) {
        await setCheckpoint(pool, projection.name, { status: 'stopped', token, ...report.failed });
      } else if (report) onMoved?.(report.position);
    } else if (found.status === 'stopped') {
      await setCheckpoint(pool, projection.name, { status: 'live', token });
    }
  }

  /** Returns when the subscription has to begin again at the stored checkpoint. */
  private async follow(signal: AbortSignal, worked: () => void): Promise<void> {
    const { log, pool, projection, batchSize = DEFAULT_BATCH, onMoved } = this.options;
    const stored = await readCheckpoint(pool, projection.name);
    if (stored?.status !== 'live' || !this.isOurs(stored)) {
      this.say(
        stored?.status === 'stopped'
          ? { status: 'stopped', ...withoutNulls(stored) }
          : { status: 'waiting', error: 'another process is changing this projection' },
      );
      return pause(LOOK_AGAIN_MS, signal);
    }
    this.say({ status: 'live' });
    let from = stored.position;
    const { categories } = projection;
    const batches = gather((end) => log.subscribeAll({ from, categories, signal: end }), batchSize, signal);
    for await (const batch of batches) {
      const outcome = await traced(projection, batch, () =>
        withClient(pool, (client) => this.fold(client, batch, from)),
      );
      if (typeof outcome === 'string') return;
      if (outcome.at > from) onMoved?.(outcome.at);
      from = outcome.at;
      worked();
    }
  }

  private async fold(client: PoolClient, batch: Batch, from: bigint): Promise<Outcome> {
    const { projection, token } = this.options;
    const { name } = projection;
    let outcome: Outcome = { at: batch.position };
    let start = from;
    const begin = `${BEGIN_RELAXED}; ${markTransaction(name, token)}`;
    const fold = { client, projection, schema: name, mode: 'live', begin } as const;
    const before = async (): Promise<Batch['events'] | undefined> => {
      const row = await lockCheckpoint(client, name, token);
      if (row.status !== 'live' || !this.isOurs(row)) outcome = 'barred';
      else if (row.position < from) outcome = 'behind';
      else if (row.position >= batch.position) outcome = { at: row.position };
      else {
        start = row.position;
        return start === from ? batch.events : batch.events.filter((event) => event.position > start);
      }
      return undefined;
    };
    const after = async ({ poisoned }: FoldResult): Promise<void> => {
      if (!poisoned) return advanceCheckpoint(client, name, batch.position);
      const { event, error } = poisoned;
      const last = batch.events.findLast((other) => other.position < event.position)?.position ?? start;
      const position = last > start ? last : start;
      const poisonedEvent = eventName(event);
      await setCheckpoint(client, name, {
        status: 'stopped',
        position,
        poisonedEvent,
        error: describeError(error),
      });
      outcome = 'barred';
    };
    await foldEvents(fold, batch.events, { before, after });
    return outcome;
  }

  /** The rows were made by this version, from this log. */
  private isOurs({ version, engine }: Checkpoint): boolean {
    return version === this.options.projection.version && engine === this.options.engine;
  }

  private say(state: Omit<RunnerState, 'name'>): void {
    if (isDeepStrictEqual(state, this.state)) return;
    this.state = state;
    this.options.onState?.({ name: this.options.projection.name, ...state });
  }
}

/** Not filled yet, or what was to fill it stopped, with older rows still in the tables. */
function isUnmade({ status, position }: Checkpoint): boolean {
  return status === 'rebuilding' || (status === 'stopped' && position === 0n);
}

/** A span for a batch that holds events, linked to the traces of those that were written in one. */
function traced<T>({ name }: Projection, { events }: Batch, work: () => Promise<T>): Promise<T> {
  if (events.length === 0) return work();
  const links = events.flatMap(({ metadata }) => metadata.traceparent ?? []);
  const attributes = { 'motcua.projection': name, 'motcua.events': events.length };
  return inSpan(`project ${name}`, { attributes, links }, work);
}

function withoutNulls(stored: {
  poisonedEvent: EventName | null;
  error: string | null;
}): Partial<RunnerState> {
  return {
    ...(stored.poisonedEvent ? { poisonedEvent: stored.poisonedEvent } : {}),
    ...(stored.error ? { error: stored.error } : {}),
  };
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal }).catch(() => undefined);
}
