/** A read model holds everything up to this position now. */
export interface ProjectionMoved {
  readonly projection: string;
  readonly position: bigint;
}

/**
 * Tells all processes that a read model has moved. A message may get lost: that costs time, never an event, because
 * whoever waits looks again after a limit of his own.
 */
export interface LiveUpdates {
  /** Never throws and waits for nothing. */
  publish(moved: ProjectionMoved): void;
  /** @returns ends the subscription */
  subscribe(listener: (moved: ProjectionMoved) => void): () => void;
  close(): Promise<void>;
}

export const LIVE_UPDATES = Symbol('LiveUpdates');
