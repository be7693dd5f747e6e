import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import type { EventStoreDbEventLog } from '#libs/event-log/adapters/eventstoredb-event-log.adapter.js';
import { EventIds } from '#libs/event-log/adapters/eventstoredb-ids.adapter.js';
import { LogUnavailable, streamName, WrongExpectedRevision } from '#libs/event-log/event-log.js';
import { collect, ids, sampleEvent } from '#libs/event-log/testing/contract-support.js';
import { verifyLog } from '#libs/event-log/verify.js';
import { type EngineRoom, openEngineRoom, shifted } from '../support/eventstoredb-log.js';
import { type EventStoreStandIn, startEventStore } from '../support/eventstoredb/stand-in.js';

/**
 * An id stands in the whole log once, whatever is lost and whoever writes (docs/adr/0009). Seen without the guards: an
 * open id went into a second stream; a claim that was dead or not given up was refused for ever; with a table that was
 * not filled, of another log, or of another PostgreSQL, a repeat was told as new.
 */
describe('ids of events in EventStoreDB', () => {
  let server: EventStoreStandIn;
  let room: EngineRoom;
  let log: EventStoreDbEventLog;
  const newStream = (): string => streamName('sample', randomUUID());

  beforeAll(async () => {
    server = await startEventStore();
    room = await openEngineRoom();
    log = room.engine(server.url);
  });
  afterEach(() => server.faults.clear());
  afterAll(async () => {
    await room?.close();
    await server?.stop();
  });

  it('are refused in another stream while it is not known whether they stand in the first', async () => {
    const [first, other, event] = [newStream(), newStream(), sampleEvent()];
    server.faults.set('append', { kind: 'silent' });
    const quick = room.engine(server.url, { attemptMs: 100, retryMs: 150 });
    await expect(quick.append(first, 'no_stream', [event])).rejects.toBeInstanceOf(LogUnavailable);
    server.faults.clear();
    await expect(log.append(other, 'no_stream', [event])).rejects.toBeInstanceOf(WrongExpectedRevision);
    expect(await log.append(first, 'no_stream', [event])).toMatchObject({ revision: 0n });
    await expect(log.append(other, 'no_stream', [event])).rejects.toBeInstanceOf(WrongExpectedRevision);
    expect(await collect(log.readStream(other))).toEqual([]);
  });

  it('are free for another stream once another event has their place', async () => {
    const [first, other, event] = [newStream(), newStream(), sampleEvent()];
    server.faults.set('append', { kind: 'silent' });
    const quick = room.engine(server.url, { attemptMs: 100, retryMs: 150 });
    await expect(quick.append(first, 'no_stream', [event])).rejects.toBeInstanceOf(LogUnavailable);
    server.faults.clear();
    await log.append(first, 'no_stream', [sampleEvent()]);
    const moved = await log.append(other, 'no_stream', [event]);
    expect(moved).toMatchObject({ revision: 0n, repeated: false });
    expect(await log.append(other, 'no_stream', [event])).toEqual({ ...moved, repeated: true });
    await expect(log.append(newStream(), 'no_stream', [event])).rejects.toBeInstanceOf(WrongExpectedRevision);
  });

  // Without looking at the one before: the second event is refused until the first stream is long enough.
  it('are free together: of two events that go together, the place of the second need not be taken', async () => {
    const [first, other, two] = [newStream(), newStream(), [sampleEvent(1), sampleEvent(2)]];
    server.faults.set('append', { kind: 'silent' });
    const quick = room.engine(server.url, { attemptMs: 100, retryMs: 150 });
    await expect(quick.append(first, 'no_stream', two)).rejects.toBeInstanceOf(LogUnavailable);
    server.faults.clear();
    await log.append(first, 'no_stream', [sampleEvent()]);
    expect(await log.append(other, 'no_stream', two)).toMatchObject({ revision: 1n, repeated: false });
    await expect(log.append(first, 0n, two)).rejects.toBeInstanceOf(WrongExpectedRevision);
  });

  it('of a process that died before it appended are free after ten minutes, though their place stays empty', async () => {
    const [never, other, event] = [newStream(), newStream(), sampleEvent()];
    server.faults.set('append', { kind: 'silent' });
    const quick = room.engine(server.url, { attemptMs: 100, retryMs: 150 });
    await expect(quick.append(never, 'no_stream', [event])).rejects.toBeInstanceOf(LogUnavailable);
    server.faults.clear();
    await expect(log.append(other, 'no_stream', [event])).rejects.toBeInstanceOf(WrongExpectedRevision);
    await room.database.pool.query(
      `UPDATE eventstoredb.event_ids SET claimed_at = claimed_at - interval '11 minutes' WHERE id = $1`,
      [event.id],
    );
    expect(await log.append(other, 'no_stream', [event])).toMatchObject({ repeated: false });
    expect(await log.streamOf(event.id)).toBe(other);
    await expect(log.append(never, 'no_stream', [event])).rejects.toBeInstanceOf(WrongExpectedRevision);
  });

  // Without knowing who claimed it last: the event stands in the log and not in the table, and once more elsewhere.
  it('are not given up by one process when another has taken them up for the same place meanwhile', async () => {
    const [stream, other, event] = [newStream(), newStream(), sampleEvent()];
    const there = new EventIds(room.database.pool, {
      complete: () => Promise.resolve(),
      sameRun: () => true,
    });
    const claim = { stream, first: 0n, ids: [event.id], by: randomUUID(), at: performance.now() };
    expect(await there.claim(claim)).toEqual([undefined]);
    const first = await log.append(stream, 'no_stream', [event]);
    await there.release(claim);
    await expect(log.append(other, 'no_stream', [event])).rejects.toBeInstanceOf(WrongExpectedRevision);
    expect(await log.append(stream, 'no_stream', [event])).toEqual({ ...first, repeated: true });
  });

  it('are given up with a refusal, and may go elsewhere at once', async () => {
    const [taken, free, event] = [newStream(), newStream(), sampleEvent()];
    await log.append(taken, 'no_stream', [sampleEvent()]);
    await expect(log.append(taken, 'no_stream', [event])).rejects.toBeInstanceOf(WrongExpectedRevision);
    await expect(log.append(taken, 7n, [event])).rejects.toMatchObject({ actual: 0n });
    const { done, refused } = await log.appendInTurn(
      [taken, free].map((stream) => ({ stream, expected: 'no_stream', events: [sampleEvent()] })),
    );
    expect({ done, refused: refused?.actual }).toEqual({ done: [], refused: 0n });
    const { rows } = await room.database.pool.query(
      `SELECT 1 FROM eventstoredb.event_ids WHERE stream = $1 OR id = $2`,
      [free, event.id],
    );
    expect(rows).toEqual([]);
    expect(await log.append(free, 'no_stream', [event])).toMatchObject({ repeated: false });
  });

  it('are refused twice in one append', async () => {
    const [stream, event] = [newStream(), sampleEvent()];
    await expect(log.append(stream, 'no_stream', [event, event])).rejects.toBeInstanceOf(
      WrongExpectedRevision,
    );
    expect(await collect(log.readStream(stream))).toEqual([]);
  });

  it.each([
    ['lost', `TRUNCATE eventstoredb.event_ids; UPDATE eventstoredb.filled SET position = 0, id = NULL`],
    [
      'of another log',
      `UPDATE eventstoredb.event_ids SET stream = 'x'; UPDATE eventstoredb.filled SET position = 5`,
    ],
  ])('are read from the log again when the table is %s', async (_, damage) => {
    const [stream, event] = [newStream(), sampleEvent()];
    const first = await log.append(stream, 'no_stream', [event]);
    await room.database.pool.query(damage);
    const next = room.engine(server.url);
    await expect(next.append(newStream(), 'no_stream', [event])).rejects.toBeInstanceOf(
      WrongExpectedRevision,
    );
    expect(await next.append(stream, 'no_stream', [event])).toEqual({ ...first, repeated: true });
  });

  it('are looked at again when another PostgreSQL has taken over that lacks the last of them', async () => {
    const [stream, event] = [newStream(), sampleEvent()];
    const first = await log.append(stream, 'no_stream', [event]);
    await room.database.pool.query('DELETE FROM eventstoredb.event_ids WHERE id = $1', [event.id]);
    await room.database.pool.query(`
      CREATE SCHEMA later; CREATE FUNCTION later.pg_postmaster_start_time() RETURNS timestamptz LANGUAGE sql
      RETURN pg_catalog.pg_postmaster_start_time() + interval '1 hour';
      ALTER ROLE CURRENT_USER IN DATABASE ${room.database.url.replace(/.*\//, '')} SET search_path = later, pg_catalog, public`);
    // Its own connection ends too.
    await room.database.pool
      .query('SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database()')
      .catch(() => undefined);
    const again = await retried(() => log.append(stream, 'no_stream', [event]));
    expect(again).toEqual({ ...first, repeated: true });
    await room.database.pool.query('DROP SCHEMA later CASCADE');
  });

  it('stand once when two processes append the same at once', async () => {
    const other = room.engine(server.url, {}, shifted(-1_000));
    for (let n = 0; n < 20; n += 1) {
      const [stream, event] = [newStream(), sampleEvent()];
      const answers = await Promise.all([log, other].map((one) => one.append(stream, 'no_stream', [event])));
      const found = await collect(log.readStream(stream));
      expect(ids(found)).toEqual([event.id]);
      expect(answers.map(({ repeated }) => repeated).sort()).toEqual([false, true]);
      expect(new Set(answers.map(({ recordedAt }) => recordedAt))).toEqual(new Set([found[0]?.recordedAt]));
    }
  });

  it('and hashes keep their order when two processes append to one stream', async () => {
    const other = room.engine(server.url);
    const stream = newStream();
    const writers = [log, other, log, other].map(async (one) => {
      for (let n = 0; n < 10; n += 1) await one.append(stream, 'any', [sampleEvent(n)]);
    });
    await Promise.all(writers);
    expect(await collect(log.readStream(stream))).toHaveLength(40);
    expect((await verifyLog(log.readAll(), log.contiguous)).findings).toEqual([]);
  });

  it('come over with a log that is restored: times, hashes and the promise of once', async () => {
    const copy = await startEventStore();
    const copyRoom = await openEngineRoom();
    const target = copyRoom.engine(copy.url);
    const events = await collect(log.readAll());
    await target.restore(events.slice(0, 20));
    await target.restore(events);
    const restored = await collect(target.readAll());
    const withoutPosition = (all: typeof events): unknown[] =>
      all.map((event) => ({ ...event, position: 0n }));
    expect(withoutPosition(restored)).toEqual(withoutPosition(events));
    expect((await verifyLog(target.readAll(), false)).findings).toEqual([]);
    const known = events.at(-1)!;
    await expect(target.append(newStream(), 'no_stream', [known])).rejects.toBeInstanceOf(
      WrongExpectedRevision,
    );
    await expect(target.restore([{ ...known, id: randomUUID(), revision: 99n }])).rejects.toBeInstanceOf(
      RangeError,
    );
    // What was refused has changed nothing of what is known.
    await expect(target.restore([{ ...known, revision: 99n }])).rejects.toBeInstanceOf(RangeError);
    await expect(target.append(newStream(), 'no_stream', [known])).rejects.toBeInstanceOf(
      WrongExpectedRevision,
    );
    expect(await target.append(known.stream, known.revision, [sampleEvent()])).toMatchObject({
      repeated: false,
    });
    await copyRoom.close();
    await copy.stop();
  });
});

async function retried<T>(work: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof LogUnavailable)) throw error;
    }
  }
}
