import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { createLogger } from '#libs/telemetry/logger.adapter.js';
import { AppModule, type AppParts } from './app.module.js';
import { believedHeader } from './http/believed-header.js';
import { createHttp, type HttpParts } from './create-http.js';
import type { OperationParts } from './operation.module.js';
import { serveOpenApi } from './openapi/openapi.js';
import { servePages } from './pages/serve-pages.js';

/** What the application cannot do without; the rest has defaults. */
export type CreateAppParts = Pick<
  AppParts,
  'platform' | 'reference' | 'projections' | 'accounts' | 'readWaitMs'
> &
  Partial<OperationParts> &
  Partial<HttpParts>;

/** The HTTP application, ready to listen. */
export async function createApp(given: CreateAppParts): Promise<NestFastifyApplication> {
  const parts = {
    metrics: given.platform.metrics,
    logger: createLogger('warn'),
    allowedHosts: [],
    dependencies: [],
    lagLimitSeconds: 60,
    authenticator: believedHeader,
    stopping: new AbortController().signal,
    ...given,
  };
  const app = await createHttp(AppModule.of(parts), parts);
  serveOpenApi(app);
  servePages(app.getHttpAdapter().getInstance());
  await app.init();
  return app;
}
