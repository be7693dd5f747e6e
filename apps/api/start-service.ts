import { setTimeout as sleep } from 'node:timers/promises';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { demoWanted, loadDemo } from '#apps/demo/load-demo.js';
import { openPlatform } from '#apps/platform/open-platform.js';
import { Projections } from '#apps/worker/projections.js';
import { checkRedis } from '#libs/redis/check-redis.adapter.js';
import { ReferenceStore } from '#libs/reference/reference-store.js';
import { createLogger } from '#libs/telemetry/logger.adapter.js';
import { startTracing } from '#libs/telemetry/start-tracing.adapter.js';
import { createApp } from './create-app.js';
import { requireFreePort } from './free-port.js';
import type { Settings } from '#apps/platform/settings.js';

/** How long requests in flight may take when the service stops. */
const GRACE_MS = 5_000;
const FOLLOW_AGAIN_MS = 1_000;

const say = (line: string): void => void process.stdout.write(`${line}\n`);
const note = (line: string): void => void process.stderr.write(`motcua: ${line}\n`);

/**
 * Starts database, projections and HTTP, in this order. `signal` breaks the start off between two steps.
 * @throws Problem, with nothing left running
 */
export async function startService(
  settings: Settings,
  signal: AbortSignal,
): Promise<{ stop: () => Promise<void> }> {
  const stops: (() => Promise<unknown>)[] = [];
  const stop = async (): Promise<void> => {
    for (let next = stops.pop(); next; next = stops.pop()) await next().catch(() => undefined);
  };
  try {
    await start(settings, signal, stops);
    return { stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function start(
  settings: Settings,
  signal: AbortSignal,
  stops: (() => Promise<unknown>)[],
): Promise<void> {
  const logger = createLogger(settings.logLevel);
  await requireFreePort(settings.host, settings.port);
  const endTracing = startTracing('motcua-api');
  if (endTracing) stops.push(endTracing);
  const platform = await openPlatform({ ...settings, notice: note });
  stops.push(() => platform.close());
  if (platform.redis) await checkRedis(platform.redis, note);
  const reference = new ReferenceStore(platform.log, platform.clock);
  await reference.refresh();
  stops.push(follow(reference));
  signal.throwIfAborted();
  if (await demoWanted(platform.log)) {
    const count = await loadDemo(platform, reference, signal);
    say(`New data: a demonstration desk was loaded (${count} synthetic dossiers, January–June 2024).`);
  }
  const projections = new Projections({
    ...platform,
    onState: ({ name, status, error }) => {
      if (status === 'stopped') note(`projection ${name} stopped: ${error ?? 'see /health/ready'}`);
    },
  });
  projections.start();
  stops.push(() => projections.stop());
  const stopping = new AbortController();
  const { allowedHosts, lagLimitSeconds, readWaitMs } = settings;
  const app = await createApp({
    ...{ platform, reference, projections, allowedHosts, lagLimitSeconds, readWaitMs },
    metrics: platform.metrics.withProcess(),
    logger,
    stopping: stopping.signal,
  });
  stops.push(() => close(app, stopping));
  signal.throwIfAborted();
  await app.listen(settings.port, settings.host);
  const data = settings.databaseUrl ? 'DATABASE_URL' : settings.dataFolder;
  say(`motcua is running: open ${await app.getUrl()}/api (data: ${data}). Ctrl-C stops it.`);
}

/** Keeps the reference data up with what other processes publish. @returns stops it */
function follow(reference: ReferenceStore): () => Promise<void> {
  const stopping = new AbortController();
  const { signal } = stopping;
  const run = async (): Promise<void> => {
    while (!signal.aborted) {
      try {
        await reference.follow(signal);
      } catch (error) {
        note(`reference data: ${error instanceof Error ? error.message : 'unexpected error'}`);
        await sleep(FOLLOW_AGAIN_MS, undefined, { signal }).catch(() => undefined);
      }
    }
  };
  const running = run();
  return () => {
    stopping.abort();
    return running;
  };
}

/** No longer ready, takes no new connection, and lets requests in flight end; but no client holds the service up. */
async function close(app: NestFastifyApplication, stopping: AbortController): Promise<void> {
  stopping.abort();
  const late = setTimeout(() => app.getHttpServer().closeAllConnections(), GRACE_MS);
  try {
    await app.close();
  } finally {
    clearTimeout(late);
  }
}
