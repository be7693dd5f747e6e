import { describe, expect, it } from '@jest/globals';
import type { EventLog, PersonalData, RecordedEvent } from './event-log.js';
import { collect, sampleEvent } from './testing/contract-support.js';
import { FIRST_HASH } from './hash.js';
import { upcast, UpcastingEventLog, type Upcasters } from './upcasting.js';

const event = (over: Partial<RecordedEvent> = {}): RecordedEvent => ({
  ...sampleEvent(0, { id: '00000000-0000-4000-8000-000000000000' }),
  stream: 'sample-1',
  revision: 0n,
  position: 1n,
  recordedAt: '2024-01-15T02:30:01.000Z',
  previousHash: FIRST_HASH,
  hash: FIRST_HASH,
  type: 'Moved',
  data: { to: 'QLDT' },
  personal: { subject: 's', fields: { who: 'Huyền' } },
  ...over,
});

/** 1 → 2 renames a member; 2 → 3 moves a text that turned out to be personal. */
const upcasters: Upcasters = {
  Moved: {
    1: ({ data, personal }) => ({ data: { unit: data['to'] ?? null, note: 'x' }, personal }),
    2: ({ data, personal }) => ({
      data: { unit: data['unit'] ?? null },
      personal: {
        subject: 's',
        fields: { ...(personal as PersonalData).fields, note: data['note'] ?? null },
      },
    }),
  },
};

describe('upcasting', () => {
  it('goes every step from the version that was written to the newest', () => {
    expect(upcast(event(), upcasters)).toEqual(
      event({
        schemaVersion: 3,
        data: { unit: 'QLDT' },
        personal: { subject: 's', fields: { who: 'Huyền', note: 'x' } },
      }),
    );
  });

  it('begins where the event is', () => {
    const second = event({ schemaVersion: 2, data: { unit: 'TNMT', note: 'y' } });
    expect(upcast(second, upcasters)).toMatchObject({ schemaVersion: 3, data: { unit: 'TNMT' } });
  });

  it.each([
    ['the newest version', event({ schemaVersion: 3 })],
    ['a version of later software', event({ schemaVersion: 9 })],
    ['a type that it does not know', event({ type: 'Framed' })],
    ['a type named like a member of every object', event({ type: 'constructor' })],
  ])('leaves alone %s', (_, one) => {
    expect(upcast(one, upcasters)).toBe(one);
  });

  it('is done by the log that stands before another, wherever events come out', async () => {
    const stored = [event(), event({ type: 'Framed' })];
    const all = async function* () {
      yield* stored;
    };
    const inner = {
      readStream: all,
      readAll: all,
      subscribeAll: async function* () {
        yield { events: stored, position: 2n, caughtUp: true };
      },
    } as unknown as EventLog;
    const log = new UpcastingEventLog(inner, upcasters);
    const versions = (events: readonly RecordedEvent[]) => events.map((one) => one.schemaVersion);
    const batches = await collect(log.subscribeAll({ signal: new AbortController().signal }));
    expect(versions(await collect(log.readStream('sample-1')))).toEqual([3, 1]);
    expect(versions(await collect(log.readAll()))).toEqual([3, 1]);
    expect(versions(batches.flatMap(({ events }) => events))).toEqual([3, 1]);
    expect(stored[0]?.schemaVersion).toBe(1);
  });
});
