import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { EventStoreDBClient } from '@eventstore/db-client';
import { randomUUID } from 'node:crypto';
import type { EventStoreDbEventLog } from '#libs/event-log/adapters/eventstoredb-event-log.adapter.js';
import { systemClock } from '#libs/event-log/clock.js';
import { type AppendResult, LogUnavailable, streamName } from '#libs/event-log/event-log.js';
import { collect, ids, sampleEvent } from '#libs/event-log/testing/contract-support.js';
import { type EngineRoom, openEngineRoom } from '../support/eventstoredb-log.js';
import { startEventStoreCluster } from '../support/eventstoredb/cluster.js';
import { type EventStoreStandIn, startEventStore } from '../support/eventstoredb/stand-in.js';
import { eventually } from '../support/eventually.js';

/**
 * Appends through the real client to a server that fails on demand. Letters are those of the list of the client's
 * hazards; under each test stands how it fails without its guard, as it was seen when the guard was taken away.
 */
describe('appends to EventStoreDB', () => {
  let server: EventStoreStandIn;
  let room: EngineRoom;
  let log: EventStoreDbEventLog;
  const newStream = (): string => streamName('sample', randomUUID());

  beforeAll(async () => {
    server = await startEventStore();
    room = await openEngineRoom();
    log = room.engine(server.url);
    await log.append(newStream(), 'no_stream', [sampleEvent()]);
  });
  afterEach(() => server.faults.clear());
  afterAll(async () => {
    await room?.close();
    await server?.stop();
  });

  /** The log holds exactly this event, and the answer is what the log says of it. */
  async function expectTruth(stream: string, id: string, answer: AppendResult): Promise<void> {
    const found = await collect(log.readStream(stream));
    expect(ids(found)).toEqual([id]);
    expect(answer).toMatchObject({
      revision: found[0]?.revision,
      position: found[0]?.position,
      recordedAt: found[0]?.recordedAt,
    });
  }

  // Without another try: LogUnavailable for what was written.
  it.each(['commit-then-drop', 'commit-then-silent', 'commit-then-timeout'] as const)(
    'C: written, but the answer was lost (%s): one event, and a true answer',
    async (kind) => {
      server.faults.set('append', { kind }, 1);
      const [stream, event] = [newStream(), sampleEvent()];
      const answer = await log.append(stream, 'no_stream', [event]);
      expect(answer.repeated).toBe(false);
      await expectTruth(stream, event.id, answer);
    },
  );

  // Without a limit of our own: pending for ever.
  it('C: a server that says nothing is given up in bounded time; the same call later ends in one event', async () => {
    server.faults.set('append', { kind: 'silent' });
    const [stream, event] = [newStream(), sampleEvent()];
    await expect(log.append(stream, 'no_stream', [event])).rejects.toBeInstanceOf(LogUnavailable);
    server.faults.clear();
    const answer = await log.append(stream, 'no_stream', [event]);
    expect(answer.repeated).toBe(false);
    await expectTruth(stream, event.id, answer);
  });

  it('C: given up after it was written: the same call later says that it is a repeat, with the time of the first', async () => {
    server.faults.set('append', { kind: 'commit-then-silent' });
    const [stream, event] = [newStream(), sampleEvent()];
    const quick = room.engine(server.url, { retryMs: 300, attemptMs: 200 });
    await expect(quick.append(stream, 'no_stream', [event])).rejects.toBeInstanceOf(LogUnavailable);
    server.faults.clear();
    const answer = await log.append(stream, 'no_stream', [event]);
    expect(answer.repeated).toBe(true);
    await expectTruth(stream, event.id, answer);
  });

  // Without reading back: `repeated` is false, and `recordedAt` that of a try that was never written.
  it('C: a try that was given up comes late, before the one that was made for it: the answer tells of the first', async () => {
    const [stream, event] = [newStream(), sampleEvent()];
    server.faults.set('append', { kind: 'slow', ms: 900 });
    const quick = room.engine(server.url, { retryMs: 200, attemptMs: 150 });
    await expect(quick.append(stream, 'no_stream', [event])).rejects.toBeInstanceOf(LogUnavailable);
    server.faults.clear();
    server.faults.set('append', { kind: 'slow', ms: 1_500 });
    const patient = room.engine(server.url, { attemptMs: 5_000, retryMs: 10_000 });
    const answer = await patient.append(stream, 'no_stream', [event]);
    expect(answer.repeated).toBe(true);
    await expectTruth(stream, event.id, answer);
  });

  // Without another try: the error of a server that this log has nothing to do with.
  it('E: the failing stream of another client rejects this append, which is tried again', async () => {
    const other = await startEventStore();
    const client = EventStoreDBClient.connectionString(other.url);
    const any = {
      id: randomUUID(),
      type: 'x',
      contentType: 'application/json' as const,
      data: {},
      metadata: {},
    };
    await client.appendToStream('x', any);
    server.faults.set('append', { kind: 'slow', ms: 300 }, 1);
    const [stream, event] = [newStream(), sampleEvent()];
    const before = room.retries.length;
    const taken = server.faults.taken;
    const appending = log.append(stream, 'no_stream', [event]);
    await eventually(() => expect(server.faults.taken).toBe(taken + 1));
    await other.stop();
    await expectTruth(stream, event.id, await appending);
    expect(room.retries.length).toBeGreaterThan(before);
    await client.dispose();
  });

  // With the same client: LogUnavailable for ever, although reads work again.
  it('B: with the address of a cluster, work goes on when the servers are back after a failed discovery', async () => {
    const cluster = await startEventStoreCluster(2);
    const fast = room.engine(`${cluster.url}&maxDiscoverAttempts=1&discoveryInterval=10&gossipTimeout=1`, {
      retryMs: 500,
    });
    const away = async (work: () => Promise<unknown>): Promise<void> => {
      for (const member of cluster.members) await member.kill();
      await expect(work()).rejects.toBeInstanceOf(LogUnavailable);
      for (const member of cluster.members) await member.restart();
    };
    const stream = newStream();
    await fast.append(stream, 'no_stream', [sampleEvent(0)]);
    await away(() => fast.append(stream, 0n, [sampleEvent(1)]));
    expect(await fast.append(stream, 0n, [sampleEvent(2)])).toMatchObject({ revision: 1n });
    await cluster.stop();
  });

  // With a new client for each failure: asks the follower until the time is over.
  it('goes to the leader that a follower names', async () => {
    const cluster = await startEventStoreCluster(2);
    // The address of one node: a new client would ask it again and again.
    const ours = room.engine(cluster.members[0]!.url);
    const stream = newStream();
    await ours.append(stream, 'no_stream', [sampleEvent()]);
    const { host, port } = cluster.members[1]!.address;
    cluster.lead(1);
    cluster.members[0]!.faults.set('append', { kind: 'not-leader', host, port });
    const event = sampleEvent();
    expect(await ours.append(stream, 0n, [event])).toMatchObject({ revision: 1n, repeated: false });
    expect((await collect(ours.readStream(stream))).map(({ id }) => id)).toContain(event.id);
    await cluster.stop();
  });

  // Without another try: LogUnavailable.
  it('goes on after a restart of the server', async () => {
    const stream = newStream();
    await log.append(stream, 'no_stream', [sampleEvent()]);
    const restarted = server.kill().then(() => server.restart());
    const answer = await log.append(stream, 0n, [sampleEvent()]);
    await restarted;
    expect(answer).toMatchObject({ revision: 1n, repeated: false });
  });

  // By its message, which is empty, nothing can be told: tried again until the time is over.
  it('says in words where the stream is, which the client leaves out', async () => {
    const stream = newStream();
    await log.append(stream, 'no_stream', [sampleEvent()]);
    await expect(log.append(stream, 'no_stream', [sampleEvent()])).rejects.toThrow(
      `stream ${stream} is at 0, expected no_stream`,
    );
  });

  it('refuses what is larger than the server takes, once and for all', async () => {
    const stream = newStream();
    const event = sampleEvent(0, { data: { text: 'x'.repeat(1_100_000) } });
    await expect(log.append(stream, 'no_stream', [event])).rejects.toThrow('maximum-append-size-exceeded');
    const small = { ...event, data: {} };
    expect(await log.append(newStream(), 'no_stream', [small])).toMatchObject({ repeated: false });
  });

  // With the limit of a try as the deadline for the server: every try comes too late.
  it('takes appends although the clocks are apart, as long as the start allows it', async () => {
    server.clockOffsetMs = 4_500;
    const [stream, event] = [newStream(), sampleEvent()];
    const answer = await log.append(stream, 'no_stream', [event]);
    server.clockOffsetMs = 0;
    await expectTruth(stream, event.id, answer);
  });

  it.each([-3_600_000, 3_600_000])(
    'stamps nothing by a clock that has jumped by %i ms, and goes on when it is right again',
    async (ms) => {
      let jump = 0;
      const engine = room.engine(server.url, {}, { now: () => systemClock.now() + jump });
      const [stream, first, second] = [newStream(), sampleEvent(1), sampleEvent(2)];
      await engine.append(stream, 'no_stream', [first]);
      jump = ms;
      await expect(engine.append(stream, 0n, [second])).rejects.toMatchObject({
        name: 'LogUnavailable',
        message: expect.stringMatching(/clock of this machine is 3\d{3} s off/),
      });
      await expect(engine.requireWritable()).rejects.toMatchObject({ name: 'LogUnavailable' });
      expect(ids(await collect(engine.readStream(stream)))).toEqual([first.id]);
      jump = 0;
      await engine.append(stream, 0n, [second]);
      expect(ids(await collect(engine.readStream(stream)))).toEqual([first.id, second.id]);
    },
  );
});
