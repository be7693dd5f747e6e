import type { NestFastifyApplication } from '@nestjs/platform-fastify';

/** How long requests in flight may take when the service stops. */
const GRACE_MS = 5_000;

/** No longer ready, takes no new connection, and lets requests in flight end; but no client holds the service up. */
export async function closeHttp(app: NestFastifyApplication, stopping: AbortController): Promise<void> {
  stopping.abort();
  const late = setTimeout(() => app.getHttpServer().closeAllConnections(), GRACE_MS);
  try {
    await app.close();
  } finally {
    clearTimeout(late);
  }
}
