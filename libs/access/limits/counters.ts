/** How often something may happen from one source: `points` times in `seconds`, counted from the first time. */
export interface Limit {
  /** Stands in the names of keys and in the headers of a refusal. */
  readonly name: string;
  readonly points: number;
  readonly seconds: number;
}

export interface Count {
  /** Points in the present stretch of time. */
  readonly used: number;
  /** Until it ends and counting begins anew. */
  readonly msLeft: number;
}

/**
 * Counts by key, together with all instances. None of its promises rejects: while the store is away, each process
 * counts for itself. A store is given a digest of the key.
 */
export interface Counter {
  /** Adds points (also below zero), and tells what it is then. */
  add(key: string, points?: number): Promise<Count>;
  clear(key: string): Promise<void>;
}

export interface Counters {
  counter(limit: Limit): Counter;
  close(): void;
}
