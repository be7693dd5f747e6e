import type { Batch } from '#libs/event-log/event-log.js';

/**
 * Reads a subscription while its consumer is at work and hands over in one piece all that came meanwhile: small
 * pieces, and so little lag, when little comes; large ones, and so few transactions, when much comes.
 * Holds about `limit` events at most. Ends with the subscription, which it also ends when the consumer leaves.
 */
export async function* gather(
  subscribe: (signal: AbortSignal) => AsyncIterable<Batch>,
  limit: number,
  signal: AbortSignal,
): AsyncGenerator<Batch> {
  const own = new AbortController();
  const end = (): void => own.abort();
  signal.addEventListener('abort', end);
  if (signal.aborted) end();
  let waiting: Batch[] = [];
  let size = 0;
  let ended = false;
  let failure: { error: unknown } | undefined;
  const arrived = new Bell();
  const taken = new Bell();

  const reading = (async () => {
    try {
      for await (const batch of subscribe(own.signal)) {
        waiting.push(batch);
        size += batch.events.length;
        arrived.ring();
        while (size >= limit && !own.signal.aborted) await taken.heard();
        if (own.signal.aborted) break;
      }
    } catch (error) {
      failure = { error };
    } finally {
      ended = true;
      arrived.ring();
    }
  })();

  try {
    for (;;) {
      while (waiting.length === 0 && !ended) await arrived.heard();
      if (signal.aborted) return;
      const piece = merge(waiting);
      if (piece) {
        waiting = [];
        size = 0;
        taken.ring();
        yield piece;
      } else if (failure) throw failure.error;
      else return;
    }
  } finally {
    signal.removeEventListener('abort', end);
    end();
    taken.ring();
    await reading;
  }
}

function merge(batches: readonly Batch[]): Batch | undefined {
  const last = batches.at(-1);
  return last && batches.length > 1 ? { ...last, events: batches.flatMap((batch) => batch.events) } : last;
}

/** Wakes one waiter; a ring that nobody waits for is kept for the next one. */
class Bell {
  private rung = false;
  private wake: (() => void) | undefined;

  ring(): void {
    this.rung = true;
    this.wake?.();
  }

  async heard(): Promise<void> {
    if (!this.rung) await new Promise<void>((resolve) => (this.wake = resolve));
    this.wake = undefined;
    this.rung = false;
  }
}
