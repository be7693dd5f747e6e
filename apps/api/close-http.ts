import { setTimeout as sleep } from 'node:timers/promises';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';

/** How long requests in flight may take when the service stops. */
const GRACE_MS = 5_000;

/**
 * No longer ready, takes no new connection after `drainSeconds`, and lets requests in flight end; but no client holds
 * the service up.
 */
export async function closeHttp(
  app: NestFastifyApplication,
  stopping: AbortController,
  drainSeconds: number,
): Promise<void> {
  stopping.abort();
  await sleep(drainSeconds * 1_000);
  const late = setTimeout(() => app.getHttpServer().closeAllConnections(), GRACE_MS);
  try {
    await app.close();
  } finally {
    clearTimeout(late);
  }
}
