import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { EventStoreDBClient, jsonEvent } from '@eventstore/db-client';
import { EventStoreClients } from '#libs/event-log/adapters/eventstoredb-client.adapter.js';
import { EVENTSTOREDB_LIMITS } from '#libs/event-log/adapters/eventstoredb-limits.adapter.js';
import { type EventStoreStandIn, startEventStore } from '../support/eventstoredb/stand-in.js';

/** One caller's failure makes a new client for all: what the others were reading must not end early unnoticed. */
describe('a read whose client is thrown away', () => {
  let server: EventStoreStandIn;
  const stream = `sample-${randomUUID()}`;

  beforeAll(async () => {
    server = await startEventStore();
    const client = EventStoreDBClient.connectionString(server.url);
    await client.appendToStream(
      stream,
      Array.from({ length: 10 }, (_, n) => jsonEvent({ type: 'Tried', data: { n } })),
    );
    await client.dispose();
  });
  afterAll(() => server.stop());

  it('is done again with the new one, and gives all there is', async () => {
    const retries: string[] = [];
    const clients = new EventStoreClients(server.url, EVENTSTOREDB_LIMITS, (reason) => retries.push(reason));
    server.faults.set('read', { kind: 'slow', ms: 300 }, 1);
    let calls = 0;
    const reading = clients.retrying(async (client) => {
      calls += 1;
      const found: number[] = [];
      for await (const { event } of client.readStream<{ type: 'Tried'; data: { n: number } }>(stream)) {
        found.push(event!.data.n);
      }
      return found;
    });
    const first = clients.current();
    // The call must be under way: ended before, it fails instead of ending early.
    await first.client.getStreamMetadata(stream).catch(() => undefined);
    clients.renew(first);
    expect(await reading).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(calls).toBe(2);
    expect(retries).toEqual([expect.stringContaining('thrown away')]);
    await clients.close();
  });
});
