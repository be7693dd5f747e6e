import { setTimeout as sleep } from 'node:timers/promises';
import { note } from './say.js';

const AGAIN_MS = 1_000;

/** Keeps what is held in memory up with what other processes append. @returns stops it */
export function follow(
  what: string,
  store: { follow(signal: AbortSignal): Promise<void> },
): () => Promise<void> {
  const stopping = new AbortController();
  const { signal } = stopping;
  const run = async (): Promise<void> => {
    while (!signal.aborted) {
      try {
        await store.follow(signal);
      } catch (error) {
        note(`${what}: ${error instanceof Error ? error.message : 'unexpected error'}`);
        await sleep(AGAIN_MS, undefined, { signal }).catch(() => undefined);
      }
    }
  };
  const running = run();
  return () => {
    stopping.abort();
    return running;
  };
}
