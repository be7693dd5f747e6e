import type { Clock } from '../clock.js';
import { LogUnavailable } from '../event-log.js';

/** What recordedAt may be off, and what the server still takes as in time. */
export const MOST_SKEW_MS = 5_000;
/** The clock was set, not slewed. */
const JUMP_MS = 1_000;

/**
 * The clock that stamps `recordedAt`. It is compared with the server's before the first append, and again when it has
 * jumped against the time that passes in this process: events must not be stamped by a clock that is off, and the
 * server would take appends for too late.
 */
export class WriterClock {
  /** How far it was from the process's own time when it was last found right. */
  private right: number | undefined;
  private comparing: Promise<void> | undefined;

  /** @param skewMs how far it is from the server's, at least; 0 where that cannot be known */
  constructor(
    private readonly clock: Clock,
    private readonly skewMs: () => Promise<number>,
  ) {}

  now(): number {
    return this.clock.now();
  }

  /** @throws LogUnavailable while it is off */
  async requireRight(): Promise<void> {
    if (this.right !== undefined && Math.abs(this.offset() - this.right) <= JUMP_MS) return;
    this.comparing ??= this.compare().finally(() => (this.comparing = undefined));
    await this.comparing;
  }

  private async compare(): Promise<void> {
    const offset = this.offset();
    const skew = await this.skewMs();
    if (skew > MOST_SKEW_MS) {
      throw new LogUnavailable(
        new Error(`the clock of this machine is ${Math.round(skew / 1_000)} s off that of the event store`),
      );
    }
    this.right = offset;
  }

  private offset(): number {
    return this.clock.now() - performance.now();
  }
}
