import { join } from 'node:path';
import type { Pool } from 'pg';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { closeHttp } from '#apps/api/close-http.js';
import { createApp } from '#apps/api/create-app.js';
import type { RequestLimits } from '#apps/api/http/request-limits.js';
import { openLog } from '#apps/platform/open-log.js';
import { openAccounts } from '#apps/platform/open-accounts.js';
import { MIGRATIONS, platformOn, type Platform } from '#apps/platform/open-platform.js';
import { projectRoot } from '#apps/platform/project-root.js';
import { Projections } from '#apps/worker/projections.js';
import type { AccessParts } from '#libs/access/access.module.js';
import type { AccountStore } from '#libs/access/accounts/account-store.js';
import type { OidcProvider } from '#libs/access/oidc/oidc-provider.adapter.js';
import type { RequestRates } from '#libs/access/limits/request-limiter.js';
import { type Clock, systemClock } from '#libs/event-log/clock.js';
import type { LogEngine } from '#libs/event-log/event-log.js';
import { migrate } from '#libs/read-db/migrate.adapter.js';
import { createPool } from '#libs/read-db/pool.adapter.js';
import { parseRedisUrl } from '#libs/redis/redis-address.js';
import { loadDirectory } from '#libs/reference/load-config.adapter.js';
import { publishAll } from '#libs/reference/publish-all.js';
import type { Logger } from '#libs/telemetry/logger.adapter.js';
import { ReferenceStore } from '#libs/reference/reference-store.js';
import { Metrics } from '#libs/telemetry/metrics.adapter.js';
import { createTestDatabase, type TestDatabase } from './database.js';
import { RunOfItsOwn } from './run-of-its-own.js';
import { issueToken } from './tokens.js';
import { testVault } from './vault.js';

/** A clock that stands still until it is set. */
export class TestClock implements Clock {
  constructor(private at: string) {}

  now(): number {
    return Date.parse(this.at);
  }

  set(at: string): void {
    this.at = at;
  }
}

export interface ServiceOptions {
  /** Another instance, whose database this one shares. It is closed after this one. */
  readonly beside?: TestService;
  readonly redisUrl?: string;
  /** Empty: the log is in PostgreSQL in any case. Default: as the environment says. */
  readonly eventStoreUrl?: string;
  /** False: this instance leaves the read models to others. */
  readonly projecting?: boolean;
  readonly readWaitMs?: number;
  readonly logger?: Logger;
  readonly allowedHosts?: readonly string[];
  /** How it knows who is calling. */
  readonly access?: Partial<AccessParts>;
  readonly publicUrl?: string;
  readonly limits?: Partial<RequestLimits>;
  readonly requestRates?: RequestRates;
  readonly trustedProxies?: readonly string[];
  readonly oidc?: OidcProvider | null;
}

export interface TestService {
  readonly app: NestFastifyApplication;
  readonly platform: Platform;
  readonly accounts: AccountStore;
  readonly clock: TestClock;
  readonly url: string;
  readonly databaseUrl: string;
  /** Resolves when every projection has folded the whole log. */
  settled(): Promise<void>;
  /** Leaves the read models to others from now on. */
  stopProjecting(): Promise<void>;
  close(): Promise<void>;
}

/** Accounts that may do everything; their tokens follow from the ids (`bearer`). */
const STAFF = ['clerk-1', 'clerk-2', 'official-7', 'supervisor-1', 'supervisor-2', 'admin-1'];

const PATIENCE_MS = 20_000;
const withoutBigint = (_key: string, value: unknown): unknown =>
  typeof value === 'bigint' ? value.toString() : value;

/** The whole service on a database of its own, with the demonstration desk published and a clock that stands still. */
export async function startService(
  at = '2024-03-11T02:00:00.000Z',
  {
    beside,
    redisUrl,
    eventStoreUrl,
    projecting = true,
    readWaitMs = 5_000,
    logger,
    access = {},
    allowedHosts = [],
    publicUrl,
    limits,
    requestRates = { account: 0, address: 0 },
    trustedProxies = [],
    oidc = null,
  }: ServiceOptions = {},
): Promise<TestService> {
  const clock = new TestClock(at);
  const database = beside ? sharedDatabase(beside) : await createTestDatabase();
  await migrate(database.pool, MIGRATIONS);
  const redis =
    redisUrl === undefined ? undefined : { address: parseRedisUrl(redisUrl), notice: () => undefined };
  const engines = { rawLog: await logFor(database.pool, eventStoreUrl), metrics: new Metrics() };
  const vault = await testVault(database.pool);
  const platform = platformOn(database.pool, clock, vault, () => database.drop(), redis, engines);
  const reference = new ReferenceStore(platform.log, clock);
  const by = { actor: 'tester', correlationId: 'setup', causationId: 'setup' };
  await publishAll(reference, await loadDirectory(join(projectRoot, 'config/demo')), by);
  const accounts = await openAccounts(platform);
  await renewTokens({ accounts, clock });
  const projections = new Projections(platform);
  if (projecting) projections.start();
  const stopping = new AbortController();
  const app = await createApp({
    ...{
      platform,
      reference,
      projections,
      access: { accounts, ...access },
      allowedHosts,
      readWaitMs,
      stopping: stopping.signal,
    },
    ...(logger ? { logger } : {}),
    ...{ publicUrl, allowedHosts, oidc, limits, requestRates, trustedProxies },
  });
  await app.listen(0, '127.0.0.1');
  return {
    app,
    platform,
    accounts,
    clock,
    url: await app.getUrl(),
    databaseUrl: database.url,
    settled: async () => {
      const begun = performance.now();
      for (;;) {
        const states = await projections.status();
        if (states.every(({ status, position, head }) => status === 'stopped' || position >= head)) return;
        if (performance.now() - begun > PATIENCE_MS) {
          throw new Error(`the projections do not settle: ${JSON.stringify(states, withoutBigint)}`);
        }
      }
    },
    stopProjecting: () => projections.stop(),
    close: async () => {
      await closeHttp(app, stopping, 0);
      await projections.stop();
      await platform.close();
    },
  };
}

/** Tokens of the staff that are good for a year from now: needed again once a test is years further on. */
export async function renewTokens({
  accounts,
  clock,
}: Pick<TestService, 'accounts' | 'clock'>): Promise<void> {
  for (const id of STAFF) await issueToken(accounts, id, {}, clock);
}

/** In the database of the test, or in a part of its own of the event store that `npm run contract` names. */
async function logFor(pool: Pool, given: string | undefined): Promise<LogEngine> {
  const eventStoreUrl = (given ?? process.env['EVENTSTORE_URL']) || undefined;
  const log = await openLog(pool, systemClock, {
    eventStoreUrl,
    notice: () => undefined,
    onRetry: () => undefined,
  });
  return eventStoreUrl === undefined || given ? log : new RunOfItsOwn(log);
}

function sharedDatabase({ databaseUrl: url }: TestService): TestDatabase {
  const pool = createPool(url);
  return { pool, url, drop: () => pool.end() };
}
