import { stopOnSignals } from '#apps/platform/stop-on-signals.js';
import { INTERRUPTED } from './context.js';
import { note } from '#apps/platform/say.js';

/**
 * Runs work that Ctrl-C breaks off by the signal, and waits until it has cleaned up.
 * @param after what to tell a person who broke it off
 */
export async function interruptible<T>(work: (signal: AbortSignal) => Promise<T>, after: string): Promise<T> {
  const stopping = new AbortController();
  const run = work(stopping.signal);
  const unheard = stopOnSignals(async () => {
    stopping.abort();
    await run.catch(() => undefined);
    note(`broken off; ${after}`);
  }, INTERRUPTED);
  try {
    return await run;
  } finally {
    if (!stopping.signal.aborted) unheard();
  }
}
