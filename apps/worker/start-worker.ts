import { closeHttp } from '#apps/api/close-http.js';
import { watchRedis } from '#apps/api/health/redis-dependency.js';
import { createHttp } from '#apps/api/create-http.js';
import { requireFreePort } from '#apps/api/free-port.js';
import { OperationModule } from '#apps/api/operation.module.js';
import { follow } from '#apps/platform/follow.js';
import { openAccounts } from '#apps/platform/open-accounts.js';
import { openChannels } from '#apps/platform/open-channels.js';
import { openPlatform } from '#apps/platform/open-platform.js';
import { note, say } from '#apps/platform/say.js';
import type { Settings } from '#apps/platform/settings.js';
import { type Started, startInTurn, type Stops } from '#apps/platform/start-in-turn.js';
import { requireKeys } from '#libs/personal-data/lost-keys.adapter.js';
import { ReferenceStore } from '#libs/reference/reference-store.js';
import { checkRedis } from '#libs/redis/check-redis.adapter.js';
import { PostgresPreferences } from '#libs/reminders/preferences/preferences.adapter.js';
import { createLogger } from '#libs/telemetry/logger.adapter.js';
import { startTracing } from '#libs/telemetry/start-tracing.adapter.js';
import { jobsDependency, startJobs } from './jobs.js';
import { Projections, tellStopped } from './projections.js';

/**
 * Starts what is done apart from requests: the read models, shared with other processes, and a small HTTP for health
 * and metrics.
 * @throws Problem, with nothing left running
 */
export function startWorker(settings: Settings, signal: AbortSignal): Promise<Started> {
  return startInTurn((stops) => start(settings, signal, stops));
}

async function start(settings: Settings, signal: AbortSignal, stops: Stops): Promise<void> {
  const logger = createLogger(settings.logLevel);
  await requireFreePort(settings.host, settings.port);
  const endTracing = await startTracing('motcua-worker');
  if (endTracing) stops.push(endTracing);
  const platform = await openPlatform({ ...settings, notice: note });
  stops.push(() => platform.close());
  if (platform.redis) await checkRedis(platform.redis, note);
  await requireKeys(platform.pool, platform.rawLog);
  const reference = new ReferenceStore(platform.log, platform.clock);
  await reference.refresh();
  const accounts = await openAccounts(platform);
  stops.push(follow('reference data', reference), follow('accounts', accounts));
  signal.throwIfAborted();
  const projections = new Projections({ ...platform, notice: note, onState: tellStopped(note) });
  if (settings.projections === 'here') projections.start();
  stops.push(() => projections.stop());
  const preferences = new PostgresPreferences(platform.pool, platform.keeper);
  const channels = await openChannels(settings, { preferences, clock: platform.clock, notice: note });
  const reminders = { reference: reference.data, accounts, channels };
  const jobs = await startJobs({ platform, reminders, verifyAt: settings.verifyAt, notice: note });
  stops.push(() => jobs.close());
  const { allowedHosts, lagLimitSeconds } = settings;
  const stopping = new AbortController();
  const http = { metrics: platform.metrics.withProcess(), logger, allowedHosts, stopping: stopping.signal };
  const dependencies = [jobsDependency(jobs.engine)];
  if (platform.redis) {
    const { dependency, close } = watchRedis(platform.redis);
    stops.push(async () => close());
    dependencies.push(dependency);
  }
  const operation = { ...http, platform, projections, dependencies, lagLimitSeconds };
  const app = await createHttp(OperationModule.of(operation), http);
  stops.push(() => closeHttp(app, stopping, settings.drainSeconds));
  signal.throwIfAborted();
  await app.listen(settings.port, settings.host);
  const data = settings.databaseUrl ? 'DATABASE_URL' : settings.dataFolder;
  say(`motcua worker is running: see ${await app.getUrl()}/health/ready (data: ${data}). Ctrl-C stops it.`);
}
