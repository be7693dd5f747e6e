import { EventStoreDBClient } from '@eventstore/db-client';
import { setTimeout as sleep } from 'node:timers/promises';
import { LogUnavailable } from '../event-log.js';
import { failureOf, reasonOf } from './eventstoredb-errors.adapter.js';
import { backoff, type EventStoreDbLimits } from './eventstoredb-limits.adapter.js';

/** What was made of the address, until it is thrown away. */
export interface Held {
  readonly client: EventStoreDBClient;
}

/**
 * The one client of the process, which is thrown away and made anew when it is of no more use: it remembers a failed
 * discovery for ever, and what goes wrong inside it leaves calls without an end. One only, because the failing stream
 * of any client rejects the appends of all.
 */
export class EventStoreClients {
  private held: Held;
  private closed = false;

  constructor(
    private readonly connectionString: string,
    private readonly limits: EventStoreDbLimits,
    private readonly onRetry: (reason: string) => void,
  ) {
    this.held = this.make();
  }

  current(): Held {
    return this.held;
  }

  /** Makes a new one unless somebody did so already. Calls under way on the old one fail, with unknown outcome. */
  renew(failed: Held): void {
    if (failed !== this.held || this.closed) return;
    this.held = this.make();
    void dispose(failed);
  }

  /**
   * Does `work` again while it fails in a way that may pass.
   * @throws LogUnavailable after `retryMs`, or at once for what will not pass
   */
  async retrying<T>(work: (client: EventStoreDBClient) => Promise<T>): Promise<T> {
    const end = performance.now() + this.limits.retryMs;
    for (let tries = 1; ; tries += 1) {
      const held = this.held;
      try {
        const done = await work(held.client);
        // A read whose client is thrown away meanwhile ends like one that has come to its end, only sooner.
        if (held !== this.held || this.closed) throw new ThrownAway();
        return done;
      } catch (error) {
        if (failureOf(error) === 'definite')
          throw new LogUnavailable(new Error(reasonOf(error), { cause: error }));
        await this.beforeNextTry(held, error, tries, end);
      }
    }
  }

  /** Waits and mends. @throws LogUnavailable when the time is over */
  async beforeNextTry(failed: Held, error: unknown, tries: number, end: number): Promise<void> {
    if (failureOf(error) === 'broken') this.renew(failed);
    const wait = backoff(tries, this.limits);
    if (this.closed || performance.now() + wait >= end) {
      throw new LogUnavailable(new Error(reasonOf(error), { cause: error }));
    }
    this.onRetry(reasonOf(error));
    await sleep(wait);
  }

  /** Calls under way end in LogUnavailable. */
  close(): Promise<void> {
    this.closed = true;
    return dispose(this.held);
  }

  private make(): Held {
    return { client: EventStoreDBClient.connectionString(this.connectionString) };
  }
}

class ThrownAway extends Error {
  constructor() {
    super('the client was thrown away meanwhile');
    this.name = 'ThrownAway';
  }
}

/** Ends its calls, then its connection, which the client leaves open by itself. */
async function dispose({ client }: Held): Promise<void> {
  try {
    await client.dispose();
    (await client['getChannel']()).close();
  } catch {
    // It had no connection.
  }
}
