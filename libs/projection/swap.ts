import type { PoolClient } from 'pg';
import type { EventLog } from '#libs/event-log/event-log.js';
import { ident, lockCheckpoint, readCheckpoint, setCheckpoint, type Checkpoint } from './checkpoints.js';
import { compareTables, type TableDifference } from './compare.js';
import { isComparable, type Target } from './target.js';
import { inTransaction } from './transaction.js';

/** Brings the new tables up to a position. @returns how many events that took */
type Advance = (until: bigint) => Promise<number>;

/** After so few events the rest is caught up while the live projection is held. */
const SMALL_TAIL = 500;
/** Where the log grows faster than we fold, the rest is done under the lock. */
const MOST_ROUNDS = 20;

/**
 * Compares new and live tables at the same position. The live projection is held only for the last few events and
 * the taking of a snapshot, and goes on while the snapshot is compared.
 * @returns undefined if there is nothing to compare with
 */
export async function compareWithLive(
  guard: PoolClient,
  target: Target,
  advance: Advance,
): Promise<TableDifference[] | undefined> {
  const { client, projection } = target;
  const livePosition = async (): Promise<bigint> =>
    (await readCheckpoint(client, projection.name))?.position ?? 0n;
  if (!target.comparable) return undefined;
  await approach(target, advance, livePosition);
  let snapshot = false;
  try {
    await inTransaction(guard, async () => {
      const live = await lockCheckpoint(guard, projection.name, target.token);
      if (!isComparable(live, target) || live.position < target.position) return;
      await advance(live.position);
      if (target.failed) return;
      await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
      snapshot = true;
      // The snapshot is taken by the first query, which must be here, where the live tables stand still.
      await client.query('SELECT 1');
    });
    if (!snapshot) return undefined;
    return await compareTables(client, projection, { old: projection.name, new: target.schema });
  } finally {
    if (snapshot) await client.query('ROLLBACK');
  }
}

/**
 * Puts the new tables in the place of the live ones, at exactly the live position, or at the head of the log if the
 * live ones are stopped or of another version.
 */
export async function replaceLive(
  log: EventLog,
  guard: PoolClient,
  target: Target,
  advance: Advance,
): Promise<void> {
  const { projection, schema } = target;
  const goal = async (live: Checkpoint | undefined): Promise<bigint> =>
    live && isComparable(live, target) && live.position >= target.position ? live.position : log.head();
  await approach(target, advance, async () => goal(await readCheckpoint(guard, projection.name)));
  await inTransaction(guard, async () => {
    await advance(await goal(await lockCheckpoint(guard, projection.name, target.token)));
    if (target.failed) return;
    const name = ident(projection.name);
    await guard.query(`ALTER SCHEMA ${name} RENAME TO ${ident(`${projection.name}_old`)}`);
    await guard.query(`ALTER SCHEMA ${ident(schema)} RENAME TO ${name}`);
    const { version } = projection;
    const { position, engine } = target;
    await setCheckpoint(guard, projection.name, { status: 'live', version, position, engine });
  });
}

async function approach(target: Target, advance: Advance, goal: () => Promise<bigint>): Promise<void> {
  for (let round = 0; round < MOST_ROUNDS && !target.failed; round += 1) {
    const until = await goal();
    if (until <= target.position || (await advance(until)) <= SMALL_TAIL) return;
  }
}
