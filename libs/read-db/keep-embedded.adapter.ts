import { setTimeout as sleep } from 'node:timers/promises';
import {
  type EmbeddedPostgres,
  type EmbeddedPostgresOptions,
  openEmbeddedPostgres,
} from './embedded-postgres.adapter.js';

const LOOK_AGAIN_MS = 500;

/**
 * Starts the embedded server again when it has gone while we use it: killed, or ended by itself on a full disk. On the
 * port it had where that is free, so that the connections of all processes mend.
 * @param moved is told the new address
 * @returns leaves the server, as `close` of the one that was opened does
 */
export function keepEmbedded(
  opened: EmbeddedPostgres,
  options: EmbeddedPostgresOptions,
  moved: (url: string) => void,
): () => Promise<void> {
  const stopping = new AbortController();
  const { signal } = stopping;
  let current = opened;
  const look = async (): Promise<void> => {
    if (!(await current.gone())) return;
    options.log?.('the database server has gone, and is started again');
    const lost = current;
    current = await openEmbeddedPostgres({ ...options, port: Number(new URL(lost.url).port) });
    moved(current.url);
    await lost.close();
  };
  const watch = async (): Promise<void> => {
    while (!signal.aborted) {
      // As long as it cannot be started, those who ask are told that it is not available.
      await look().catch(() => undefined);
      await sleep(LOOK_AGAIN_MS, undefined, { signal, ref: false }).catch(() => undefined);
    }
  };
  const watching = watch();
  return async () => {
    stopping.abort();
    await watching;
    await current.close();
  };
}
