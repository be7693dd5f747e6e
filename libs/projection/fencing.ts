import type { PoolClient } from 'pg';
import { NotOwner } from './checkpoints.js';

/**
 * Sessions that write for an owner hold a shared lock on (projection, token), which hinders nobody: by it the next
 * owner finds what a stalled one has left open, with its locks on rows and schemas.
 */
const mark = (kind: 'xact_' | '', name: string, token: bigint): string =>
  `SELECT pg_advisory_${kind}lock_shared(hashtext('projection.owner.${name}'), ${token})`;

/** To be said after BEGIN. */
export const markTransaction = (name: string, token: bigint): string => mark('xact_', name, token);

/** Until the connection ends, or lets go of its advisory locks. */
export async function markSession(client: PoolClient, name: string, token: bigint): Promise<void> {
  await client.query(mark('', name, token));
}

/**
 * From here on no earlier owner writes: its sessions are ended by the server, and its token is out of date. What it
 * had committed before stays.
 * @throws NotOwner if there is a later owner
 */
export async function barEarlierOwners(client: PoolClient, name: string, token: bigint): Promise<void> {
  await client.query(
    `SELECT pg_terminate_backend(pid) FROM pg_locks
      WHERE locktype = 'advisory' AND objsubid = 2 AND classid = hashtext('projection.owner.' || $1)::oid
        AND objid::bigint < $2 AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`,
    [name, token.toString()],
  );
  const raised = await client.query(
    'UPDATE projection.checkpoints SET token = $2 WHERE name = $1 AND token <= $2',
    [name, token.toString()],
  );
  if (raised.rowCount === 0) throw new NotOwner(name);
}
