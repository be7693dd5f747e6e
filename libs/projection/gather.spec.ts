import { describe, expect, it } from '@jest/globals';
import type { Batch, RecordedEvent } from '#libs/event-log/event-log.js';
import { gather } from './gather.js';

const batch = (position: number): Batch => ({
  events: [{ position: BigInt(position) } as RecordedEvent],
  position: BigInt(position),
  caughtUp: false,
});

async function* source(from: number, to: number): AsyncGenerator<Batch> {
  for (let position = from; position <= to; position += 1) yield Promise.resolve(batch(position));
}

describe('gathering a subscription', () => {
  it('hands over every event once, in order, whatever the limit', async () => {
    for (const limit of [1, 3, 1000]) {
      const seen: bigint[] = [];
      for await (const piece of gather(() => source(1, 50), limit, new AbortController().signal)) {
        seen.push(...piece.events.map((event) => event.position));
        expect(piece.position).toBe(seen[seen.length - 1]);
      }
      expect(seen).toEqual(Array.from({ length: 50 }, (_, index) => BigInt(index + 1)));
    }
  });

  it('puts together what came while its consumer was at work, up to the limit', async () => {
    const sizes: number[] = [];
    for await (const piece of gather(() => source(1, 100), 10, new AbortController().signal)) {
      sizes.push(piece.events.length);
      await new Promise(setImmediate);
    }
    expect(Math.max(...sizes)).toBe(10);
    expect(sizes.length).toBeLessThan(20);
  });

  it('ends the subscription when its consumer leaves', async () => {
    let ended = false;
    async function* endless(signal: AbortSignal): AsyncGenerator<Batch> {
      yield batch(1);
      await new Promise((resolve) => signal.addEventListener('abort', resolve));
      ended = true;
    }
    for await (const piece of gather(endless, 10, new AbortController().signal)) {
      expect(piece.position).toBe(1n);
      break;
    }
    expect(ended).toBe(true);
  });

  it('passes on the failure of the subscription, after what came before it', async () => {
    async function* failing(): AsyncGenerator<Batch> {
      yield batch(1);
      throw new Error('gone');
    }
    const seen: bigint[] = [];
    const reading = (async () => {
      for await (const piece of gather(failing, 10, new AbortController().signal)) seen.push(piece.position);
    })();
    await expect(reading).rejects.toThrow('gone');
    expect(seen).toEqual([1n]);
  });
});
