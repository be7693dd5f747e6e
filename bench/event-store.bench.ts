import { EventStoreDBClient, type JSONEventData } from '@eventstore/db-client';
import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { join } from 'node:path';
import { EventStoreDbEventLog } from '#libs/event-log/adapters/eventstoredb-event-log.adapter.js';
import { toProposed } from '#libs/event-log/adapters/eventstoredb-events.adapter.js';
import { eventStoreDbMigrations } from '#libs/event-log/adapters/eventstoredb-schema.adapter.js';
import { systemClock } from '#libs/event-log/clock.js';
import type { NewEvent } from '#libs/event-log/event-log.js';
import { FIRST_HASH } from '#libs/event-log/hash.js';
import { openDatabase } from '#libs/read-db/database.adapter.js';
import { migrate } from '#libs/read-db/migrate.adapter.js';
import { projectRoot } from '#apps/platform/project-root.js';
import { median, round, withFolder } from './support.js';

const IN_FLIGHT = 500;
const ROUNDS = 5;

/**
 * Appends and catch-up through the adapter against the bare client, in turn on one endpoint: the server of
 * EVENTSTORE_URL, or else the stand-in of the tests, whose figures say nothing of a real server.
 */
export async function benchEventStore(size: 'short' | 'full'): Promise<object> {
  const events = size === 'full' ? 10_000 : 2_000;
  return withFolder(async (folder) => {
    const database = await openDatabase({ dataFolder: join(folder, 'data') });
    const server = process.env['EVENTSTORE_URL'] ? undefined : await standIn();
    const url = process.env['EVENTSTORE_URL'] ?? server?.url ?? '';
    await migrate(database.pool, eventStoreDbMigrations);
    const log = new EventStoreDbEventLog({ url, pool: database.pool, clock: systemClock });
    const client = EventStoreDBClient.connectionString(url);
    const bareAppend = (): Promise<number> =>
      appendRate(events, async (event) => {
        await client.appendToStream(newStream(), bare(event), { expectedRevision: 'no_stream' });
      });
    const adapterAppend = (): Promise<number> =>
      appendRate(events, async (event) => {
        await log.append(newStream(), 'no_stream', [event]);
      });
    try {
      await adapterAppend();
      await bareAppend();
      const rounds: { bare: Rates; adapter: Rates }[] = [];
      for (let n = 0; n < ROUNDS; n += 1) {
        rounds.push({
          bare: { append: await bareAppend(), read: await readRate(() => client.readAll()) },
          adapter: { append: await adapterAppend(), read: await readRate(() => log.readAll()) },
        });
      }
      const of = (who: 'bare' | 'adapter', what: keyof Rates): number =>
        round(median(rounds.map((each) => each[who][what])));
      const ratio = (what: keyof Rates): number =>
        round(median(rounds.map((each) => each.adapter[what] / each.bare[what])));
      return {
        server: server ? 'stand-in' : 'EventStoreDB',
        events,
        inFlight: IN_FLIGHT,
        bareClient: { appendsPerSecond: of('bare', 'append'), readPerSecond: of('bare', 'read') },
        adapter: { appendsPerSecond: of('adapter', 'append'), readPerSecond: of('adapter', 'read') },
        adapterToBareClient: { append: ratio('append'), read: ratio('read') },
      };
    } finally {
      await log.close();
      await client.dispose();
      server?.child.kill();
      await database.close();
    }
  });
}

interface Rates {
  append: number;
  read: number;
}

const newStream = (): string => `bench-${randomUUID()}`;

async function appendRate(count: number, append: (event: NewEvent) => Promise<void>): Promise<number> {
  const begun = performance.now();
  let left = count;
  const writers = Array.from({ length: IN_FLIGHT }, async () => {
    while (left > 0) {
      left -= 1;
      await append(newEvent(left));
    }
  });
  await Promise.all(writers);
  return (count / (performance.now() - begun)) * 1_000;
}

async function readRate(read: () => AsyncIterable<unknown>): Promise<number> {
  const begun = performance.now();
  let count = 0;
  for await (const _ of read()) count += 1;
  return (count / (performance.now() - begun)) * 1_000;
}

function newEvent(n: number): NewEvent {
  return {
    id: randomUUID(),
    type: 'Measured',
    schemaVersion: 1,
    data: { n, step: 'register', unit: 'BP-TNKQ', procedure: '1.004227', channel: 'direct' },
    occurredAt: '2024-01-15T02:30:00.000Z',
    metadata: { actor: 'clerk-07', correlationId: randomUUID(), causationId: randomUUID() },
  };
}

/** Of the same size, without what the adapter works out. */
function bare(event: NewEvent): JSONEventData {
  return toProposed({ ...event, recordedAt: event.occurredAt, previousHash: FIRST_HASH, hash: FIRST_HASH });
}

async function standIn(): Promise<{ url: string; child: ChildProcess }> {
  const program = join(projectRoot, 'dist/test/support/eventstoredb/program.js');
  const child = spawn(process.execPath, [program], { stdio: ['pipe', 'pipe', 'inherit'] });
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  return { url: /^ready (\S+)/.exec(String(line))?.[1] ?? '', child };
}
