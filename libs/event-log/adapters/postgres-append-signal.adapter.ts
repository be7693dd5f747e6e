import { Client, type Pool } from 'pg';

const RECONNECT_MS = 500;
/** Appends that come so close together are told as one: whoever follows the log reads them together. */
const TOGETHER_MS = 25;

/**
 * Tells waiting subscriptions that something was appended: one listening connection for all of them. Losing it
 * costs time, not events: who waits looks again after its own limit.
 */
export class AppendSignal {
  private readonly waiting = new Set<() => void>();
  private client: Client | undefined;
  private retry: NodeJS.Timeout | undefined;
  private soon: NodeJS.Timeout | undefined;
  private closed = false;
  private signals = 0;

  constructor(private readonly pool: Pool) {}

  /** How many signals there were so far: take it before looking into the log, and wait `after` it. */
  get count(): number {
    this.listen();
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
    clearTimeout(this.retry);
    this.wake();
    await this.client?.end().catch(() => undefined);
  }

  private listen(): void {
    if (this.client || this.retry || this.closed) return;
    const client = new Client(this.pool.options);
    this.client = client;
    client.on('notification', () => {
      this.soon ??= setTimeout(() => this.wake(), TOGETHER_MS);
    });
    client.on('error', () => this.lost(client));
    client.on('end', () => this.lost(client));
    client
      .connect()
      .then(() => client.query('LISTEN event_log'))
      .then(() => this.wake())
      .catch(() => this.lost(client));
  }

  private lost(client: Client): void {
    if (this.client !== client || this.closed) return;
    this.client = undefined;
    client.end().catch(() => undefined);
    this.retry = setTimeout(() => {
      this.retry = undefined;
      this.listen();
    }, RECONNECT_MS);
    this.retry.unref();
  }

  private wake(): void {
    clearTimeout(this.soon);
    this.soon = undefined;
    this.signals += 1;
    for (const done of [...this.waiting]) done();
  }
}
