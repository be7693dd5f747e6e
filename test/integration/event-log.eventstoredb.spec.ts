import { systemClock } from '#libs/event-log/clock.js';
import { EventStoreDbEventLog } from '#libs/event-log/adapters/eventstoredb-event-log.adapter.js';
import { eventStoreDbMigrations } from '#libs/event-log/adapters/eventstoredb-schema.adapter.js';
import { eventLogContract } from '#libs/event-log/testing/event-log.contract.js';
import { migrate } from '#libs/read-db/migrate.adapter.js';
import { createTestDatabase } from '../support/database.js';
import { startEventStore } from '../support/eventstoredb/stand-in.js';

/** A real server, if there is one; its log need not be empty. */
const realServer = process.env['EVENTSTORE_URL'];

eventLogContract(realServer ? 'EventStoreDB' : 'EventStoreDB (stand-in)', async () => {
  const server = realServer ? undefined : await startEventStore();
  const database = await createTestDatabase();
  await migrate(database.pool, eventStoreDbMigrations);
  const log = new EventStoreDbEventLog({
    url: realServer ?? server?.url ?? '',
    pool: database.pool,
    clock: systemClock,
  });
  return {
    log,
    dropConnections: async () => {
      if (server) server.dropConnections();
      else await closeChannel(log);
    },
    close: async () => {
      await log.close();
      await database.drop();
      await server?.stop();
    },
  };
});

/** The nearest to a cut that can be had without the other end: calls are cancelled and the connection is closed. */
async function closeChannel(log: EventStoreDbEventLog): Promise<void> {
  const { client } = log['clients'].current();
  const channel = await client['getChannel']();
  await client.dispose();
  channel.close();
}
