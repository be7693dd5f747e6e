import type { Pool, PoolClient } from 'pg';
import type { EventName } from './errors.js';
import type { Projection } from './projection.js';
import { hasTables, setUpTables } from './tables.js';
import { inTransaction } from './transaction.js';

/** `rebuilding`: the tables hold what an older version made, or nothing yet, and nobody writes to them. */
export type CheckpointStatus = 'live' | 'rebuilding' | 'stopped';

/** How far a projection is: every event up to `position` is in its tables, and none after it. */
export interface Checkpoint {
  readonly name: string;
  readonly version: number;
  readonly position: bigint;
  readonly status: CheckpointStatus;
  /** The event that it stopped in front of. */
  readonly poisonedEvent: EventName | null;
  readonly error: string | null;
  /** The engine of the log that the position is of. */
  readonly engine: string;
  /** Of the latest owner; see `Ownership`. */
  readonly token: bigint;
}

/** Another process owns the projection now: nothing was written. */
export class NotOwner extends Error {
  constructor(readonly projection: string) {
    super(`projection ${projection} is owned by another process`);
    this.name = 'NotOwner';
  }
}

interface CheckpointRow {
  name: string;
  version: number;
  position: string;
  status: CheckpointStatus;
  poisoned_event: EventName | null;
  error: string | null;
  engine: string;
  token: string;
}

const SELECT = `SELECT name, version, position::text, status, poisoned_event, error, engine, token::text
  FROM projection.checkpoints WHERE name = $1`;

/** An SQL name, quoted. Names of projections, tables and columns come from code, never from a request. */
export function ident(name: string): string {
  if (!/^[a-z_][a-z0-9_]*$/.test(name)) throw new Error('not a name for a schema, table or column');
  return `"${name}"`;
}

/** The stored checkpoint; undefined if this projection was never set up in this database. */
export async function readCheckpoint(db: Pool | PoolClient, name: string): Promise<Checkpoint | undefined> {
  if (!(await hasTables(db))) return undefined;
  return fromRow((await db.query<CheckpointRow>(SELECT, [name])).rows[0]);
}

/**
 * Reads the checkpoint and keeps everyone else from moving it until the transaction ends.
 * @throws NotOwner if there is a later owner than the one with this token
 */
export async function lockCheckpoint(client: PoolClient, name: string, token?: bigint): Promise<Checkpoint> {
  const found = fromRow((await client.query<CheckpointRow>(`${SELECT} FOR UPDATE`, [name])).rows[0]);
  if (!found) throw new Error(`projection ${name} has no checkpoint`);
  if (token !== undefined && found.token > token) throw new NotOwner(name);
  return found;
}

export async function advanceCheckpoint(client: PoolClient, name: string, position: bigint): Promise<void> {
  await client.query('UPDATE projection.checkpoints SET position = $2, updated_at = now() WHERE name = $1', [
    name,
    position.toString(),
  ]);
}

/** Sets everything but the position, and that too where it is given. */
export async function setCheckpoint(
  db: Pool | PoolClient,
  name: string,
  to: {
    status: CheckpointStatus;
    version?: number;
    position?: bigint;
    engine?: string;
    /** Changes nothing where there is a later owner. */
    token?: bigint;
    poisonedEvent?: EventName | null;
    error?: string | null;
  },
): Promise<void> {
  await db.query(
    `UPDATE projection.checkpoints
        SET status = $2, poisoned_event = $3, error = $4, version = coalesce($5, version),
            position = coalesce($6, position), engine = coalesce($7, engine), updated_at = now()
      WHERE name = $1 AND token <= coalesce($8, token)`,
    [
      name,
      to.status,
      to.poisonedEvent ? JSON.stringify(to.poisonedEvent) : null,
      to.error ?? null,
      to.version ?? null,
      to.position?.toString() ?? null,
      to.engine ?? null,
      to.token?.toString() ?? null,
    ],
  );
}

/**
 * All projections rebuild from the beginning when they are next started: their positions mean nothing in the log that
 * comes now, whatever its engine.
 */
export async function forgetCheckpoints(db: Pool | PoolClient): Promise<void> {
  if (!(await hasTables(db))) return;
  await db.query(
    `UPDATE projection.checkpoints
        SET status = 'rebuilding', position = 0, poisoned_event = NULL, error = NULL, updated_at = now()`,
  );
}

/**
 * Makes sure that the projection has a checkpoint and tables that can be read, empty at first (status
 * `rebuilding` until they are filled). Safe to call from many processes at once.
 */
export async function setUpProjection(
  client: PoolClient,
  projection: Projection,
  engine: string,
): Promise<Checkpoint> {
  await setUpTables(client);
  const existing = await readCheckpoint(client, projection.name);
  if (existing) return existing;
  return inTransaction(client, async () => {
    await client.query(`SELECT pg_advisory_xact_lock(hashtext('projection.checkpoints'))`);
    const other = await readCheckpoint(client, projection.name);
    if (other) return other;
    await client.query(`DROP SCHEMA IF EXISTS ${ident(projection.name)} CASCADE`);
    await createTables(client, projection, projection.name);
    await projection.finish?.(client, projection.name);
    await client.query(
      `INSERT INTO projection.checkpoints (name, version, position, status, engine)
       VALUES ($1, $2, 0, 'rebuilding', $3)`,
      [projection.name, projection.version, engine],
    );
    return lockCheckpoint(client, projection.name);
  });
}

export async function createTables(
  client: PoolClient,
  projection: Projection,
  schema: string,
): Promise<void> {
  await client.query(`CREATE SCHEMA ${ident(schema)}`);
  await projection.create(client, schema);
}

function fromRow(row: CheckpointRow | undefined): Checkpoint | undefined {
  if (!row) return undefined;
  const { poisoned_event: poisonedEvent, position, token, ...rest } = row;
  return { ...rest, position: BigInt(position), token: BigInt(token), poisonedEvent };
}
