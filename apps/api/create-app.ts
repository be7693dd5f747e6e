import cookie from '@fastify/cookie';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { accessOf, type AccessParts } from '#libs/access/access.module.js';
import { RequestLimiter, type RequestRates } from '#libs/access/limits/request-limiter.js';
import { sharedCounters } from '#libs/access/limits/shared-counters.adapter.js';
import { SESSION_LIMITS } from '#libs/access/sessions/session.js';
import { UNLIMITED } from '#libs/access/sign-in/limiter.js';
import { NO_SECOND_FACTOR } from '#libs/access/sign-in/second-factor.js';
import { createLogger } from '#libs/telemetry/logger.adapter.js';
import { AppModule, type AppParts } from './app.module.js';
import { limitByAddress } from './http/limit-by-address.js';
import { createHttp, type HttpParts } from './create-http.js';
import type { OperationParts } from './operation.module.js';
import { serveOpenApi } from './openapi/openapi.js';
import { servePages } from './pages/serve-pages.js';

/** What the application cannot do without; the rest has defaults. */
export type CreateAppParts = Pick<AppParts, 'platform' | 'reference' | 'projections' | 'readWaitMs'> & {
  readonly access: Pick<AccessParts, 'accounts'> & Partial<AccessParts>;
  /** Default: any number. */
  readonly requestRates?: RequestRates;
} & Partial<OperationParts> &
  Partial<HttpParts>;

const ACCESS: Omit<AccessParts, 'accounts'> = {
  limiter: UNLIMITED,
  deviceCookie: undefined,
  secondFactor: NO_SECOND_FACTOR,
  demo: false,
  sessionLimits: SESSION_LIMITS,
};

/** The HTTP application, ready to listen. */
export async function createApp(given: CreateAppParts): Promise<NestFastifyApplication> {
  const access = accessOf({ ...ACCESS, ...given.access }, given.platform);
  const parts = {
    metrics: given.platform.metrics,
    logger: createLogger('warn'),
    allowedHosts: [],
    dependencies: [],
    lagLimitSeconds: 60,
    stopping: new AbortController().signal,
    ...given,
    access,
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
  await app.register(cookie as never);
  serveOpenApi(app);
  servePages(app.getHttpAdapter().getInstance());
  await app.init();
  return app;
}
