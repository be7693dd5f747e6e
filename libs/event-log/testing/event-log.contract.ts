import { afterAll, beforeEach, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { type EventLog, streamName, WrongExpectedRevision } from '../event-log.js';
import { expectedHash, FIRST_HASH } from '../hash.js';
import { collect, type EngineUnderTest, ids, sampleEvent } from './contract-support.js';
import { readingContract } from './reading.contract.js';

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

    describe('streamOf', () => {
      it('tells where an event stands, and that one stands nowhere', async () => {
        const [there, nowhere] = [sampleEvent(), sampleEvent()];
        await log.append(stream, 'no_stream', [sampleEvent(), there]);
        expect(await log.streamOf(there.id)).toBe(stream);
        expect(await log.streamOf(nowhere.id)).toBeUndefined();
        await expect(log.append(stream, 7n, [nowhere])).rejects.toBeInstanceOf(WrongExpectedRevision);
        expect(await log.streamOf(nowhere.id)).toBeUndefined();
      });
    });

    readingContract(() => ({ engine, log, stream, start }));
  });
}
