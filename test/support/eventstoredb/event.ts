/** An event as the client states it. */
export interface ProposedEvent {
  readonly id: string;
  readonly type: string;
  readonly isJson: boolean;
  readonly data: Uint8Array;
  readonly metadata: Uint8Array;
}

/** An event as the server holds it. */
export interface StoredEvent extends ProposedEvent {
  readonly stream: string;
  readonly revision: number;
  /** Commit and prepare position, which are one for events that are written in one go, as all are over gRPC. */
  readonly position: number;
  /** Where its record ends, and the next one begins. */
  readonly end: number;
  /** Ticks of 100 ns since 1970. */
  readonly created: bigint;
}
