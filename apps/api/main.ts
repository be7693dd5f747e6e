import { openPlatform, type Platform } from '#apps/platform/open-platform.js';
import { loadDemo } from '#apps/demo/load-demo.js';
import { Projections } from '#apps/worker/projections.js';
import { oneLine } from '#libs/problem/describe.js';
import { Problem } from '#libs/problem/problem.js';
import { ReferenceStore } from '#libs/reference/reference-store.js';
import { createApp } from './create-app.js';
import { requireFreePort } from './free-port.js';
import { readSettings } from './settings.js';

const HOST = '127.0.0.1';
const say = (line: string): void => void process.stdout.write(`${line}\n`);

/** Everything in one process: HTTP, projections, and the embedded database unless there is another. */
async function main(): Promise<void> {
  const settings = readSettings(process.env);
  await requireFreePort(HOST, settings.port);
  const stops: (() => Promise<unknown>)[] = [];
  const stop = stopOnce(stops);
  process.once('SIGINT', () => void stop().then(() => process.exit(0)));
  process.once('SIGTERM', () => void stop().then(() => process.exit(0)));
  try {
    const platform = await openPlatform({ ...settings });
    stops.push(() => platform.close());
    const reference = await openReference(platform, stops);
    if ((await platform.log.head()) === 0n) {
      const count = await loadDemo(platform, reference);
      say(`New data: a demonstration desk was loaded (${count} synthetic dossiers, January–June 2024).`);
    }
    const projections = new Projections({ ...platform });
    projections.start();
    stops.push(() => projections.stop());
    const app = await createApp({ platform, reference, projections });
    stops.push(() => app.close());
    await app.listen(settings.port, HOST);
    const data = settings.databaseUrl ? 'DATABASE_URL' : settings.dataFolder;
    say(`motcua is running: open ${await app.getUrl()}/api (data: ${data}). Ctrl-C stops it.`);
  } catch (error) {
    await stop();
    throw error;
  }
}

async function openReference(platform: Platform, stops: (() => Promise<unknown>)[]): Promise<ReferenceStore> {
  const reference = new ReferenceStore(platform.log, platform.clock);
  await reference.refresh();
  const following = new AbortController();
  const done = reference.follow(following.signal);
  stops.push(() => {
    following.abort();
    return done;
  });
  return reference;
}

/** Stops what was started, the last first, and only once. */
function stopOnce(stops: (() => Promise<unknown>)[]): () => Promise<void> {
  let stopping: Promise<void> | undefined;
  return () =>
    (stopping ??= (async () => {
      for (let stop = stops.pop(); stop; stop = stops.pop()) await stop().catch(() => undefined);
    })());
}

main().catch((error: unknown) => {
  const line =
    error instanceof Problem ? oneLine(error) : String(error instanceof Error ? error.message : error);
  process.stderr.write(`motcua: ${line}\n`);
  process.exit(1);
});
