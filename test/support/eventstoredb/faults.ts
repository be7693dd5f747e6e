import type { status } from '@grpc/grpc-js';

/** What a call wants of the server. */
export type Operation = 'append' | 'read' | 'subscribe' | 'gossip' | 'features';

export type Fault =
  /** Accepted, and never answered. */
  | { readonly kind: 'silent' }
  /** Answered so many milliseconds later; a subscription's messages each. */
  | { readonly kind: 'slow'; readonly ms: number }
  /** The connection is cut after so many messages of the answer. */
  | { readonly kind: 'drop'; readonly after: number }
  /** Answered with a status of gRPC (14 UNAVAILABLE, 8 RESOURCE_EXHAUSTED, …). */
  | { readonly kind: 'status'; readonly code: status; readonly details?: string }
  /** Refused with the trailers that name the leader. */
  | { readonly kind: 'not-leader'; readonly host: string; readonly port: number }
  /** Appends: refused as if the stream were at `current` (-1: as if there were none). */
  | { readonly kind: 'wrong-revision'; readonly current: number }
  /** Appends in batches: an error whose status has no details. The client breaks on it. */
  | { readonly kind: 'bare-status' }
  /** Appends: written, and then the connection is cut before the answer. */
  | { readonly kind: 'commit-then-drop' }
  /** Appends: written, and never answered. */
  | { readonly kind: 'commit-then-silent' }
  /** Appends: written, and answered with a timeout, as the server does when replication or the disk is slow. */
  | { readonly kind: 'commit-then-timeout' };

interface Active {
  readonly operations: readonly Operation[];
  readonly fault: Fault;
  left: number;
}

/** Faults on demand. Each concerns the calls that begin after it was set. */
export class Faults {
  private active: Active[] = [];
  /** How many calls have had a fault. */
  taken = 0;

  /** The newest fault for an operation counts. @param times for so many calls, then no more */
  set(operations: Operation | readonly Operation[], fault: Fault, times = Number.POSITIVE_INFINITY): void {
    const list = typeof operations === 'string' ? [operations] : operations;
    this.active.unshift({ operations: list, fault, left: times });
  }

  clear(operation?: Operation): void {
    this.active = operation ? this.active.filter(({ operations }) => !operations.includes(operation)) : [];
  }

  /** The fault for a call that begins now. */
  take(operation: Operation): Fault | undefined {
    const found = this.active.find(({ operations, left }) => left > 0 && operations.includes(operation));
    if (!found) return undefined;
    found.left -= 1;
    this.taken += 1;
    return found.fault;
  }
}
