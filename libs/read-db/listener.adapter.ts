import { Client, type Pool } from 'pg';

const RECONNECT_MS = 500;
const KEEP_ALIVE_MS = 10_000;

export interface Heard {
  /** What was sent with NOTIFY. */
  notice(payload: string): void;
  /** Listening begins, or begins again: notices before it may have been missed. */
  listening?(): void;
}

/**
 * One connection that listens on a channel (LISTEN), made again when it is lost. That costs time and notices: whoever
 * uses it looks again by itself after a limit.
 */
export class Listener {
  private client: Client | undefined;
  private retry: NodeJS.Timeout | undefined;
  private closed = false;

  /** @param channel a name from code: it goes into the statement as it is */
  constructor(
    private readonly pool: Pool,
    private readonly channel: string,
    private readonly heard: Heard,
  ) {}

  /** Connects in the background, unless it did before. */
  start(): void {
    if (this.client || this.retry || this.closed) return;
    const client = new Client({
      ...this.pool.options,
      keepAlive: true,
      keepAliveInitialDelayMillis: KEEP_ALIVE_MS,
    });
    this.client = client;
    client.on('notification', ({ payload }) => this.heard.notice(payload ?? ''));
    client.on('error', () => this.lost(client));
    client.on('end', () => this.lost(client));
    client
      .connect()
      .then(() => client.query(`LISTEN ${this.channel}`))
      .then(() => this.heard.listening?.())
      .catch(() => this.lost(client));
  }

  async close(): Promise<void> {
    this.closed = true;
    clearTimeout(this.retry);
    await this.client?.end().catch(() => undefined);
  }

  private lost(client: Client): void {
    if (this.client !== client || this.closed) return;
    this.client = undefined;
    client.end().catch(() => undefined);
    this.retry = setTimeout(() => {
      this.retry = undefined;
      this.start();
    }, RECONNECT_MS);
    this.retry.unref();
  }
}
