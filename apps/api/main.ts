import { stopOnSignals } from '#apps/platform/stop-on-signals.js';
import { oneLine } from '#libs/problem/describe.js';
import { Problem } from '#libs/problem/problem.js';
import { readSettings } from '#apps/platform/settings.js';
import { startService } from './start-service.js';

/** Everything in one process: HTTP, projections, and the embedded database unless there is another. */
async function main(): Promise<void> {
  const stopping = new AbortController();
  const service = startService(readSettings(process.env), stopping.signal);
  stopOnSignals(async () => {
    stopping.abort();
    await (await service).stop();
  }, 0);
  await service.catch((error: unknown) => {
    if (!stopping.signal.aborted) throw error;
  });
}

main().catch((error: unknown) => {
  const line =
    error instanceof Problem ? oneLine(error) : String(error instanceof Error ? error.message : error);
  process.stderr.write(`motcua: ${line.replace(/\s+/g, ' ')}\n`);
  process.exit(1);
});
