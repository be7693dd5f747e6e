import type { Pool, PoolClient } from 'pg';
import type { EventName } from './errors.js';
import type { Projection } from './projection.js';
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
}

interface CheckpointRow {
  name: string;
  version: number;
  position: string;
  status: CheckpointStatus;
  poisoned_event: EventName | null;
  error: string | null;
}

const SELECT = `SELECT name, version, position, status, poisoned_event, error
  FROM projection.checkpoints WHERE name = $1`;

/** An SQL name, quoted. Names of projections, tables and columns come from code, never from a request. */
export function ident(name: string): string {
  if (!/^[a-z_][a-z0-9_]*$/.test(name)) throw new Error('not a name for a schema, table or column');
  return `"${name}"`;
}

/** The stored checkpoint; undefined if this projection was never set up in this database. */
export async function readCheckpoint(db: Pool | PoolClient, name: string): Promise<Checkpoint | undefined> {
  const table = await db.query<{ there: boolean }>(
    `SELECT to_regclass('projection.checkpoints') IS NOT NULL AS there`,
  );
  if (!table.rows[0]?.there) return undefined;
  return fromRow((await db.query<CheckpointRow>(SELECT, [name])).rows[0]);
}

/** Reads the checkpoint and keeps everyone else from moving it until the transaction ends. */
export async function lockCheckpoint(client: PoolClient, name: string): Promise<Checkpoint> {
  const found = fromRow((await client.query<CheckpointRow>(`${SELECT} FOR UPDATE`, [name])).rows[0]);
  if (!found) throw new Error(`projection ${name} has no checkpoint`);
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
    poisonedEvent?: EventName | null;
    error?: string | null;
  },
): Promise<void> {
  await db.query(
    `UPDATE projection.checkpoints
        SET status = $2, poisoned_event = $3, error = $4, version = coalesce($5, version),
            position = coalesce($6, position), updated_at = now()
      WHERE name = $1`,
    [
      name,
      to.status,
      to.poisonedEvent ? JSON.stringify(to.poisonedEvent) : null,
      to.error ?? null,
      to.version ?? null,
      to.position?.toString() ?? null,
    ],
  );
}

/**
 * Makes sure that the projection has a checkpoint and tables that can be read, empty at first (status
 * `rebuilding` until they are filled). Safe to call from many processes at once.
 */
export async function setUpProjection(client: PoolClient, projection: Projection): Promise<Checkpoint> {
  const existing = await readCheckpoint(client, projection.name);
  if (existing) return existing;
  return inTransaction(client, async () => {
    await client.query(`SELECT pg_advisory_xact_lock(hashtext('projection.checkpoints'))`);
    await client.query('CREATE SCHEMA IF NOT EXISTS projection');
    await client.query(`CREATE TABLE IF NOT EXISTS projection.checkpoints (
      name text PRIMARY KEY,
      version integer NOT NULL,
      position bigint NOT NULL,
      status text NOT NULL CHECK (status IN ('live', 'rebuilding', 'stopped')),
      poisoned_event jsonb,
      error text,
      updated_at timestamptz NOT NULL DEFAULT now()
    )`);
    const other = await readCheckpoint(client, projection.name);
    if (other) return other;
    await client.query(`DROP SCHEMA IF EXISTS ${ident(projection.name)} CASCADE`);
    await createTables(client, projection, projection.name);
    await projection.finish?.(client, projection.name);
    await client.query(
      `INSERT INTO projection.checkpoints (name, version, position, status) VALUES ($1, $2, 0, 'rebuilding')`,
      [projection.name, projection.version],
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
  const { poisoned_event: poisonedEvent, position, ...rest } = row;
  return { ...rest, position: BigInt(position), poisonedEvent };
}
