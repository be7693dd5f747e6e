import type { Pool } from 'pg';
import { OVER } from './lease.js';
import { hasTables } from './tables.js';

export interface Owner {
  /** The process that keeps the projection; null if none that lives does. */
  readonly process: string | null;
  /** How long ago the last owner ceased to say that it lives; 0 while there is one, or if that is not known. */
  readonly goneSeconds: number;
}

/** Who keeps each projection, by the clock of the database. Projections that nobody ever kept are left out. */
export async function projectionOwners(pool: Pool): Promise<ReadonlyMap<string, Owner>> {
  if (!(await hasTables(pool))) return new Map();
  const { rows } = await pool.query<{ projection: string; owner: string | null; gone: number | null }>(
    `SELECT projection, CASE WHEN NOT ${OVER} THEN owner END AS owner,
            extract(epoch FROM clock_timestamp() - until)::float8 AS gone
       FROM projection.owners`,
  );
  return new Map(
    rows.map(({ projection, owner, gone }) => [
      projection,
      { process: owner, goneSeconds: owner === null ? Math.max(0, gone ?? 0) : 0 },
    ]),
  );
}
