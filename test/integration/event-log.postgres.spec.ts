import { eventLogContract } from '#libs/event-log/testing/event-log.contract.js';
import { PostgresEventLog } from '#libs/event-log/adapters/postgres-event-log.adapter.js';
import { eventLogMigrations } from '#libs/event-log/adapters/postgres-schema.adapter.js';
import { migrate } from '#libs/read-db/migrate.adapter.js';
import { createTestDatabase } from '../support/database.js';

eventLogContract('PostgreSQL', async () => {
  const database = await createTestDatabase();
  await migrate(database.pool, eventLogMigrations);
  const log = new PostgresEventLog(database.pool);
  return {
    log,
    dropConnections: async () => {
      await database.pool
        .query(
          `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
            WHERE datname = current_database() AND pid <> pg_backend_pid()`,
        )
        .catch(() => undefined);
    },
    close: async () => {
      await log.close();
      await database.drop();
    },
  };
});
