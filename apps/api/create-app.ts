import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { RequestLimiter, type RequestRates } from '#libs/access/limits/request-limiter.js';
import { sharedCounters } from '#libs/access/limits/shared-counters.adapter.js';
import { createLogger } from '#libs/telemetry/logger.adapter.js';
import { AppModule, type AppParts } from './app.module.js';
import { limitByAddress } from './http/limit-by-address.js';
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
  Partial<HttpParts> & {
    /** Default: any number. */
    readonly requestRates?: RequestRates;
  };

/** The HTTP application, ready to listen. */
export async function createApp(given: CreateAppParts): Promise<NestFastifyApplication> {
  const parts = {
    metrics: given.platform.metrics,
    logger: createLogger('warn'),
    allowedHosts: [],
    dependencies: [],
    lagLimitSeconds: 60,
    stopping: new AbortController().signal,
    ...given,
  };
  const { pool, redis, vault, clock } = parts.platform;
  const counters = sharedCounters({
    ...{ pool, redis },
    digest: (text) => vault.digest('limit', text),
    log: (line) => parts.logger.warn(line),
  });
  const requestLimiter = new RequestLimiter(
    counters,
    parts.requestRates ?? { account: 0, address: 0 },
    clock,
  );
  const app = await createHttp(AppModule.of({ ...parts, requestLimiter }), parts);
  limitByAddress(app.getHttpAdapter().getInstance(), requestLimiter);
  app
    .getHttpAdapter()
    .getInstance()
    .addHook('onClose', async () => counters.close());
  serveOpenApi(app);
  servePages(app.getHttpAdapter().getInstance());
  await app.init();
  return app;
}
