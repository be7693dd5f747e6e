import type { Pool } from 'pg';
import { Listener } from '#libs/read-db/listener.adapter.js';

/** Appends that come so close together are told as one: whoever follows the log reads them together. */
const TOGETHER_MS = 25;

/**
 * Tells waiting subscriptions that something was appended: one listening connection for all of them. Losing it
 * costs time, not events: who waits looks again after its own limit.
 */
export class AppendSignal {
  private readonly waiting = new Set<() => void>();
  private readonly listener: Listener;
  private soon: NodeJS.Timeout | undefined;
  private closed = false;
  private signals = 0;

  constructor(pool: Pool) {
    this.listener = new Listener(pool, 'event_log', {
      notice: () => (this.soon ??= setTimeout(() => this.wake(), TOGETHER_MS)),
      listening: () => this.wake(),
    });
  }

  /** How many signals there were so far: take it before looking into the log, and wait `after` it. */
  get count(): number {
    this.listener.start();
    return this.signals;
  }

  /** Resolves when there was a signal after `count`, after `limitMs`, or when the signal aborts. Never rejects. */
  after(count: number, signal: AbortSignal, limitMs: number): Promise<void> {
    if (this.signals !== count || signal.aborted || this.closed) return Promise.resolve();
    return new Promise((resolve) => {
      const done = (): void => {
        clearTimeout(timer);
        this.waiting.delete(done);
        signal.removeEventListener('abort', done);
        resolve();
      };
      const timer = setTimeout(done, limitMs);
      this.waiting.add(done);
      signal.addEventListener('abort', done);
    });
  }

  async close(): Promise<void> {
    this.closed = true;
    this.wake();
    await this.listener.close();
  }

  private wake(): void {
    clearTimeout(this.soon);
    this.soon = undefined;
    this.signals += 1;
    for (const done of [...this.waiting]) done();
  }
}
