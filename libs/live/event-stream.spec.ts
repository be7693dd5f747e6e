import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { EventStream } from './event-stream.js';

async function textOf(stream: EventStream): Promise<string> {
  let text = '';
  for await (const chunk of stream) text += String(chunk);
  return text;
}

describe('a stream of moves', () => {
  it('says when to come again, and then each move', async () => {
    const stream = new EventStream();
    stream.tell({ projection: 'worklist', position: 42n });
    stream.end();
    expect(await textOf(stream)).toBe('retry: 2000\n\ndata: {"projection":"worklist","position":42}\n\n');
  });

  it('gives a slow reader the newest position of each read model, once and never back', async () => {
    const move = fc.record({
      projection: fc.constantFrom('worklist', 'report'),
      position: fc.bigInt(0n, 1_000n),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(move, { maxLength: 50 }), async (moves) => {
        const stream = new EventStream();
        for (const moved of moves) stream.tell(moved);
        stream.beat();
        stream.end();
        stream.tell({ projection: 'worklist', position: 2_000n });
        const events = [...(await textOf(stream)).matchAll(/^data: (.*)$/gm)].map(
          ([, data]) => JSON.parse(data ?? '') as { projection: string; position: number },
        );
        const newest = new Map<string, number>();
        for (const { projection, position } of moves) {
          newest.set(projection, Math.max(newest.get(projection) ?? 0, Number(position)));
        }
        expect(new Map(events.map(({ projection, position }) => [projection, position]))).toEqual(newest);
        expect(events).toHaveLength(newest.size);
      }),
    );
  });
});
