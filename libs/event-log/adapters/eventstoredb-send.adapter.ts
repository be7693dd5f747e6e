import type { EventStoreDBClient, JSONEventData } from '@eventstore/db-client';
import { Problem } from '#libs/problem/problem.js';
import { LogUnavailable } from '../event-log.js';
import type { EventStoreClients } from './eventstoredb-client.adapter.js';
import { actualRevision, failureOf, reasonOf, ServerSilent } from './eventstoredb-errors.adapter.js';
import type { EventStoreDbLimits } from './eventstoredb-limits.adapter.js';

/** Server clocks may be off by so much before an append is refused as too late. */
const CLOCK_TOLERANCE_MS = 6_000;

/** What became of an append. `sure` is false where an earlier try may have written it, perhaps with other bytes. */
export type Sent =
  | { readonly kind: 'appended'; readonly position: bigint; readonly sure: boolean }
  | { readonly kind: 'refused'; readonly actual: bigint | undefined; readonly sure: boolean };

/** An append that the server does not take, now or later: too large, not allowed, or of a stream that was deleted. */
export class AppendRejected extends Problem {
  constructor(failure: unknown) {
    super('log-rejects', { reason: reasonOf(failure) });
  }
}

/**
 * Sends appends until the server has said what became of them. Each try has a time limit of ours, since the client's
 * batched append waits for ever; when it passes, when the connection breaks or the server cannot do it now, the
 * outcome is unknown, and the same bytes go again with the same ids at the same revision: the server compares the
 * log itself, so that nothing is written twice.
 */
export class AppendSender {
  constructor(
    private readonly clients: EventStoreClients,
    private readonly limits: EventStoreDbLimits,
  ) {}

  /**
   * @param first revision of the first event: never "any" towards the server, which would compare with a cache only
   * @throws LogUnavailable after `retryMs`; the outcome is unknown
   * @throws AppendRejected
   */
  async send(stream: string, first: bigint, events: JSONEventData[]): Promise<Sent> {
    const end = performance.now() + this.limits.retryMs;
    for (let tries = 1; ; tries += 1) {
      const held = this.clients.current();
      const sure = tries === 1;
      try {
        const position = await this.attempt(held.client, stream, first, events);
        if (position !== undefined) return { kind: 'appended', position, sure };
        throw new Error('an answer without a position');
      } catch (error) {
        const failure = failureOf(error);
        if (failure === 'refused') return { kind: 'refused', actual: actualRevision(error), sure };
        if (failure === 'definite') throw sure ? new AppendRejected(error) : new LogUnavailable(error);
        await this.clients.beforeNextTry(held, error, tries, end);
      }
    }
  }

  private attempt(
    client: EventStoreDBClient,
    stream: string,
    first: bigint,
    events: JSONEventData[],
  ): Promise<bigint | undefined> {
    const { attemptMs } = this.limits;
    return new Promise((resolve, reject) => {
      const silent = setTimeout(() => reject(new ServerSilent(attemptMs)), attemptMs);
      client
        .appendToStream(stream, events, {
          expectedRevision: first === 0n ? 'no_stream' : first - 1n,
          deadline: attemptMs + CLOCK_TOLERANCE_MS,
        })
        .then(({ position }) => resolve(position?.commit), reject)
        .finally(() => clearTimeout(silent));
    });
  }
}
