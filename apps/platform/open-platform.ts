import type { Pool } from 'pg';
import { credentialMigrations } from '#libs/access/passwords/credentials.adapter.js';
import { sessionMigrations } from '#libs/access/sessions/sessions.adapter.js';
import { limitMigrations } from '#libs/access/limits/shared-counters.adapter.js';
import { secondFactorMigrations } from '#libs/access/second-factor/second-factors.adapter.js';
import { dossierUpcasters } from '#libs/dossier/dossier.upcasters.js';
import { receiptMigrations } from '#libs/dossier/commands/receipts.adapter.js';
import { eventStoreDbMigrations } from '#libs/event-log/adapters/eventstoredb-schema.adapter.js';
import { PostgresEventLog } from '#libs/event-log/adapters/postgres-event-log.adapter.js';
import { eventLogMigrations } from '#libs/event-log/adapters/postgres-schema.adapter.js';
import { type Clock, systemClock } from '#libs/event-log/clock.js';
import type { EventLog, LogEngine } from '#libs/event-log/event-log.js';
import { UpcastingEventLog } from '#libs/event-log/upcasting.js';
import { postgresLiveUpdates } from '#libs/live/adapters/postgres-live-updates.adapter.js';
import { redisLiveUpdates } from '#libs/live/adapters/redis-live-updates.adapter.js';
import type { LiveUpdates } from '#libs/live/live-updates.js';
import { MeasuredEventLog } from '#libs/telemetry/measured-event-log.js';
import { Metrics } from '#libs/telemetry/metrics.adapter.js';
import type { AccountKeeper } from '#libs/personal-data/account-keeper.adapter.js';
import { keyStoreMigrations } from '#libs/personal-data/key-store-schema.adapter.js';
import { openVault } from '#libs/personal-data/open-vault.adapter.js';
import type { Vault } from '#libs/personal-data/vault.js';
import { openDatabase } from '#libs/read-db/database.adapter.js';
import { migrate } from '#libs/read-db/migrate.adapter.js';
import { parseRedisUrl, type RedisAddress } from '#libs/redis/redis-address.js';
import { readTraceMigrations } from '#libs/read-trace/read-trace-schema.adapter.js';
import { preferenceMigrations } from '#libs/reminders/preferences/preferences.adapter.js';
import { reminderMigrations } from '#libs/reminders/wakes-schema.adapter.js';
import { verificationMigrations } from '#libs/verification/verifications.adapter.js';
import { openLog } from './open-log.js';

/** What every program of motcua stands on. */
export interface Platform {
  readonly pool: Pool;
  /** The log as it was written: for `verify` and copies. */
  readonly rawLog: LogEngine;
  /** The log with every event in its newest schema version: for all else. */
  readonly log: EventLog;
  /** The keys of persons. */
  readonly vault: Vault;
  /** Keeps secrets of accounts. */
  readonly keeper: AccountKeeper;
  readonly clock: Clock;
  readonly metrics: Metrics;
  /** Between the processes on the same engines: over Redis where there is one, otherwise over PostgreSQL. */
  readonly live: LiveUpdates;
  /** Undefined without one. */
  readonly redis: RedisAddress | undefined;
  close(): Promise<void>;
}

/** Of all tables that are not a projection's. */
export const MIGRATIONS = {
  ...eventLogMigrations,
  ...eventStoreDbMigrations,
  ...receiptMigrations,
  ...verificationMigrations,
  ...limitMigrations,
  ...credentialMigrations,
  ...sessionMigrations,
  ...readTraceMigrations,
  ...secondFactorMigrations,
  ...keyStoreMigrations,
  ...reminderMigrations,
  ...preferenceMigrations,
};

/**
 * Opens the database (the user's, or the embedded one), brings its tables up to date, and the log in it. Redis is
 * connected when it is needed: services look at it with `checkRedis` before.
 */
export async function openPlatform(options: {
  dataFolder: string;
  databaseUrl: string | undefined;
  databaseSetting?: string;
  eventStoreUrl?: string | undefined;
  redisUrl?: string | undefined;
  masterKey?: string | undefined;
  masterKeyFile?: string | undefined;
  clock?: Clock;
  notice?: (line: string) => void;
}): Promise<Platform> {
  const { dataFolder, databaseUrl, eventStoreUrl, redisUrl, notice = () => undefined } = options;
  const { clock = systemClock, databaseSetting } = options;
  const redis = redisUrl === undefined ? undefined : parseRedisUrl(redisUrl);
  const database = await openDatabase({ dataFolder, databaseUrl, databaseSetting, log: notice });
  try {
    await migrate(database.pool, MIGRATIONS);
    const metrics = new Metrics();
    const onRetry = (reason: string): void => metrics.retried(reason);
    const rawLog = await openLog(database.pool, clock, { eventStoreUrl, notice, onRetry });
    const { masterKey, masterKeyFile } = options;
    const vault = await openVault({
      ...{ pool: database.pool, besideLog: eventStoreUrl === undefined, notice },
      ...{ masterKey, masterKeyFile, dataFolder },
    }).catch(async (error: unknown) => {
      await rawLog.close();
      throw error;
    });
    const closePool = (): Promise<void> => database.close();
    return platformOn(database.pool, clock, vault, closePool, redis && { address: redis, notice }, {
      rawLog,
      metrics,
    });
  } catch (error) {
    await database.close();
    throw error;
  }
}

/** The platform on a pool whose tables are up to date. */
export function platformOn(
  pool: Pool,
  clock: Clock,
  vault: Vault & { readonly keeper: AccountKeeper },
  closePool: () => Promise<void>,
  redis?: { address: RedisAddress; notice: (line: string) => void },
  { rawLog, metrics }: { rawLog: LogEngine; metrics: Metrics } = {
    rawLog: new PostgresEventLog(pool),
    metrics: new Metrics(),
  },
): Platform {
  const live = redis ? redisLiveUpdates(redis.address, redis.notice) : postgresLiveUpdates(pool);
  return {
    pool,
    rawLog,
    log: new UpcastingEventLog(new MeasuredEventLog(rawLog, metrics), dossierUpcasters),
    vault,
    keeper: vault.keeper,
    clock,
    metrics,
    live,
    redis: redis?.address,
    close: async () => {
      await live.close();
      await rawLog.close();
      await closePool();
    },
  };
}
