import type { Pool } from 'pg';
import { PostgresEventLog } from '#libs/event-log/adapters/postgres-event-log.adapter.js';
import type { Clock } from '#libs/event-log/clock.js';
import type { LogEngine } from '#libs/event-log/event-log.js';
import { surviveEventStoreClient } from './unhandled-rejections.js';

/**
 * The engine that the settings name: EventStoreDB where there is an address of one, otherwise PostgreSQL.
 * @param pool its tables are up to date; with EventStoreDB the ids of events are kept there
 * @param onRetry told whenever the engine tries something again
 * @throws Problem if the event store cannot be worked with
 */
export async function openLog(
  pool: Pool,
  clock: Clock,
  {
    eventStoreUrl,
    notice,
    onRetry,
  }: {
    readonly eventStoreUrl: string | undefined;
    readonly notice: (line: string) => void;
    readonly onRetry: (reason: string) => void;
  },
): Promise<LogEngine> {
  if (eventStoreUrl === undefined) return new PostgresEventLog(pool);
  // Loaded only where it is used: the client takes longer to load than all the rest.
  const { EventStoreDbEventLog } = await import('#libs/event-log/adapters/eventstoredb-event-log.adapter.js');
  surviveEventStoreClient(notice);
  const log = new EventStoreDbEventLog({ url: eventStoreUrl, pool, clock, onRetry });
  try {
    await log.requireServer();
  } catch (error) {
    await log.close();
    throw error;
  }
  return log;
}
