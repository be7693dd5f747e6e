import type { Pool, PoolClient } from 'pg';
import { categoryOf, type EventLog, type RecordedEvent } from '#libs/event-log/event-log.js';
import { createTables, ident, setUpProjection } from './checkpoints.js';
import type { TableDifference } from './compare.js';
import { codeOf, describeError, eventName, isTransient } from './errors.js';
import { barEarlierOwners, markSession } from './fencing.js';
import { foldEvents } from './fold.js';
import { type ApplyMode, PoisonedEvent, type Projection } from './projection.js';
import { readAhead } from '#libs/event-log/read-ahead.js';
import { compareWithLive, replaceLive } from './swap.js';
import { isComparable, type RebuildReport, type Target } from './target.js';
import { BEGIN_RELAXED, inTransaction, withClient } from './transaction.js';

export interface RebuildOptions {
  readonly log: EventLog;
  /** Needs one connection for each projection and one more, besides those of the log. */
  readonly pool: Pool;
  readonly projections: readonly Projection[];
  /** Of the log. */
  readonly engine: string;
  /** Where their owner rebuilds: it leaves off when there is another. */
  readonly token?: bigint;
  /** In positions of the log. */
  readonly progress?: (done: number, total: number) => void;
  readonly batchSize?: number;
  /** Leaves off as soon as it can, with the live tables as they were. */
  readonly signal?: AbortSignal;
}

/** Another process is rebuilding the same projection. */
export class RebuildRunning extends Error {
  constructor(readonly projection: string) {
    super(`projection ${projection} is being rebuilt by another process`);
    this.name = 'RebuildRunning';
  }
}

/** Small enough that most events are gone before the garbage collector counts them as old. */
const DEFAULT_BATCH = 1000;
/** SQLSTATE. */
const LOCK_NOT_AVAILABLE = '55P03';

/**
 * Makes the tables of projections anew from the log, all in one reading of it, beside the live ones; compares them
 * with the live ones at the same position; and puts them in their place. Reading and following the live tables goes
 * on all the while. What a killed run left behind is removed by the next.
 * @throws RebuildRunning if another process is at it
 */
export async function rebuildProjections(options: RebuildOptions): Promise<RebuildReport[]> {
  return withClient(options.pool, async (guard) => {
    const names = options.projections.map((projection) => projection.name);
    try {
      for (const name of names) await guardName(guard, name);
      return await withClients(options.pool, options.projections, async (pairs) => {
        const head = await options.log.head();
        const targets: Target[] = [];
        for (const [projection, client] of pairs) {
          targets.push(await prepare(options, guard, { projection, client, head }));
        }
        await readOnce(options, targets);
        // On a connection each, so that the database works at them at the same time.
        await Promise.all(targets.map((target) => finish(options, target)));
        const reports: RebuildReport[] = [];
        for (const target of targets) reports.push(await complete(options, guard, target));
        return reports;
      });
    } finally {
      await unlock(guard);
    }
  });
}

async function unlock(client: PoolClient): Promise<void> {
  await client.query('SELECT pg_advisory_unlock_all()').catch(() => undefined);
}

/** Waits for a rebuild that is just ending. The lock is held by the connection, so a killed process lets go of it. */
async function guardName(guard: PoolClient, name: string): Promise<void> {
  await inTransaction(guard, async () => {
    await guard.query(`SET LOCAL lock_timeout = '1s'`);
    await guard.query(`SELECT pg_advisory_lock(hashtext('projection.rebuild'), hashtext($1))`, [name]);
  }).catch((error: unknown) => {
    throw codeOf(error) === LOCK_NOT_AVAILABLE ? new RebuildRunning(name) : error;
  });
}

async function prepare(
  { engine, token }: RebuildOptions,
  guard: PoolClient,
  { projection, client, head }: { projection: Projection; client: PoolClient; head: bigint },
): Promise<Target> {
  const live = await setUpProjection(guard, projection, engine);
  if (token !== undefined) {
    await markSession(guard, projection.name, token);
    await markSession(client, projection.name, token);
    await barEarlierOwners(guard, projection.name, token);
  }
  const comparable = isComparable(live, { projection, engine });
  const schema = `${projection.name}_next`;
  await client.query(`DROP SCHEMA IF EXISTS ${ident(schema)}, ${ident(`${projection.name}_old`)} CASCADE`);
  await createTables(client, projection, schema);
  const until = comparable ? live.position : head;
  return { projection, client, engine, token, schema, comparable, until, position: 0n, events: 0 };
}

async function readOnce(options: RebuildOptions, targets: readonly Target[]): Promise<void> {
  const { log, batchSize = DEFAULT_BATCH, progress, signal } = options;
  const until = targets.reduce((last, target) => (target.until > last ? target.until : last), 0n);
  const categories = [...new Set(targets.flatMap((target) => target.projection.categories))];
  const total = Number(until);
  progress?.(0, total);
  if (until > 0n) {
    for await (const events of readAhead(log.readAll({ until, categories }), batchSize)) {
      signal?.throwIfAborted();
      await Promise.all(
        targets.map((target) => foldInto(target, eventsFor(target, events, categories), 'rebuild')),
      );
      if (targets.every((target) => target.failed)) return;
      progress?.(Number(events.at(-1)?.position ?? 0n), total);
    }
  }
  for (const target of targets) target.position = target.until;
  progress?.(total, total);
}

function eventsFor(
  target: Target,
  events: readonly RecordedEvent[],
  read: readonly string[],
): readonly RecordedEvent[] {
  const { categories } = target.projection;
  const last = events.at(-1)?.position ?? 0n;
  if (last <= target.until && read.every((category) => categories.includes(category))) return events;
  return events.filter(
    (event) => event.position <= target.until && categories.includes(categoryOf(event.stream)),
  );
}

/** Folds into the new tables, unless an earlier event could not be folded. */
async function foldInto(target: Target, events: readonly RecordedEvent[], mode: ApplyMode): Promise<void> {
  if (target.failed || target.refused || events.length === 0) return;
  const { applied, poisoned } = await foldEvents({ ...target, mode, begin: BEGIN_RELAXED }, events);
  target.events += applied;
  if (!poisoned) return;
  // A rebuild writes a row some time after its events: which of them brought it is not known here.
  target.refused = mode === 'rebuild' && !(poisoned.error instanceof PoisonedEvent);
  if (target.refused) return;
  target.failed = { poisonedEvent: eventName(poisoned.event), error: describeError(poisoned.error) };
}

/** Brings the new tables further, a piece at a time. @returns how many events there were */
async function catchUp(options: RebuildOptions, target: Target, until: bigint): Promise<number> {
  if (until <= target.position) return 0;
  const before = target.events;
  const { log, batchSize = DEFAULT_BATCH, signal } = options;
  const { categories } = target.projection;
  for await (const events of readAhead(
    log.readAll({ from: target.position, until, categories }),
    batchSize,
  )) {
    signal?.throwIfAborted();
    await foldInto(target, events, 'live');
    if (target.failed) return target.events - before;
  }
  target.position = until;
  return target.events - before;
}

/** What is left to do after the last event. If a row was refused, the tables are filled again in small steps. */
async function finish(options: RebuildOptions, target: Target): Promise<void> {
  const { projection, client, schema } = target;
  if (target.failed) return;
  if (!target.refused) {
    await projection.finish?.(client, schema).catch((error: unknown) => {
      if (isTransient(error)) throw error;
      target.refused = true;
    });
  }
  if (target.refused) await fillSlowly(options, target);
  for (const { name } of projection.tables) await client.query(`ANALYZE ${ident(schema)}.${ident(name)}`);
}

/** As the live tables are followed, which is slow, and names the event that cannot be folded. */
async function fillSlowly(options: RebuildOptions, target: Target): Promise<void> {
  const { projection, client, schema } = target;
  await client.query(`DROP SCHEMA IF EXISTS ${ident(schema)} CASCADE`);
  await createTables(client, projection, schema);
  await projection.finish?.(client, schema);
  Object.assign(target, { refused: false, events: 0, position: 0n });
  await catchUp(options, target, target.until);
}

async function complete(options: RebuildOptions, guard: PoolClient, target: Target): Promise<RebuildReport> {
  const { projection, client, schema } = target;
  const advance = (until: bigint): Promise<number> => catchUp(options, target, until);
  let tables: TableDifference[] | undefined;
  if (!target.failed) {
    tables = await compareWithLive(guard, target, advance);
    options.signal?.throwIfAborted();
  }
  if (!target.failed) await replaceLive(options.log, guard, target, advance);
  await client.query(`DROP SCHEMA IF EXISTS ${ident(schema)}, ${ident(`${projection.name}_old`)} CASCADE`);
  return {
    name: projection.name,
    version: projection.version,
    position: target.position,
    events: target.events,
    compared: tables !== undefined,
    tables: tables ?? [],
    ...(target.failed ? { failed: target.failed } : {}),
  };
}

/** One connection for each projection, kept from others: a projection may remember rows by connection. */
async function withClients<T>(
  pool: Pool,
  projections: readonly Projection[],
  work: (pairs: readonly (readonly [Projection, PoolClient])[]) => Promise<T>,
): Promise<T> {
  const [first, ...rest] = projections;
  if (!first) return work([]);
  return withClient(pool, async (client) => {
    try {
      return await withClients(pool, rest, (others) => work([[first, client], ...others]));
    } finally {
      await unlock(client);
    }
  });
}
