import { openDemoAccounts } from '#apps/demo/demo-accounts.js';
import { demoLoaded, loadDemoOnce } from '#apps/demo/load-demo.js';
import { openChannels } from '#apps/platform/open-channels.js';
import { openPlatform } from '#apps/platform/open-platform.js';
import { follow } from '#apps/platform/follow.js';
import { openOidc } from '#apps/platform/open-oidc.js';
import { note, say } from '#apps/platform/say.js';
import { type Started, startInTurn, type Stops } from '#apps/platform/start-in-turn.js';
import { Projections, tellStopped } from '#apps/worker/projections.js';
import { isOpen } from '#libs/access/accounts/account.js';
import { DEMO_PASSWORD } from '#libs/access/demo-gate.js';
import { isLoopbackAddress, isLoopbackName } from '#libs/access/http/loopback.js';
import { openAccounts } from '#apps/platform/open-accounts.js';
import type { JobEngine } from '#libs/jobs/job-engine.adapter.js';
import { requireKeys } from '#libs/personal-data/lost-keys.adapter.js';
import { checkRedis } from '#libs/redis/check-redis.adapter.js';
import { ReferenceStore } from '#libs/reference/reference-store.js';
import { PostgresPreferences } from '#libs/reminders/preferences/preferences.adapter.js';
import { createLogger } from '#libs/telemetry/logger.adapter.js';
import { startTracing } from '#libs/telemetry/start-tracing.adapter.js';
import { watchRedis } from './health/redis-dependency.js';
import type { Dependency } from './health/vitals.js';
import { closeHttp } from './close-http.js';
import { createApp } from './create-app.js';
import { requireFreePort } from './free-port.js';
import type { Settings } from '#apps/platform/settings.js';

/**
 * Starts database, projections and HTTP, in this order. `signal` breaks the start off between two steps.
 * @throws Problem, with nothing left running
 */
export function startService(settings: Settings, signal: AbortSignal): Promise<Started> {
  return startInTurn((stops) => start(settings, signal, stops));
}

async function start(settings: Settings, signal: AbortSignal, stops: Stops): Promise<void> {
  const logger = createLogger(settings.logLevel);
  await requireFreePort(settings.host, settings.port);
  const endTracing = await startTracing('motcua-api');
  if (endTracing) stops.push(endTracing);
  // Loaded while the database starts: a quarter of a second less to wait.
  const program = import('#apps/worker/jobs.js');
  const platform = await openPlatform({ ...settings, notice: note });
  stops.push(() => platform.close());
  if (platform.redis) await checkRedis(platform.redis, note);
  await requireKeys(platform.pool, platform.rawLog);
  const reference = new ReferenceStore(platform.log, platform.clock);
  await reference.refresh();
  const accounts = await openAccounts(platform);
  stops.push(follow('reference data', reference), follow('accounts', accounts));
  signal.throwIfAborted();
  const loaded = settings.demo ? await loadDemoOnce(platform, reference, signal) : undefined;
  if (loaded !== undefined) {
    say(`New data: a demonstration desk was loaded (${loaded} synthetic dossiers, January–June 2024).`);
  }
  const alone = isLoopbackAddress(settings.host) || isLoopbackName(settings.host);
  const demo = settings.demo && alone && (await demoLoaded(platform.log));
  if (demo) await openDemoAccounts(accounts, platform);
  const demoAccounts = [...accounts.all.values()].filter((account) => account.demo && isOpen(account));
  const projections = new Projections({ ...platform, notice: note, onState: tellStopped(note) });
  if (settings.projections === 'here') projections.start();
  stops.push(() => projections.stop());
  const dependencies: Dependency[] = [];
  if (platform.redis) {
    const { dependency, close } = watchRedis(platform.redis);
    stops.push(async () => close());
    dependencies.push(dependency);
  }
  let jobEngine: JobEngine | undefined;
  if (settings.projections === 'here') {
    const { jobsDependency, startJobs } = await program;
    const preferences = new PostgresPreferences(platform.pool, platform.keeper);
    const channels = await openChannels(settings, { preferences, clock: platform.clock, notice: note });
    const reminders = { reference: reference.data, accounts, channels };
    const jobs = await startJobs({ platform, reminders, verifyAt: settings.verifyAt, notice: note });
    stops.push(() => jobs.close());
    dependencies.push(jobsDependency(jobs.engine));
    jobEngine = jobs.engine;
  }
  const oidc = await openOidc(settings, note);
  const stopping = new AbortController();
  const { allowedHosts, publicUrl, lagLimitSeconds, readWaitMs, drainSeconds } = settings;
  const app = await createApp({
    ...{
      platform,
      reference,
      projections,
      access: { accounts, demo, secondFactorRoles: settings.signIn.secondFactorRoles },
      allowedHosts,
      publicUrl,
      lagLimitSeconds,
      readWaitMs,
      dependencies,
      jobEngine,
      oidc,
      trustedProxies: settings.signIn.trustedProxies,
      requestRates: settings.signIn.requestRates,
    },
    metrics: platform.metrics.withProcess(),
    logger,
    stopping: stopping.signal,
  });
  stops.push(() => closeHttp(app, stopping, drainSeconds));
  signal.throwIfAborted();
  await app.listen(settings.port, settings.host);
  const data = settings.databaseUrl ? 'DATABASE_URL' : settings.dataFolder;
  say(`motcua is running: open ${await app.getUrl()}/api (data: ${data}). Ctrl-C stops it.`);
  if (demoAccounts.length === 0) return;
  const named = demoAccounts.map(({ id }) => id).join(', ');
  if (demo) say(`To try it, on this machine only: sign in as ${named}, password ${DEMO_PASSWORD}.`);
  else
    note(
      `demonstration accounts (${named}) do not work: ${alone ? 'MOTCUA_DEMO=off' : 'others can reach this service'}`,
    );
}
