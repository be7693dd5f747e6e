/** The last event of a stream, as far as this process has seen. */
export interface StreamEnd {
  readonly revision: bigint;
  readonly hash: string;
}

/**
 * Ends of the streams that were used last, to save a read before each append. It may be behind, but never wrong: an
 * event does not change.
 */
export class StreamEnds {
  private readonly ends = new Map<string, StreamEnd>();

  constructor(private readonly most = 10_000) {}

  get(stream: string): StreamEnd | undefined {
    return this.ends.get(stream);
  }

  set(stream: string, end: StreamEnd): void {
    if ((this.ends.get(stream)?.revision ?? -1n) > end.revision) return;
    this.ends.delete(stream);
    this.ends.set(stream, end);
    if (this.ends.size > this.most) this.forgetOldest();
  }

  /** Many at a time: finding the oldest of a map means passing over all that were deleted before it. */
  private forgetOldest(): void {
    for (const stream of this.ends.keys()) {
      if (this.ends.size <= this.most * 0.9) return;
      this.ends.delete(stream);
    }
  }
}
