import type { Pool } from 'pg';
import { type LogEngine, LogUnavailable } from '#libs/event-log/event-log.js';
import { Problem } from '#libs/problem/problem.js';
import { type Checkpoint, readCheckpoint } from '#libs/projection/checkpoints.js';
import type { LiveUpdates } from './live-updates.js';

export interface AwaitPositionParts {
  readonly pool: Pool;
  readonly log: Pick<LogEngine, 'head' | 'engine'>;
  readonly live: LiveUpdates;
  /** The longest wait, in milliseconds. */
  readonly limitMs: number;
}

/** A message may get lost: so often we look in any case. */
const LOOK_AGAIN_MS = 250;
/** A replica of the log may learn of its end a moment later. */
const HEAD_MS = 1_000;

/**
 * Lets a read begin when its read model holds what the reader knows of, whichever process wrote it and whichever
 * projects it.
 */
export class AwaitPosition {
  constructor(private readonly parts: AwaitPositionParts) {}

  /**
   * Resolves at once without `atLeast`, otherwise when the read model has reached that position of the log.
   * @throws Problem `read-model-behind` after the limit, when the read model has stopped, or when `signal` aborts;
   * `position-unknown` for a position that the log has not reached
   */
  async reached(projection: string, atLeast: number | undefined, signal: AbortSignal): Promise<void> {
    if (atLeast === undefined) return;
    const position = BigInt(atLeast);
    const begun = performance.now();
    const elapsed = (): number => performance.now() - begun;
    const bell = new Bell(this.parts.live, projection, signal);
    try {
      let known = false;
      for (;;) {
        const state = await this.stateOf(projection);
        if (state && state.position >= position) return;
        known ||= await this.isInLog(position);
        if (!known && elapsed() >= Math.min(HEAD_MS, this.parts.limitMs)) {
          throw new Problem('position-unknown', { atLeast }, [
            { pointer: 'query:atLeast', rule: 'position-unknown' },
          ]);
        }
        if (signal.aborted || state?.status === 'stopped' || elapsed() >= this.parts.limitMs) {
          throw behind(projection, atLeast, state);
        }
        await bell.rung(Math.min(LOOK_AGAIN_MS, this.parts.limitMs - elapsed()));
      }
    } finally {
      bell.remove();
    }
  }

  /** Undefined if there are no tables, or if they were made from a log whose positions are others. */
  private async stateOf(projection: string): Promise<Checkpoint | undefined> {
    const found = await readCheckpoint(this.parts.pool, projection);
    return found?.engine === this.parts.log.engine ? found : undefined;
  }

  /** A log that cannot be asked may hold it. */
  private async isInLog(position: bigint): Promise<boolean> {
    try {
      return (await this.parts.log.head()) >= position;
    } catch (error) {
      if (error instanceof LogUnavailable) return true;
      throw error;
    }
  }
}

/** Rings when the read model moves or the reader goes away; also if that was while nobody waited. */
class Bell {
  private rang = false;
  private wake: (() => void) | undefined;
  private readonly unsubscribe: () => void;

  constructor(
    live: LiveUpdates,
    projection: string,
    private readonly signal: AbortSignal,
  ) {
    this.unsubscribe = live.subscribe((moved) => {
      if (moved.projection === projection) this.ring();
    });
    signal.addEventListener('abort', this.ring);
  }

  async rung(limitMs: number): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    if (!this.rang && !this.signal.aborted) {
      await new Promise<void>((resolve) => {
        this.wake = resolve;
        timer = setTimeout(resolve, limitMs);
      });
    }
    clearTimeout(timer);
    this.rang = false;
  }

  remove(): void {
    this.unsubscribe();
    this.signal.removeEventListener('abort', this.ring);
  }

  private readonly ring = (): void => {
    this.rang = true;
    this.wake?.();
  };
}

function behind(projection: string, atLeast: number, state: Checkpoint | undefined): Problem {
  return new Problem('read-model-behind', {
    projection,
    atLeast,
    position: Number(state?.position ?? 0),
    state: state?.status ?? 'rebuilding',
  });
}
