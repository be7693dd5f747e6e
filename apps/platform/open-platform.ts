import type { Pool } from 'pg';
import { dossierUpcasters } from '#libs/dossier/dossier.upcasters.js';
import { receiptMigrations } from '#libs/dossier/commands/receipts.adapter.js';
import { PostgresEventLog } from '#libs/event-log/adapters/postgres-event-log.adapter.js';
import { eventLogMigrations } from '#libs/event-log/adapters/postgres-schema.adapter.js';
import { type Clock, systemClock } from '#libs/event-log/clock.js';
import type { EventLog, LogEngine } from '#libs/event-log/event-log.js';
import { UpcastingEventLog } from '#libs/event-log/upcasting.js';
import { MeasuredEventLog } from '#libs/telemetry/measured-event-log.js';
import { Metrics } from '#libs/telemetry/metrics.adapter.js';
import { openDatabase } from '#libs/read-db/database.adapter.js';
import { migrate } from '#libs/read-db/migrate.adapter.js';

/** What every program of motcua stands on. */
export interface Platform {
  readonly pool: Pool;
  /** The log as it was written: for `verify` and copies. */
  readonly rawLog: LogEngine;
  /** The log with every event in its newest schema version: for all else. */
  readonly log: EventLog;
  readonly clock: Clock;
  readonly metrics: Metrics;
  close(): Promise<void>;
}

/** Opens the database (the user's, or the embedded one), brings its tables up to date, and the log in it. */
export async function openPlatform(options: {
  dataFolder: string;
  databaseUrl: string | undefined;
  clock?: Clock;
  notice?: (line: string) => void;
}): Promise<Platform> {
  const { dataFolder, databaseUrl, notice } = options;
  const database = await openDatabase({ dataFolder, databaseUrl, ...(notice ? { log: notice } : {}) });
  try {
    await migrate(database.pool, { ...eventLogMigrations, ...receiptMigrations });
  } catch (error) {
    await database.close();
    throw error;
  }
  return platformOn(database.pool, options.clock ?? systemClock, () => database.close());
}

/** The platform on a pool whose tables are up to date. */
export function platformOn(pool: Pool, clock: Clock, closePool: () => Promise<void>): Platform {
  const rawLog = new PostgresEventLog(pool);
  const metrics = new Metrics();
  return {
    pool,
    rawLog,
    log: new UpcastingEventLog(new MeasuredEventLog(rawLog, metrics), dossierUpcasters),
    clock,
    metrics,
    close: async () => {
      await rawLog.close();
      await closePool();
    },
  };
}
