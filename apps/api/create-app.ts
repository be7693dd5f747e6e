import { randomBytes, randomUUID } from 'node:crypto';
import cookie from '@fastify/cookie';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { accessOf, type AccessParts } from '#libs/access/access.module.js';
import { deviceCookieName } from '#libs/access/limits/device-cookie.js';
import { SignInLimiter } from '#libs/access/limits/sign-in-limiter.js';
import type { OidcProvider } from '#libs/access/oidc/oidc-provider.adapter.js';
import { secretKeeper } from '#libs/access/second-factor/secret-keeper.js';
import { SecondFactors } from '#libs/access/second-factor/second-factors.adapter.js';
import type { SignInWays } from '#libs/access/sign-in-ways.module.js';
import { RequestLimiter, type RequestRates } from '#libs/access/limits/request-limiter.js';
import { sharedCounters } from '#libs/access/limits/shared-counters.adapter.js';
import { SESSION_LIMITS } from '#libs/access/sessions/session.js';
import { createLogger } from '#libs/telemetry/logger.adapter.js';
import { AppModule, type AppParts } from './app.module.js';
import { limitByAddress } from './http/limit-by-address.js';
import { createHttp, type HttpParts } from './create-http.js';
import type { JobEngine } from '#libs/jobs/job-engine.adapter.js';
import type { OperationParts } from './operation.module.js';
import { queueBoardOnDemand } from './queue-board-on-demand.js';
import { serveOpenApi } from './openapi/openapi.js';
import { servePages } from './pages/serve-pages.js';

/** What the application cannot do without; the rest has defaults. */
export type CreateAppParts = Pick<AppParts, 'platform' | 'reference' | 'projections' | 'readWaitMs'> & {
  readonly access: Pick<AccessParts, 'accounts'> & Partial<AccessParts>;
  /** A provider of OpenID Connect. */
  readonly oidc?: OidcProvider | null;
  /** Default: any number. */
  readonly requestRates?: RequestRates;
  /** Where this process works on jobs. */
  readonly jobEngine?: JobEngine | undefined;
} & Partial<OperationParts> &
  Partial<HttpParts>;

/** The HTTP application, ready to listen. */
export async function createApp(given: CreateAppParts): Promise<NestFastifyApplication> {
  const { pool, redis, vault, clock } = given.platform;
  const logger = given.logger ?? createLogger('warn');
  const counters = sharedCounters({
    ...{ pool, redis },
    digest: (text) => vault.digest('limit', text),
    log: (line) => logger.warn(line),
  });
  const sign = (text: string): Buffer => vault.digest('device', text);
  const ways: SignInWays = {
    limiter: new SignInLimiter({ counters, clock, sign, newId: randomUUID }),
    secondFactors: new SecondFactors(pool, clock, secretKeeper(vault, randomBytes)),
    oidc: given.oidc ?? null,
  };
  const access = accessOf(
    {
      limiter: ways.limiter,
      deviceCookie: (account) => deviceCookieName(account, sign),
      secondFactor: ways.secondFactors,
      demo: false,
      sessionLimits: SESSION_LIMITS,
      secondFactorRoles: [],
      ...given.access,
    },
    given.platform,
  );
  const parts = {
    metrics: given.platform.metrics,
    logger,
    allowedHosts: [],
    dependencies: [],
    lagLimitSeconds: 60,
    stopping: new AbortController().signal,
    ...given,
    access,
  };
  const requestLimiter = new RequestLimiter(
    counters,
    parts.requestRates ?? { account: 0, address: 0 },
    clock,
  );
  const queues = queueBoardOnDemand({
    ...{ platform: given.platform, engine: given.jobEngine },
    notice: (line) => logger.warn(line),
  });
  const app = await createHttp(
    AppModule.of({ ...parts, requestLimiter, ways, queueBoard: queues.board }),
    parts,
  );
  limitByAddress(app.getHttpAdapter().getInstance(), requestLimiter);
  app
    .getHttpAdapter()
    .getInstance()
    .addHook('onClose', async () => counters.close())
    .addHook('onClose', () => queues.close());
  await app.register(cookie as never);
  serveOpenApi(app);
  servePages(app.getHttpAdapter().getInstance());
  await app.init();
  return app;
}
