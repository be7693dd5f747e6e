import { setImmediate as turnOfEvents, setTimeout as sleep } from 'node:timers/promises';

const MOST = 500;

/**
 * Calls `work` for many at once: what comes while one call is under way goes into the next one together, in the
 * order it came. Saves a round trip for each where many come at the same time, at the price of a short wait.
 */
export class Gathering<I, O> {
  private waiting: { input: I; resolve: (output: O) => void; reject: (error: unknown) => void }[] = [];
  private running = false;

  /**
   * @param work gives as many outputs as it got inputs, in their order; if it throws, all of them fail
   * @param waitMs how long the first of a batch waits for others; 0: for those of the same turn of the event loop
   */
  constructor(
    private readonly work: (inputs: readonly I[]) => Promise<readonly O[]>,
    private readonly waitMs: number,
  ) {}

  run(input: I): Promise<O> {
    return new Promise<O>((resolve, reject) => {
      this.waiting.push({ input, resolve, reject });
      if (!this.running) void this.drain();
    });
  }

  private async drain(): Promise<void> {
    this.running = true;
    while (this.waiting.length > 0) {
      await (this.waitMs === 0 ? turnOfEvents() : sleep(this.waitMs));
      const batch = this.waiting.splice(0, MOST);
      try {
        const outputs = await this.work(batch.map(({ input }) => input));
        for (const [n, { resolve }] of batch.entries()) resolve(outputs[n] as O);
      } catch (error) {
        for (const { reject } of batch) reject(error);
      }
    }
    this.running = false;
  }
}
