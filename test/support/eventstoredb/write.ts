import type { Metadata } from '@grpc/grpc-js';
import type { ServerContext } from './context.js';
import { rpcErrors } from './errors.js';
import type { Fault } from './faults.js';
import type { Expected } from './check-commit.js';
import type { ProposedEvent } from './event.js';
import type { AppendOutcome } from './log.js';

/** What an append comes to, once faults have had their say. */
export type WriteResult =
  | Exclude<AppendOutcome, { kind: 'not-ready' }>
  | { readonly kind: 'timeout' }
  | { readonly kind: 'bare-status' }
  /** Nothing is ever said. */
  | { readonly kind: 'silence' };

export interface WriteRequest {
  readonly stream: string;
  readonly expected: Expected;
  readonly events: readonly ProposedEvent[];
  readonly peer: string;
  readonly metadata: Metadata;
}

/** One append by whichever method. @throws an error of gRPC, which ends the whole call */
export async function write(context: ServerContext, request: WriteRequest): Promise<WriteResult> {
  const fault = context.faults.take('append');
  refuse(fault);
  const leader = context.leaderElsewhere();
  // A follower passes appends on, unless the client wants to be told.
  if (leader && request.metadata.get('requires-leader')[0] === 'true')
    throw rpcErrors.notLeader(leader.host, leader.port);
  if (fault?.kind === 'silent') return { kind: 'silence' };
  if (fault?.kind === 'bare-status') return { kind: 'bare-status' };
  if (fault?.kind === 'wrong-revision') return { kind: 'wrong-version', current: fault.current };
  if (fault?.kind === 'drop') return cut(context, request);
  if (fault?.kind === 'slow') await new Promise<void>((resolve) => context.later(fault.ms, resolve));
  const outcome = await context.log.append(request.stream, request.expected, request.events, context.clock);
  if (fault?.kind === 'commit-then-silent') return { kind: 'silence' };
  if (fault?.kind === 'commit-then-timeout') return { kind: 'timeout' };
  if (fault?.kind === 'commit-then-drop') return cut(context, request);
  if (outcome.kind !== 'not-ready') return outcome;
  await new Promise<void>((resolve) => context.later(context.writeTimeoutMs, resolve));
  return { kind: 'timeout' };
}

/** As the server counts it for its limit. */
export function sizeOnDisk({ type, data, metadata }: ProposedEvent): number {
  return data.length + metadata.length + type.length * 2;
}

function refuse(fault: Fault | undefined): void {
  if (fault?.kind === 'status') throw rpcErrors.status(fault.code, fault.details ?? 'fault on demand');
  if (fault?.kind === 'not-leader') throw rpcErrors.notLeader(fault.host, fault.port);
}

function cut(context: ServerContext, { peer }: WriteRequest): WriteResult {
  context.cut(peer);
  return { kind: 'silence' };
}
