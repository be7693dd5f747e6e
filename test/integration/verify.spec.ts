import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { PoolClient } from 'pg';
import { PostgresEventLog } from '#libs/event-log/adapters/postgres-event-log.adapter.js';
import { eventLogMigrations } from '#libs/event-log/adapters/postgres-schema.adapter.js';
import { verifyLog } from '#libs/event-log/verify.js';
import { migrate } from '#libs/read-db/migrate.adapter.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { newEvent } from '../support/dossier-events.js';

let database: TestDatabase;
let log: PostgresEventLog;

/** Positions 1 to 6: two dossiers by turns, `a` at the odd ones. */
beforeEach(async () => {
  database = await createTestDatabase();
  await migrate(database.pool, eventLogMigrations);
  log = new PostgresEventLog(database.pool);
  for (let revision = 0n; revision < 3n; revision += 1n) {
    for (const code of ['a', 'b']) {
      const event = newEvent('DossierHandedOver', { toUnit: 'QLĐT', n: Number(revision) });
      await log.append(`dossier-${code}`, revision === 0n ? 'no_stream' : revision - 1n, [event]);
    }
  }
});
afterEach(async () => {
  await log.close();
  await database.drop();
});

/** What a superuser does who takes the triggers away first. */
async function tamper(work: (client: PoolClient) => Promise<unknown>): Promise<void> {
  const client = await database.pool.connect();
  try {
    await client.query(`SET session_replication_role = replica`);
    await work(client);
    await client.query(`SET session_replication_role = DEFAULT`);
  } finally {
    client.release();
  }
}

async function findings(): Promise<string[]> {
  const verification = await verifyLog(log.readAll(), true);
  return verification.findings.map(({ kind, stream, revision }) => `${kind} ${stream} ${revision}`);
}

describe('a log in PostgreSQL', () => {
  it('verifies as it was written', async () => {
    expect(await verifyLog(log.readAll(), true)).toEqual({
      events: 6,
      streams: 2,
      position: 6n,
      findings: [],
    });
  });

  it.each([
    [`UPDATE event_log.events SET body = '{}' WHERE position = 3`],
    [`UPDATE event_log.events SET hash = '' WHERE position = 3`],
    [`DELETE FROM event_log.events WHERE position = 3`],
    [`TRUNCATE event_log.events`],
  ])('refuses %s', async (statement) => {
    await expect(database.pool.query(statement)).rejects.toThrow('the event log cannot be rewritten');
    expect(await findings()).toEqual([]);
  });

  it('names an event that was changed behind its back', async () => {
    await tamper((client) =>
      client.query(
        `UPDATE event_log.events SET body = replace(body::text, 'QLĐT', 'TNMT')::json WHERE position = 3`,
      ),
    );
    expect(await findings()).toEqual(['changed dossier-a 1']);
  });

  it('names an event whose time of recording was set back', async () => {
    await tamper((client) =>
      client.query(
        `UPDATE event_log.events SET recorded_at = recorded_at - interval '1 day' WHERE position = 3`,
      ),
    );
    expect(await findings()).toEqual(['changed dossier-a 1']);
  });

  it('names the event after one that was removed, in its stream and in the log', async () => {
    await tamper((client) => client.query(`DELETE FROM event_log.events WHERE position = 3`));
    expect(await findings()).toEqual(['missing_before dossier-b 1', 'missing_before dossier-a 2']);
  });

  it('names what follows a removed first event', async () => {
    await tamper((client) => client.query(`DELETE FROM event_log.events WHERE position = 1`));
    expect(await findings()).toEqual(['missing_before dossier-b 0', 'missing_before dossier-a 1']);
  });

  it('names two events that changed places', async () => {
    await tamper(async (client) => {
      await client.query(`UPDATE event_log.events SET revision = -1 WHERE position = 3`);
      await client.query(`UPDATE event_log.events SET revision = 1 WHERE position = 5`);
      await client.query(`UPDATE event_log.events SET revision = 2 WHERE position = 3`);
    });
    const found = await findings();
    expect(found).toEqual(expect.arrayContaining(['changed dossier-a 2', 'changed dossier-a 1']));
  });
});
