import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { GatheredUpdates, type Wire } from './gathered-updates.js';
import type { ProjectionMoved } from './live-updates.js';
import { readMessage, writeMessage } from './message.js';

/** A wire that can be cut, and that hands what is sent back to the sender, as real ones do. */
class LoopedWire implements Wire {
  readonly sent: string[] = [];
  cut = false;
  private heard: ((message: string) => void) | undefined;
  private onSent: (() => void) | undefined;

  async send(message: string): Promise<void> {
    if (this.cut) throw new Error('cut');
    this.sent.push(message);
    this.heard?.(message);
    this.onSent?.();
  }

  listen(heard: (message: string) => void): void {
    this.heard = heard;
  }

  /** Resolves when a message has gone out. */
  next(): Promise<void> {
    return new Promise((resolve) => (this.onSent = resolve));
  }

  receive(message: string): void {
    this.heard?.(message);
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}

const worklist = (position: bigint): ProjectionMoved => ({ projection: 'worklist', position });

describe('live updates', () => {
  it('that come close together go out as one message, with the newest position of each read model', async () => {
    const wire = new LoopedWire();
    const live = new GatheredUpdates(wire);
    const sent = wire.next();
    for (const position of [1n, 3n, 2n]) live.publish(worklist(position));
    live.publish({ projection: 'report', position: 2n });
    await sent;
    expect(wire.sent).toEqual(['{"worklist":"3","report":"2"}']);
    await live.close();
  });

  it('reach listeners of the same process without a wire', () => {
    const wire = new LoopedWire();
    wire.cut = true;
    const live = new GatheredUpdates(wire);
    const heard: ProjectionMoved[] = [];
    const end = live.subscribe((moved) => heard.push(moved));
    live.publish(worklist(1n));
    end();
    live.publish(worklist(2n));
    expect(heard).toEqual([worklist(1n)]);
  });

  it('are said again, in their newest words, once the wire is mended', async () => {
    const wire = new LoopedWire();
    wire.cut = true;
    const live = new GatheredUpdates(wire);
    live.publish(worklist(1n));
    live.publish(worklist(2n));
    await new Promise((resolve) => setImmediate(resolve));
    wire.cut = false;
    const sent = wire.next();
    live.publish(worklist(3n));
    await sent;
    expect(wire.sent).toEqual(['{"worklist":"3"}']);
    await live.close();
  });

  it('of other processes reach every listener', () => {
    const wire = new LoopedWire();
    const live = new GatheredUpdates(wire);
    const heard: ProjectionMoved[] = [];
    live.subscribe((moved) => heard.push(moved));
    live.subscribe((moved) => heard.push(moved));
    wire.receive('{"worklist":"5"}');
    expect(heard).toEqual([worklist(5n), worklist(5n)]);
  });

  it('that wait are sent when it is closed', async () => {
    const wire = new LoopedWire();
    const live = new GatheredUpdates(wire);
    live.publish(worklist(7n));
    await live.close();
    live.publish(worklist(8n));
    await live.close();
    expect(wire.sent).toEqual(['{"worklist":"7"}']);
  });
});

describe('a message', () => {
  it('is read as it was written', () => {
    const moved = fc.record({ projection: fc.string({ minLength: 1 }), position: fc.bigInt(0n, 2n ** 60n) });
    const several = fc.uniqueArray(moved, { selector: ({ projection }) => projection });
    fc.assert(
      fc.property(several, (moves) => {
        const read = readMessage(writeMessage(moves));
        const sorted = (all: readonly ProjectionMoved[]): ProjectionMoved[] =>
          [...all].sort((a, b) => (a.projection < b.projection ? -1 : 1));
        expect(sorted(read)).toEqual(sorted(moves));
      }),
    );
  });

  it('that is none of ours says nothing', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
        for (const { position } of readMessage(text)) expect(typeof position).toBe('bigint');
      }),
    );
    expect(['', '{', 'null', '3', '[]', '{"worklist":3}', '{"worklist":"x"}'].flatMap(readMessage)).toEqual(
      [],
    );
  });
});
