import { afterAll, beforeEach, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import {
  type EventLog,
  type NewEvent,
  type RecordedEvent,
  streamName,
  WrongExpectedRevision,
} from '../event-log.js';
import { expectedHash, FIRST_HASH } from '../hash.js';

/** What the contract needs of an engine under test. */
export interface EngineUnderTest {
  log: EventLog;
  /** Cuts every connection of the log from outside; the engine itself goes on. */
  dropConnections(): Promise<void>;
  close(): Promise<void>;
}

export function sampleEvent(n = 0, over: Partial<NewEvent> = {}): NewEvent {
  return {
    id: randomUUID(),
    type: 'Sampled',
    schemaVersion: 1,
    data: { n, text: 'Ban Quản lý – “một cửa” ✓', nested: { list: [1, null, true, 0.1] } },
    occurredAt: '2024-01-15T02:30:00.000Z',
    metadata: { actor: 'tester', correlationId: 'c', causationId: 'c' },
    ...over,
  };
}

export async function collect<T>(source: AsyncIterable<T>): Promise<T[]> {
  const items: T[] = [];
  for await (const item of source) items.push(item);
  return items;
}

const ids = (events: readonly { id: string }[]): string[] => events.map((event) => event.id);

/** Follows the log until `enough` says so. */
async function follow(
  log: EventLog,
  from: bigint | undefined,
  enough: (seen: RecordedEvent[]) => boolean,
  categories?: string[],
): Promise<RecordedEvent[]> {
  const stop = new AbortController();
  const seen: RecordedEvent[] = [];
  for await (const batch of log.subscribeAll({
    ...(from === undefined ? {} : { from }),
    ...(categories ? { categories } : {}),
    signal: stop.signal,
  })) {
    seen.push(...batch.events);
    if (enough(seen)) break;
  }
  stop.abort();
  return seen;
}

/** The contract of `EventLog`: what every engine promises. `open` gives an engine with an empty log. */
export function eventLogContract(name: string, open: () => Promise<EngineUnderTest>): void {
  describe(`event log on ${name}`, () => {
    let engine: EngineUnderTest;
    let log: EventLog;
    let stream: string;
    let start: bigint;

    beforeEach(async () => {
      engine ??= await open();
      log = engine.log;
      stream = streamName('sample', randomUUID());
      start = await log.head();
    });
    afterAll(async () => engine?.close());

    describe('append', () => {
      it('makes a stream that must not exist yet, and only once', async () => {
        const first = [sampleEvent(1), sampleEvent(2)];
        const result = await log.append(stream, 'no_stream', first);
        expect(result).toMatchObject({ revision: 1n, repeated: false });
        await expect(log.append(stream, 'no_stream', [sampleEvent()])).rejects.toMatchObject({
          name: 'WrongExpectedRevision',
          actual: 1n,
        });
        expect(ids(await collect(log.readStream(stream)))).toEqual(ids(first));
      });

      it('takes the exact revision and refuses every other', async () => {
        await log.append(stream, 'no_stream', [sampleEvent()]);
        for (const wrong of [1n, 7n]) {
          await expect(log.append(stream, wrong, [sampleEvent()])).rejects.toBeInstanceOf(
            WrongExpectedRevision,
          );
        }
        expect(await log.append(stream, 0n, [sampleEvent()])).toMatchObject({ revision: 1n });
        await expect(log.append(stream, 0n, [sampleEvent()])).rejects.toMatchObject({ actual: 1n });
      });

      it('refuses a revision of a stream that does not exist', async () => {
        await expect(log.append(stream, 0n, [sampleEvent()])).rejects.toMatchObject({ actual: undefined });
      });

      it('takes any revision when told so', async () => {
        expect(await log.append(stream, 'any', [sampleEvent()])).toMatchObject({ revision: 0n });
        expect(await log.append(stream, 'any', [sampleEvent()])).toMatchObject({ revision: 1n });
      });

      it('is atomic: of several events all are there or none', async () => {
        const taken = sampleEvent();
        await log.append(streamName('sample', randomUUID()), 'no_stream', [taken]);
        const fresh = sampleEvent();
        await expect(log.append(stream, 'no_stream', [fresh, taken])).rejects.toBeInstanceOf(
          WrongExpectedRevision,
        );
        expect(await collect(log.readStream(stream))).toEqual([]);
        expect(ids(await collect(log.readAll({ from: start })))).toEqual([taken.id]);
      });

      it.each(['no_stream', 'any'] as const)(
        'counts the same event ids once (expecting %s)',
        async (expected) => {
          const events = [sampleEvent(1), sampleEvent(2)];
          const first = await log.append(stream, expected, events);
          const again = await log.append(stream, expected, events);
          expect(again).toEqual({ ...first, repeated: true });
          expect(ids(await collect(log.readStream(stream)))).toEqual(ids(events));
        },
      );

      it('counts the same ids once at an exact revision, also when the stream went on', async () => {
        await log.append(stream, 'no_stream', [sampleEvent()]);
        const event = sampleEvent();
        const first = await log.append(stream, 0n, [event]);
        await log.append(stream, 1n, [sampleEvent()]);
        expect(await log.append(stream, 0n, [event])).toEqual({ ...first, repeated: true });
        expect(await collect(log.readStream(stream))).toHaveLength(3);
      });

      it('refuses ids of which only some are there', async () => {
        const known = sampleEvent();
        await log.append(stream, 'no_stream', [known]);
        await expect(log.append(stream, 'no_stream', [known, sampleEvent()])).rejects.toBeInstanceOf(
          WrongExpectedRevision,
        );
      });

      it('lets one of many racing writers win at each revision', async () => {
        const results = await Promise.allSettled(
          Array.from({ length: 12 }, () => log.append(stream, 'no_stream', [sampleEvent()])),
        );
        expect(results.filter((r) => r.status === 'fulfilled')).toHaveLength(1);
        expect(await collect(log.readStream(stream))).toHaveLength(1);
      });
    });

    describe('appendInTurn', () => {
      const streams = (): string[] => Array.from({ length: 3 }, () => streamName('sample', randomUUID()));

      it('appends to several streams in the order given', async () => {
        const names = streams();
        const appends = names.map((name, n) => ({
          stream: name,
          expected: 'no_stream' as const,
          events: [sampleEvent(n), sampleEvent(n)],
        }));
        const { done, refused } = await log.appendInTurn(appends);
        expect(refused).toBeUndefined();
        expect(done).toHaveLength(3);
        const all = await collect(log.readAll({ from: start }));
        expect(ids(all)).toEqual(appends.flatMap(({ events }) => ids(events)));
        expect(all.filter((_, n) => n % 2 === 1).map(({ position }) => position)).toEqual(
          done.map((r) => r.position),
        );
        expect((await log.appendInTurn(appends)).done).toEqual(done.map((r) => ({ ...r, repeated: true })));
      });

      it('stops at the first that is refused and keeps those before it', async () => {
        const [a, b, c] = streams() as [string, string, string];
        await log.append(b, 'no_stream', [sampleEvent()]);
        const first = sampleEvent(1);
        const { done, refused } = await log.appendInTurn(
          [a, b, c].map((name) => ({
            stream: name,
            expected: 'no_stream',
            events: [name === a ? first : sampleEvent()],
          })),
        );
        expect(done).toHaveLength(1);
        expect(refused).toMatchObject({ stream: b, actual: 0n });
        expect(ids(await collect(log.readStream(a)))).toEqual([first.id]);
        expect(await collect(log.readStream(c))).toEqual([]);
      });

      it('stops at an id that stands in another stream', async () => {
        const [a, b, c] = streams() as [string, string, string];
        const [first, taken] = [sampleEvent(1), sampleEvent(2)];
        await log.append(c, 'no_stream', [taken]);
        const { done, refused } = await log.appendInTurn([
          { stream: a, expected: 'no_stream', events: [first] },
          { stream: b, expected: 'no_stream', events: [taken] },
        ]);
        expect(done).toHaveLength(1);
        expect(refused).toMatchObject({ stream: b, actual: undefined });
        expect(await collect(log.readStream(b))).toEqual([]);
      });
    });

    describe('what comes back', () => {
      it('is what was given, with place, time and a hash chained to the event before', async () => {
        const given = [
          sampleEvent(1, { personal: { subject: 'p1', fields: { name: 'Nguyễn Thị Ánh' } } }),
          sampleEvent(2),
        ];
        const { position } = await log.append(stream, 'no_stream', given);
        const [first, second] = await collect(log.readStream(stream));
        expect(first).toMatchObject({ ...given[0], stream, revision: 0n, previousHash: FIRST_HASH });
        expect(second).toMatchObject({
          ...given[1],
          stream,
          revision: 1n,
          previousHash: first?.hash,
          position,
        });
        expect(second).not.toHaveProperty('personal');
        for (const event of [first, second]) {
          expect(event?.recordedAt).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
          expect(event && expectedHash(event)).toBe(event?.hash);
        }
      });
    });

    describe('readStream', () => {
      it('reads forth and back, from a revision, in pages', async () => {
        const events = Array.from({ length: 7 }, (_, n) => sampleEvent(n));
        await log.append(stream, 'no_stream', events);
        const n = async (options: object): Promise<unknown[]> =>
          (await collect(log.readStream(stream, options))).map((event) => event.data.n);
        expect(await n({})).toEqual([0, 1, 2, 3, 4, 5, 6]);
        expect(await n({ limit: 3 })).toEqual([0, 1, 2]);
        expect(await n({ from: 3n, limit: 3 })).toEqual([3, 4, 5]);
        expect(await n({ from: 6n, limit: 3 })).toEqual([6]);
        expect(await n({ from: 7n })).toEqual([]);
        expect(await n({ direction: 'backwards', limit: 2 })).toEqual([6, 5]);
        expect(await n({ direction: 'backwards', from: 2n })).toEqual([2, 1, 0]);
      });

      it('reads a stream longer than one page', async () => {
        const events = Array.from({ length: 2_345 }, (_, n) => sampleEvent(n));
        await log.append(stream, 'no_stream', events);
        expect(ids(await collect(log.readStream(stream)))).toEqual(ids(events));
        expect(ids(await collect(log.readStream(stream, { direction: 'backwards' })))).toEqual(
          ids(events).reverse(),
        );
        expect(ids(await collect(log.readAll({ from: start })))).toEqual(ids(events));
      });

      it('yields nothing for a stream that does not exist', async () => {
        expect(await collect(log.readStream(streamName('sample', 'none')))).toEqual([]);
        expect(
          await collect(log.readStream(streamName('sample', 'none'), { direction: 'backwards' })),
        ).toEqual([]);
      });
    });

    describe('readAll', () => {
      it('reads from after a position up to and with another, and by category', async () => {
        const other = streamName('other', randomUUID());
        const positions: bigint[] = [];
        for (const name of [stream, other, stream, other]) {
          positions.push((await log.append(name, 'any', [sampleEvent()])).position);
        }
        const [p1, , p3] = positions as [bigint, bigint, bigint, bigint];
        const at = async (options: object): Promise<bigint[]> =>
          (await collect(log.readAll({ from: start, ...options }))).map((event) => event.position);
        expect(await at({})).toEqual(positions);
        expect(await at({ from: p1, until: p3 })).toEqual(positions.slice(1, 3));
        expect(await at({ categories: ['other'] })).toEqual([positions[1], positions[3]]);
        expect(await at({ categories: ['nothing'] })).toEqual([]);
      });
    });

    describe('subscribeAll', () => {
      it('misses nothing and keeps the order while eight writers append', async () => {
        const perWriter = 60;
        const following = follow(log, start, (seen) => seen.length >= 8 * perWriter);
        await Promise.all(
          Array.from({ length: 8 }, async (_, writer) => {
            const name = streamName('sample', randomUUID());
            for (let n = 0; n < perWriter; n += 1)
              await log.append(name, 'any', [sampleEvent(n, { data: { writer, n } })]);
          }),
        );
        const seen = await following;
        expect(ids(seen)).toEqual(ids(await collect(log.readAll({ from: start }))));
        expect(new Set(ids(seen)).size).toBe(8 * perWriter);
        for (let writer = 0; writer < 8; writer += 1) {
          const mine = seen.filter((event) => event.data.writer === writer).map((event) => event.data.n);
          expect(mine).toEqual(Array.from({ length: perWriter }, (_, n) => n));
        }
        for (const [i, event] of seen.entries())
          if (i > 0) expect(event.position > seen[i - 1]!.position).toBe(true);
      });

      it('resumes after a checkpoint', async () => {
        const events = Array.from({ length: 5 }, (_, n) => sampleEvent(n));
        await log.append(stream, 'no_stream', events);
        const all = await follow(log, start, (seen) => seen.length >= 5);
        expect(ids(await follow(log, all[2]!.position, (seen) => seen.length >= 2))).toEqual(
          ids(events.slice(3)),
        );
      });

      it('moves its checkpoint past what it filters out, and says when it has caught up', async () => {
        await log.append(stream, 'no_stream', [sampleEvent()]);
        const stop = new AbortController();
        for await (const batch of log.subscribeAll({
          from: start,
          categories: ['nothing'],
          signal: stop.signal,
        })) {
          expect(batch.events).toEqual([]);
          if (batch.caughtUp) {
            expect(batch.position).toBe(await log.head());
            break;
          }
        }
        stop.abort();
      });

      it('ends when it is told to', async () => {
        const stop = new AbortController();
        const ended = collect(log.subscribeAll({ from: start, signal: stop.signal }));
        stop.abort();
        await ended;
      });

      it('survives a dropped connection', async () => {
        const before = sampleEvent(1);
        const after = sampleEvent(2);
        let dropped = false;
        const following = follow(log, start, (seen) => {
          if (!dropped && seen.length === 1) {
            dropped = true;
            void engine.dropConnections().then(async () => {
              // The first try may meet the dead connection: the outcome is unknown, so the same ids go again.
              for (let left = 20; left > 0; left -= 1) {
                try {
                  await log.append(stream, 0n, [after]);
                  return;
                } catch (error) {
                  if ((error as Error).name !== 'LogUnavailable') throw error;
                }
              }
            });
          }
          return seen.length >= 2;
        });
        await log.append(stream, 'no_stream', [before]);
        expect(ids(await following)).toEqual([before.id, after.id]);
      });
    });
  });
}
