import { Presets, SingleBar } from 'cli-progress';

/**
 * A progress bar on standard error; only where a person looks at it. `counted`: its figures are a count of something,
 * and not positions of a log that leaves numbers out.
 */
export function progressBar(
  what: string,
  counted = true,
): {
  update(done: number, total: number): void;
  stop(): void;
} {
  if (!process.stderr.isTTY) return { update: () => undefined, stop: () => undefined };
  const bar = new SingleBar(
    {
      stream: process.stderr,
      format: `${what} {bar} {percentage}% |${counted ? ' {value}/{total} |' : ''} {eta_formatted}`,
      hideCursor: true,
    },
    Presets.shades_classic,
  );
  let started = false;
  return {
    update: (done, total) => {
      if (!started) bar.start(total, done);
      else bar.update(done);
      started = true;
    },
    stop: () => bar.stop(),
  };
}
