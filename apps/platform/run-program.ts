import { oneLine } from '#libs/problem/describe.js';
import { Problem } from '#libs/problem/problem.js';
import type { Started } from './start-in-turn.js';
import { note } from './say.js';
import { stopOnSignals } from './stop-on-signals.js';
import { unknownSettings } from './unknown-settings.js';

/** Runs a program that goes on until it is told to stop; what keeps it from starting is one line on stderr. */
export function runProgram(start: (signal: AbortSignal) => Promise<Started>): void {
  unknownSettings(process.env).forEach(note);
  run(start).catch((error: unknown) => {
    const line =
      error instanceof Problem ? oneLine(error) : String(error instanceof Error ? error.message : error);
    note(line.replace(/\s+/g, ' '));
    process.exit(1);
  });
}

async function run(start: (signal: AbortSignal) => Promise<Started>): Promise<void> {
  const stopping = new AbortController();
  const started = start(stopping.signal);
  stopOnSignals(async () => {
    stopping.abort();
    await (await started).stop();
  }, 0);
  await started.catch((error: unknown) => {
    if (!stopping.signal.aborted) throw error;
  });
}
