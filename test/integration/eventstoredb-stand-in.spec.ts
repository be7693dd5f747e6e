import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import {
  type AllStreamSubscription,
  ANY,
  BACKWARDS,
  END,
  EventStoreDBClient,
  jsonEvent,
  NO_STREAM,
  START,
  streamNameFilter,
  WrongExpectedVersionError,
} from '@eventstore/db-client';
import { randomUUID } from 'node:crypto';
import { EventEmitter, once } from 'node:events';
import { type EventStoreStandIn, startEventStore } from '../support/eventstoredb/stand-in.js';

let server: EventStoreStandIn;
let client: EventStoreDBClient;

beforeEach(async () => {
  server = await startEventStore();
  client = EventStoreDBClient.connectionString(server.url);
});
afterEach(async () => {
  await client.dispose();
  await server.stop();
});

const event = (n = 0, id: string = randomUUID()) => jsonEvent({ id, type: 'Tried', data: { n } });

async function revisions(stream: string, options = {}): Promise<number[]> {
  const found: number[] = [];
  for await (const { event: read } of client.readStream(stream, options)) found.push(Number(read!.revision));
  return found;
}

async function positions(options = {}): Promise<bigint[]> {
  const found: bigint[] = [];
  for await (const { event: read } of client.readAll(options)) found.push(read!.position.commit);
  return found;
}

describe('appending to the stand-in', () => {
  it('answers with revision and position of the last event', async () => {
    const result = await client.appendToStream('a-1', [event(1), event(2)], { expectedRevision: NO_STREAM });
    expect(result).toMatchObject({ success: true, nextExpectedRevision: 1n });
    const all = await positions();
    expect(all).toHaveLength(2);
    expect(result.position!.commit).toBe(all[1]);
    expect(all[1]! - all[0]!).toBeGreaterThan(1n);
  });

  it('refuses a wrong revision and names the right one', async () => {
    await client.appendToStream('a-1', event());
    await expect(
      client.appendToStream('a-1', event(), { expectedRevision: NO_STREAM }),
    ).rejects.toMatchObject({ expectedVersion: 'no_stream', actualVersion: 0n });
    await expect(client.appendToStream('a-2', event(), { expectedRevision: 3n })).rejects.toMatchObject({
      expectedVersion: 3n,
      actualVersion: 'no_stream',
    });
  });

  it('answers a repeat at an exact revision like the first time, and refuses part of one', async () => {
    const events = [event(1), event(2)];
    const first = await client.appendToStream('a-1', events, { expectedRevision: NO_STREAM });
    await client.appendToStream('a-1', event(3), { expectedRevision: 1n });
    expect(await client.appendToStream('a-1', events, { expectedRevision: NO_STREAM })).toEqual(first);
    await expect(
      client.appendToStream('a-1', [events[0]!, event()], { expectedRevision: NO_STREAM }),
    ).rejects.toBeInstanceOf(WrongExpectedVersionError);
    expect(await client.appendToStream('a-2', events, { expectedRevision: NO_STREAM })).toMatchObject({
      success: true,
    });
  });
});

describe('reading from the stand-in', () => {
  it('reads streams both ways, from a revision that is read too', async () => {
    await client.appendToStream('a-1', [event(0), event(1), event(2)]);
    expect(await revisions('a-1')).toEqual([0, 1, 2]);
    expect(await revisions('a-1', { fromRevision: 1n, maxCount: 1 })).toEqual([1]);
    expect(await revisions('a-1', { direction: BACKWARDS, fromRevision: END, maxCount: 2 })).toEqual([2, 1]);
    await expect(revisions('none-1')).rejects.toMatchObject({ type: 'stream-not-found' });
  });

  it('reads $all: forwards with the event at the position, backwards without it', async () => {
    await client.appendToStream('a-1', [event(0), event(1), event(2)]);
    const all = await positions();
    const middle = { commit: all[1]!, prepare: all[1]! };
    expect(await positions({ fromPosition: middle })).toEqual(all.slice(1));
    expect(await positions({ direction: BACKWARDS, fromPosition: middle })).toEqual([all[0]]);
    expect(await positions({ direction: BACKWARDS, fromPosition: END, maxCount: 1 })).toEqual([all[2]]);
    const between = { commit: all[1]! + 1n, prepare: all[1]! + 1n };
    await expect(positions({ fromPosition: between })).rejects.toThrow(/invalid position/);
  });

  it('follows $all by filter, with checkpoints, after the position, and tells when it has caught up', async () => {
    for (let n = 0; n < 40; n += 1) await client.appendToStream(n % 2 ? 'a-1' : 'b-1', event(n));
    const all = await positions();
    const checkpoints: bigint[] = [];
    const seen: bigint[] = [];
    const subscription = client.subscribeToAll({
      fromPosition: { commit: all[0]!, prepare: all[0]! },
      filter: streamNameFilter({
        prefixes: ['a-', 'x-'],
        checkpointReached: async (_subscription: AllStreamSubscription, { commit }) => {
          checkpoints.push(commit);
        },
      }),
    });
    const caughtUp = new Promise((resolve) => subscription.on('caughtUp', resolve));
    subscription.on('data', ({ event: read }) => seen.push(read!.position.commit));
    await caughtUp;
    expect(seen).toEqual(all.filter((_, n) => n % 2 === 1));
    expect(checkpoints.length).toBeGreaterThan(0);
    const live = new Promise((resolve) => subscription.once('data', resolve));
    await client.appendToStream('b-1', event());
    await client.appendToStream('a-1', event(), { expectedRevision: ANY });
    await live;
    expect(seen).toHaveLength(21);
    await subscription.unsubscribe();
  });

  it('follows a stream that comes to be later', async () => {
    const subscription = client.subscribeToStream('later-1', { fromRevision: START });
    const first = new Promise((resolve) => subscription.once('data', resolve));
    await client.appendToStream('later-1', event(7));
    expect(await first).toMatchObject({ event: { data: { n: 7 }, revision: 0n } });
    await subscription.unsubscribe();
  });
});

describe('what a subscriber to $all of the stand-in is told', () => {
  async function told(at: EventStoreStandIn, from: bigint | 'start', count: number): Promise<string[]> {
    const own = EventStoreDBClient.connectionString(at.url);
    const said: string[] = [];
    const subscription = own.subscribeToAll({
      fromPosition: from === 'start' ? START : { commit: from, prepare: from },
      filter: streamNameFilter({
        prefixes: ['a-'],
        checkpointReached: async () => hear('checkpoint'),
      }),
    });
    const heard = new EventEmitter();
    const hear = (what: string): void => {
      if (said.push(what) === count) heard.emit('enough');
    };
    const enough = once(heard, 'enough');
    subscription.on('caughtUp', () => hear('caught up'));
    subscription.on('data', () => hear('event'));
    await enough;
    await subscription.unsubscribe();
    await own.dispose();
    return said;
  }

  it('begins at the end: that it has caught up, and no checkpoint', async () => {
    const { position } = await client.appendToStream('a-1', event());
    expect(await told(server, position!.commit, 1)).toEqual(['caught up']);
  });

  it('begins before: the events, a checkpoint, and that it has caught up', async () => {
    await client.appendToStream('a-1', [event(), event()]);
    expect(await told(server, 'start', 4)).toEqual(['event', 'event', 'checkpoint', 'caught up']);
  });

  it('is never told that it has caught up by a server from before 23.10', async () => {
    const older = await startEventStore({ older: true });
    const own = EventStoreDBClient.connectionString(older.url);
    await own.appendToStream('a-1', [event(), event()]);
    const saying = told(older, 'start', 4);
    await own.appendToStream('a-1', event());
    expect(await saying.finally(() => own.dispose())).not.toContain('caught up');
    await older.stop();
  });
});
