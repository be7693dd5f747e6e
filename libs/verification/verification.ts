import type { Finding } from '#libs/event-log/verify.js';

/** Instead of an engine, where not the log was verified but the trace of reads. */
export const READ_TRACE_ENGINE = 'read-trace';

/** Those that are kept of a verification; how many there were is kept too. */
export const FINDINGS_KEPT = 50;

/** The end of a log as it was at a verification. */
export interface NotedEnd {
  readonly events: bigint;
  /** Of its last event; 0 for an empty log. */
  readonly position: bigint;
  /** Of its last event; null for an empty log. */
  readonly hash: string | null;
}

/**
 * A finding as it is kept: where, and nothing of what stands there. `cut_off`: the event that was the last one at the
 * verification before (`position`) is gone, or there are fewer events than then.
 */
export interface NotedFinding {
  readonly kind: Finding['kind'] | 'cut_off';
  readonly position: number;
  readonly stream: string | null;
  readonly revision: number | null;
  readonly id: string | null;
  readonly type: string | null;
}

export interface VerificationRecord {
  readonly id: bigint;
  readonly engine: string;
  readonly startedAt: string;
  /** Null while it runs, and for ever when it was broken off. */
  readonly endedAt: string | null;
  readonly events: bigint | null;
  readonly streams: bigint | null;
  readonly position: bigint | null;
  /** How many there were; `findings` holds the first of them. */
  readonly findingsCount: number | null;
  readonly findings: readonly NotedFinding[];
}

/** Sees every event of a log and knows afterwards where it ends, and whether it still holds the end noted before. */
export class EndCheck {
  private events = 0n;
  private position = 0n;
  private hash: string | null = null;
  private found: boolean;

  constructor(private readonly before: NotedEnd | undefined) {
    this.found = before === undefined || before.hash === null;
  }

  see({ position, hash }: { readonly position: bigint; readonly hash: string }): void {
    this.events += 1n;
    this.position = position;
    this.hash = hash;
    if (position === this.before?.position && hash === this.before.hash) this.found = true;
  }

  get end(): NotedEnd {
    return { events: this.events, position: this.position, hash: this.hash };
  }

  get finding(): NotedFinding | undefined {
    if (!this.before || (this.found && this.events >= this.before.events)) return undefined;
    const position = Number(this.before.position);
    return { kind: 'cut_off', position, stream: null, revision: null, id: null, type: null };
  }
}

export function noted({ kind, position, stream, revision, id, type }: Finding): NotedFinding {
  return { kind, position: Number(position), stream, revision: Number(revision), id, type };
}
