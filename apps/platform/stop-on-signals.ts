/** How long a stop may take before the process ends all the same: requests 5 s, jobs 9 s. */
const LIMIT_MS = 30_000;
/** How often to look whether npm is still there. */
const LOOK_AGAIN_MS = 500;

/**
 * Calls `stop` when the process is told to end, and ends it with `exitCode` when that is done. Further signals change
 * nothing: npm passes on to its child what the terminal has sent to both.
 * @returns takes the handlers away again
 */
export function stopOnSignals(stop: () => Promise<unknown>, exitCode: number): () => void {
  let called = false;
  const handler = (): void => {
    if (called) return;
    called = true;
    process.exitCode = exitCode;
    setTimeout(() => process.exit(), LIMIT_MS).unref();
    void stop()
      .catch(() => undefined)
      .then(() => process.exit());
  };
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  for (const signal of signals) process.on(signal, handler);
  const watch = stopWithNpm(handler);
  return () => {
    clearInterval(watch);
    for (const signal of signals) process.off(signal, handler);
  };
}

/** npm that is told to end does not always tell its child: then the child has another parent. */
function stopWithNpm(handler: () => void): NodeJS.Timeout | undefined {
  if (process.env.npm_lifecycle_event === undefined) return undefined;
  const parent = process.ppid;
  const watch = setInterval(() => {
    if (process.ppid !== parent) handler();
  }, LOOK_AGAIN_MS);
  return watch.unref();
}
