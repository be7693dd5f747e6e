import { EventStoreDbEventLog } from '#libs/event-log/adapters/eventstoredb-event-log.adapter.js';
import type { EventStoreDbLimits } from '#libs/event-log/adapters/eventstoredb-limits.adapter.js';
import { eventStoreDbMigrations } from '#libs/event-log/adapters/eventstoredb-schema.adapter.js';
import { type Clock, systemClock } from '#libs/event-log/clock.js';
import { migrate } from '#libs/read-db/migrate.adapter.js';
import { createTestDatabase, type TestDatabase } from './database.js';

/** Small, so that a test for a server that says nothing is short; still long for a busy machine. */
export const SHORT: EventStoreDbLimits = {
  attemptMs: 400,
  readSilenceMs: 400,
  retryMs: 2_000,
  backoffMs: 10,
  longestBackoffMs: 100,
  quietMs: 20,
  watchMs: 100,
  stalledMs: 300,
};

/** A database for ids, and engines as several processes would have them. */
export interface EngineRoom {
  readonly database: TestDatabase;
  /** Why something was tried again, for all engines. */
  readonly retries: string[];
  engine(url: string, over?: Partial<EventStoreDbLimits>, clock?: Clock): EventStoreDbEventLog;
  close(): Promise<void>;
}

export async function openEngineRoom(): Promise<EngineRoom> {
  const database = await createTestDatabase();
  await migrate(database.pool, eventStoreDbMigrations);
  const engines: EventStoreDbEventLog[] = [];
  const retries: string[] = [];
  return {
    database,
    retries,
    engine: (url, over = {}, clock = systemClock) => {
      const engine = new EventStoreDbEventLog({
        url,
        pool: database.pool,
        clock,
        limits: { ...SHORT, ...over },
        onRetry: (reason) => retries.push(reason),
      });
      engines.push(engine);
      return engine;
    },
    close: async () => {
      for (const engine of engines) await engine.close();
      await database.drop();
    },
  };
}

/** The time of the system, and so much more. */
export function shifted(ms: number): Clock {
  return { now: () => systemClock.now() + ms };
}
