/** How long the engine waits for a server, in milliseconds. */
export interface EventStoreDbLimits {
  /** For the answer to one try of an append; after it the outcome is unknown. */
  readonly attemptMs: number;
  /** For the next event of a read. */
  readonly readSilenceMs: number;
  /** How long an operation is tried again before it ends in `LogUnavailable`. */
  readonly retryMs: number;
  /** Wait before the second try; it doubles up to `longestBackoffMs`, and half of it is by chance. */
  readonly backoffMs: number;
  readonly longestBackoffMs: number;
  /** A subscription that got nothing for so long asks whether it has seen the whole log. */
  readonly quietMs: number;
  /** The same for one that had: how long a connection can be dead before it is noticed. */
  readonly watchMs: number;
  /** A subscription that lacks events and gets none for so long is made anew. */
  readonly stalledMs: number;
}

export const EVENTSTOREDB_LIMITS: EventStoreDbLimits = {
  attemptMs: 4_000,
  readSilenceMs: 5_000,
  retryMs: 10_000,
  backoffMs: 50,
  longestBackoffMs: 2_000,
  quietMs: 20,
  watchMs: 5_000,
  stalledMs: 2_000,
};

/** Wait before try `n + 1`, where the first is 1. */
export function backoff(n: number, limits: EventStoreDbLimits): number {
  const whole = Math.min(limits.backoffMs * 2 ** (n - 1), limits.longestBackoffMs);
  return whole * (0.5 + Math.random() / 2);
}
