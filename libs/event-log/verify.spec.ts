import { describe, expect, it } from '@jest/globals';
import type { RecordedEvent } from './event-log.js';
import { bodyHash, expectedHash, FIRST_HASH, linkHash } from './hash.js';
import { sampleEvent } from './testing/contract-support.js';
import { verifyLog } from './verify.js';

/** Positions 1 to 8: two streams by turns, `sample-a` at the odd ones. */
function intact(): RecordedEvent[] {
  const ends = new Map<string, { revision: bigint; hash: string }>();
  return Array.from({ length: 8 }, (_, n) => {
    const stream = n % 2 === 0 ? 'sample-a' : 'sample-b';
    const end = ends.get(stream) ?? { revision: -1n, hash: FIRST_HASH };
    const place = {
      stream,
      revision: end.revision + 1n,
      recordedAt: `2024-01-15T02:30:0${n}.000Z`,
      previousHash: end.hash,
    };
    const written = sampleEvent(n, { id: `00000000-0000-4000-8000-00000000000${n}` });
    const hash = linkHash({ ...place, body: bodyHash(written) });
    ends.set(stream, { revision: place.revision, hash });
    return { ...written, ...place, position: BigInt(n + 1), hash };
  });
}

const at = (events: RecordedEvent[], position: number): RecordedEvent =>
  events[position - 1] as RecordedEvent;
const put = (events: RecordedEvent[], position: number, over: Partial<RecordedEvent>): void => {
  events[position - 1] = { ...at(events, position), ...over };
};

async function findings(events: readonly RecordedEvent[], contiguous = true): Promise<string[]> {
  const verification = await verifyLog(
    (async function* () {
      yield* events;
    })(),
    contiguous,
  );
  return verification.findings.map(({ kind, stream, revision }) => `${kind} ${stream} ${revision}`);
}

describe('verify', () => {
  it('finds nothing in an intact log, and says how much it went through', async () => {
    const verification = await verifyLog(
      (async function* () {
        yield* intact();
      })(),
      true,
    );
    expect(verification).toEqual({ events: 8, streams: 2, position: 8n, findings: [] });
  });

  const changes: readonly [string, Partial<RecordedEvent>][] = [
    ['its data', { data: { n: 99 } }],
    ['its type', { type: 'Other' }],
    ['when it happened', { occurredAt: '2024-01-01T00:00:00.000Z' }],
    ['when it was recorded', { recordedAt: '2024-01-15T02:30:00.001Z' }],
    ['who did it', { metadata: { actor: 'other', correlationId: 'c', causationId: 'c' } }],
    ['its personal fields', { personal: { subject: 's', fields: {} } }],
    ['its hash', { hash: 'f'.repeat(64) }],
  ];
  it.each(changes)('names an event when somebody changed %s', async (_, over) => {
    const events = intact();
    put(events, 3, over);
    expect(await findings(events)).toContain('changed sample-a 1');
  });

  it('names the next one when the hash was made to fit', async () => {
    const events = intact();
    put(events, 3, { data: { n: 99 } });
    put(events, 3, { hash: expectedHash(at(events, 3)) });
    expect(await findings(events)).toEqual(['moved sample-a 2']);
  });

  it('names the one after an event that was removed from the middle', async () => {
    expect(await findings(intact().toSpliced(2, 1), false)).toEqual(['missing_before sample-a 2']);
  });

  it('names the one after a removed first event', async () => {
    expect(await findings(intact().toSpliced(0, 1), false)).toEqual(['missing_before sample-a 1']);
  });

  it('names the place of a stream that was removed as a whole, where positions have no gaps', async () => {
    const rest = intact().filter(({ stream }) => stream === 'sample-a');
    expect(await findings(rest, false)).toEqual([]);
    expect(await findings(rest)).toEqual([
      'missing_before sample-a 1',
      'missing_before sample-a 2',
      'missing_before sample-a 3',
    ]);
  });

  it('names two events of a stream that were swapped', async () => {
    const events = intact();
    const [first, second] = [at(events, 3), at(events, 5)];
    events[2] = { ...second, position: 3n };
    events[4] = { ...first, position: 5n };
    const found = await findings(events);
    expect(found).toContain('missing_before sample-a 2');
    expect(found).toContain('missing_before sample-a 1');
  });

  it('names two events whose contents were swapped, with their hashes', async () => {
    const events = intact();
    const { revision: r3, position: p3, ...third } = at(events, 3);
    const { revision: r5, position: p5, ...fifth } = at(events, 5);
    events[2] = { ...fifth, revision: r3, position: p3 };
    events[4] = { ...third, revision: r5, position: p5 };
    const found = await findings(events);
    expect(found).toContain('changed sample-a 1');
    expect(found).toContain('changed sample-a 2');
  });

  it('names an event that was copied into another stream', async () => {
    const events = intact();
    events.push({
      ...at(events, 3),
      stream: 'sample-c',
      revision: 0n,
      position: 9n,
      previousHash: FIRST_HASH,
    });
    expect(await findings(events)).toEqual(['changed sample-c 0']);
  });

  it('names an event that was copied to the end of its own stream', async () => {
    const events = intact();
    events.push({ ...at(events, 3), revision: 4n, position: 9n, previousHash: at(events, 7).hash });
    expect(await findings(events)).toEqual(['changed sample-a 4']);
  });

  it('names an event that stands there twice', async () => {
    const events = intact();
    events.push({ ...at(events, 7), position: 9n });
    expect(await findings(events)).toEqual(['missing_before sample-a 3']);
  });
});
