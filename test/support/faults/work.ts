import { setTimeout as sleep } from 'node:timers/promises';
import { Clerk, type Sent } from '../clerks.js';
import type { Supervised } from './supervised.js';

const PATIENCE_MS = 120_000;
const BREATH_MS = 10;

/** Accounts of clerks. */
export const CLERKS: readonly string[] = Array.from({ length: 6 }, (_, n) => `clerk-${n + 1}`);

/** Clerks at the counters of a cluster, and the record of what they were told. */
export class Work {
  readonly sent: Sent[] = [];
  /** Steps that were refused as they may be. */
  refused = 0;
  /** Steps that were to be sent again. */
  again = 0;

  constructor(
    private readonly cluster: { readonly apis: readonly Supervised[] },
    private readonly random: () => number,
    private readonly clerks = CLERKS.length,
  ) {}

  get summary(): string {
    const { sent, again, refused } = this;
    const acknowledged = sent.filter(({ answer }) => answer).length;
    return `${sent.length} commands, ${acknowledged} acknowledged, ${again} told to come again, ${refused} refused`;
  }

  /**
   * Lets the clerks work: a while before the fault, during it, and on until each of them was told again that something
   * was done, without anybody's help.
   * @param refusals types of problems that a step may be answered with
   * @param fault is given a function that waits until some more commands were acknowledged
   */
  async through(
    fault: (more: (commands: number) => Promise<void>) => Promise<void>,
    refusals?: readonly string[],
  ): Promise<void> {
    let atWork = true;
    let wrong: unknown;
    const clerks = Array.from(
      { length: this.clerks },
      (_, n) => new Clerk(CLERKS[n % CLERKS.length]!, this.counter(), this.random, () => atWork, refusals),
    );
    const working = Promise.all(clerks.map((clerk) => clerk.work())).catch((error: unknown) => {
      [wrong, atWork] = [error, false];
    });
    const until = async (condition: () => boolean, what: string): Promise<void> => {
      const begun = performance.now();
      while (!condition()) {
        if (wrong) throw wrong as Error;
        if (performance.now() - begun > PATIENCE_MS) throw new Error(`the clerks cannot go on: ${what}`);
        await sleep(BREATH_MS);
      }
    };
    const done = (clerk: Clerk): number => clerk.sent.filter(({ answer }) => answer).length;
    const all = (): number => clerks.reduce((sum, clerk) => sum + done(clerk), 0);
    try {
      const more = async (commands: number): Promise<void> => {
        const from = all();
        await until(() => all() >= from + commands, `${commands} more commands`);
      };
      await more(this.clerks * 3);
      await fault(more);
      const before = clerks.map(done);
      await until(() => clerks.every((clerk, n) => done(clerk) > before[n]! + 1), 'after the fault');
    } finally {
      atWork = false;
      await working;
      this.sent.push(...clerks.flatMap((clerk) => clerk.sent));
      this.again += clerks.reduce((sum, clerk) => sum + clerk.again, 0);
      this.refused += clerks.reduce((sum, clerk) => sum + clerk.refused, 0);
    }
    if (wrong) throw wrong as Error;
  }

  /** One of the counters that are open. */
  private counter(): { url(): Promise<string>; moved(): void } {
    return {
      url: async () => {
        for (;;) {
          const open = this.cluster.apis.flatMap(({ url }) => url ?? []);
          const url = open[Math.floor(this.random() * open.length)];
          if (url !== undefined) return url;
          await sleep(BREATH_MS);
        }
      },
      moved: () => undefined,
    };
  }
}
