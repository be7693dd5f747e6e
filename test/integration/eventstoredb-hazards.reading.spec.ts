import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import type { EventStoreDbEventLog } from '#libs/event-log/adapters/eventstoredb-event-log.adapter.js';
import { LogUnavailable, type NewEvent, streamName } from '#libs/event-log/event-log.js';
import { collect, follow, ids, sampleEvent } from '#libs/event-log/testing/contract-support.js';
import { type EngineRoom, openEngineRoom } from '../support/eventstoredb-log.js';
import { type EventStoreStandIn, startEventStore } from '../support/eventstoredb/stand-in.js';
import { TcpProxy } from '../support/faults/tcp-proxy.js';

/**
 * Reads and subscriptions of the real client against a server that fails on demand; letters and comments as in the
 * other suite.
 */
describe('reading from EventStoreDB', () => {
  let server: EventStoreStandIn;
  let room: EngineRoom;
  let log: EventStoreDbEventLog;
  let stream: string;
  let start: bigint;
  let events: NewEvent[];

  beforeAll(async () => {
    server = await startEventStore();
    room = await openEngineRoom();
    log = room.engine(server.url);
  });
  beforeEach(async () => {
    stream = streamName('sample', randomUUID());
    start = await log.head();
    events = Array.from({ length: 10 }, (_, n) => sampleEvent(n));
    await log.append(stream, 'no_stream', events);
  });
  afterEach(() => server.faults.clear());
  afterAll(async () => {
    await room?.close();
    await server?.stop();
  });

  // Without a timer of our own: pending for ever.
  describe('H: reads have no timer in the client', () => {
    it.each(['silent', 'drop'] as const)(
      'goes on when one call fails (%s), each event once',
      async (kind) => {
        const fault = kind === 'silent' ? { kind } : { kind, after: 3 };
        server.faults.set('read', fault, 1);
        expect(ids(await collect(log.readStream(stream)))).toEqual(ids(events));
        const head = await log.head();
        server.faults.set('read', fault, 1);
        expect(ids(await collect(log.readAll({ from: start, until: head })))).toEqual(ids(events));
      },
    );

    it.each([
      ['a stream', () => collect(log.readStream(stream))],
      ['the log', () => collect(log.readAll({ from: start }))],
      ['the head', () => log.head()],
    ])('gives %s up in bounded time when the server says nothing', async (_, read) => {
      server.faults.set('read', { kind: 'silent' });
      await expect(read()).rejects.toBeInstanceOf(LogUnavailable);
    });
  });

  describe('the records of the server itself', () => {
    // Without looking back past them: the head moves with the statistics of the server.
    it('are no events of the log: not in reads, not in subscriptions, not at its head', async () => {
      const head = await log.head();
      await server.appendSystemEvents(700);
      expect(await log.head()).toBe(head);
      expect(ids(await collect(log.readAll({ from: start })))).toEqual(ids(events));
      const later = sampleEvent(11);
      const following = follow(log, start, (seen) => seen.length >= 11);
      await log.append(stream, 9n, [later]);
      expect(ids(await following)).toEqual([...ids(events), later.id]);
    });
  });

  describe('subscriptions', () => {
    // Without `unsubscribe`: the server keeps it for as long as the connection lasts.
    it('A: end on the server when the reader leaves', async () => {
      const others = server.subscriptions;
      await follow(log, start, (seen) => seen.length > 0);
      await until(() => server.subscriptions === others);
    });

    // There is no callback for checkpoints, which would stall on an error: batches are pulled.
    it('I: a reader that throws hears its own error, and the next one sees everything', async () => {
      const failing = follow(log, start, () => {
        throw new Error('the reader fails');
      });
      await expect(failing).rejects.toThrow('the reader fails');
      await server.appendSystemEvents(100);
      expect(ids(await follow(log, start, (seen) => seen.length >= 10))).toEqual(ids(events));
    });

    // Without subscribing again: ends with the error of the connection.
    it('K: come back after the server was killed, from where they were', async () => {
      const more = Array.from({ length: 5 }, (_, n) => sampleEvent(100 + n));
      let killed: Promise<void> | undefined;
      const following = follow(log, start, (seen) => {
        killed ??= server.kill().then(() => server.restart());
        return seen.length >= 15;
      });
      await until(() => killed !== undefined);
      await killed;
      await log.append(stream, 9n, more);
      expect(ids(await following)).toEqual([...ids(events), ...ids(more)]);
    });

    // Without asking for the head: waits for ever on the silent one.
    it('K: come back when the server ends them or says nothing', async () => {
      server.faults.set('subscribe', { kind: 'silent' }, 1);
      expect(ids(await follow(log, start, (seen) => seen.length >= 10))).toEqual(ids(events));
      server.faults.set('subscribe', { kind: 'drop', after: 4 }, 2);
      expect(ids(await follow(log, start, (seen) => seen.length >= 10))).toEqual(ids(events));
    });

    // Without subscribing again: ends with LogUnavailable from the head that was asked for.
    it('K: notice a connection that died without a word', async () => {
      const proxy = await TcpProxy.to(server.address.port);
      const distant = room.engine(`esdb://127.0.0.1:${proxy.port}?tls=false`);
      const later = sampleEvent(11);
      const retries = room.retries.length;
      let silent = false;
      const following = follow(distant, start, (seen) => {
        if (seen.length >= 10 && !silent) {
          silent = true;
          proxy.cut('silent');
        }
        return seen.length >= 11;
      });
      await until(() => silent);
      await log.append(stream, 9n, [later]);
      await until(() => room.retries.length > retries);
      proxy.mend();
      expect(ids(await following)).toEqual([...ids(events), later.id]);
      await proxy.close();
    });

    it('hold the server back while the reader is busy', async () => {
      const many = Array.from({ length: 2_000 }, (_, n) => sampleEvent(n));
      // A large append takes the client itself a while.
      await room.engine(server.url, { attemptMs: 10_000, retryMs: 20_000 }).append(stream, 9n, many);
      const seen: string[] = [];
      const stop = new AbortController();
      for await (const batch of log.subscribeAll({ from: start, signal: stop.signal })) {
        seen.push(...ids(batch.events));
        await new Promise((resolve) => setImmediate(resolve));
        if (seen.length >= 2_010) break;
      }
      expect(seen).toEqual([...ids(events), ...ids(many)]);
    });

    // With the message of the server alone: never caught up.
    it('work with a server that does not say when they have caught up', async () => {
      const older = await startEventStore({ older: true });
      const other = await openEngineRoom();
      const engine = other.engine(older.url);
      await engine.append(stream, 'no_stream', events);
      const stop = new AbortController();
      for await (const { caughtUp, position } of engine.subscribeAll({ signal: stop.signal })) {
        if (!caughtUp) continue;
        expect(position).toBe(await engine.head());
        break;
      }
      await other.close();
      await older.stop();
    });
  });
});

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 5));
}
