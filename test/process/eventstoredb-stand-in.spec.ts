import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { EventStoreDBClient, jsonEvent } from '@eventstore/db-client';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { EventStoreProcess } from '../support/event-store-process.js';
import { temporaryFolder } from '../support/program.js';
import { mulberry32 } from '../support/random.js';

const ROUNDS = 5;
const WRITERS = 4;

describe(`the stand-in for EventStoreDB, killed ${ROUNDS} times while ${WRITERS} writers append`, () => {
  const random = mulberry32(20260701);
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let server: EventStoreProcess;

  beforeAll(async () => {
    folder = await temporaryFolder();
    server = await EventStoreProcess.start(join(folder.path, 'journal'));
  });
  afterAll(async () => {
    await server.stop();
    await folder.remove();
  });

  it('has every event that it had acknowledged, once and in the order of its stream', async () => {
    const acknowledged = new Map<string, string[]>();
    for (let round = 0; round < ROUNDS; round += 1) await appendAndKill(round, acknowledged);
    const client = EventStoreDBClient.connectionString(server.url);
    for (const [stream, ids] of acknowledged) {
      const stored: string[] = [];
      for await (const { event } of client.readStream(stream)) stored.push(event!.id);
      // What was written when the kill came may stand behind what was acknowledged.
      expect(stored.slice(0, ids.length)).toEqual(ids);
      expect(stored.length - ids.length).toBeLessThanOrEqual(1);
    }
    await client.dispose();
    expect([...acknowledged.values()].flat().length).toBeGreaterThan(ROUNDS * WRITERS);
  });

  it('takes faults over its input', async () => {
    const client = EventStoreDBClient.connectionString(server.url);
    const event = jsonEvent({ type: 'Tried', data: {} });
    await server.control({ on: 'append', fault: { kind: 'wrong-revision', current: 3 }, times: 1 });
    await expect(client.appendToStream('a-1', event)).rejects.toMatchObject({ actualVersion: 3n });
    await client.appendToStream('a-1', event);
    await client.dispose();
  });

  async function appendAndKill(round: number, acknowledged: Map<string, string[]>): Promise<void> {
    let left = 20 + Math.floor(random() * 60);
    let killed: Promise<void> | undefined;
    // One client for all: appends of a second one would be rejected with those of the first.
    const client = EventStoreDBClient.connectionString(server.url);
    const writers = Array.from({ length: WRITERS }, async (_, n) => {
      const stream = `round${round}-${n}`;
      const ids: string[] = [];
      acknowledged.set(stream, ids);
      while (!killed) {
        const event = jsonEvent({ id: randomUUID(), type: 'Tried', data: { round } });
        try {
          const expectedRevision = ids.length === 0 ? 'no_stream' : BigInt(ids.length - 1);
          await client.appendToStream(stream, event, { expectedRevision });
        } catch (error) {
          if ((error as { type?: string }).type !== 'unavailable') throw error;
          continue;
        }
        ids.push(event.id);
        left -= 1;
        if (left === 0) killed = server.kill();
      }
    });
    await Promise.all(writers);
    await killed;
    await client.dispose();
    await server.restart();
    await ready(server.url);
  }
});

/** Clients of one process share a connection; the first call after a kill may meet the dead one. */
async function ready(url: string): Promise<void> {
  const client = EventStoreDBClient.connectionString(url);
  for (let met = false; !met;) {
    try {
      for await (const _ of client.readAll({ maxCount: 1 })) met = true;
    } catch (error) {
      if ((error as { type?: string }).type !== 'unavailable') throw error;
    }
  }
  await client.dispose();
}
