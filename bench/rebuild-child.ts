import { readSettings } from '#apps/platform/settings.js';
import { openPlatform } from '#apps/platform/open-platform.js';
import { projectionsWith } from '#apps/worker/projections.js';
import { rebuildProjections } from '#libs/projection/rebuild.js';

/** One measured run of a kind (`read` or `rebuild`) over the log of MOTCUA_DATA; prints events, seconds, peak memory. */
const platform = await openPlatform(readSettings(process.env));
const begun = performance.now();
let events = 0;
if (process.argv[2] === 'read') {
  for await (const _ of platform.log.readAll()) events += 1;
} else {
  events = Number(await platform.log.head());
  const { log, pool, rawLog, vault } = platform;
  await rebuildProjections({ log, pool, engine: rawLog.engine, projections: projectionsWith(vault) });
}
const seconds = (performance.now() - begun) / 1_000;
await platform.close();
const peakMb = process.resourceUsage().maxRSS / 1_024;
process.stdout.write(JSON.stringify({ events, seconds, peakMb }));
