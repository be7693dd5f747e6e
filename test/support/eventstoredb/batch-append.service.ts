import type { ServerDuplexStream } from '@grpc/grpc-js';
import streamsPb from '@eventstore/db-client/generated/streams_pb.js';
import sharedPb from '@eventstore/db-client/generated/shared_pb.js';
import type { BatchAppendReq, BatchAppendResp } from '@eventstore/db-client/generated/streams_pb.js';
import type { Status } from '@eventstore/db-client/generated/status_pb.js';
import { batchStatus } from './batch-status.js';
import type { Expected } from './check-commit.js';
import { authorize, type ServerContext } from './context.js';
import type { ProposedEvent } from './event.js';
import { proposedOf } from './proposed.js';
import { streamIdentifier, streamNameOf } from './read-messages.js';
import { sizeOnDisk, write, type WriteResult } from './write.js';

type Call = ServerDuplexStream<BatchAppendReq, BatchAppendResp>;

interface Pending {
  readonly stream: string;
  readonly expected: Expected;
  readonly events: ProposedEvent[];
  size: number;
}

/** Streams.BatchAppend: one call for all appends of a client, told apart by their correlation ids. */
export function batchAppendService(context: ServerContext): (call: Call) => void {
  return (call) => {
    const pending = new Map<string, Pending>();
    let open = 0;
    let ending = false;
    const fail = (error: unknown): void => void call.emit('error', error);
    const endWhenAnswered = (): void => {
      if (ending && open === 0) call.end();
    };
    call.on('data', (request: BatchAppendReq) => {
      const correlation = request.getCorrelationId()!;
      const reply = (response: BatchAppendResp, stream: string): void => {
        if (call.cancelled || call.destroyed || call.writableEnded) return;
        call.write(response.setCorrelationId(correlation).setStreamIdentifier(streamIdentifier(stream)));
      };
      const complete = receive(context, call, pending, request, reply);
      if (!complete) return;
      open += 1;
      const { stream, expected, events } = complete;
      const peer = call.getPeer();
      void write(context, { stream, expected, events, peer, metadata: call.metadata })
        .then((result) => {
          open -= 1;
          if (result.kind !== 'silence') reply(responseTo(result, expected), stream);
          endWhenAnswered();
        })
        .catch(fail);
    });
    call.on('end', () => {
      ending = true;
      endWhenAnswered();
    });
    call.on('cancelled', () => pending.clear());
  };
}

/** @returns the append, when its last message has come */
function receive(
  context: ServerContext,
  call: Call,
  pending: Map<string, Pending>,
  request: BatchAppendReq,
  reply: (response: BatchAppendResp, stream: string) => void,
): Pending | undefined {
  const key = request.getCorrelationId()!.getString();
  const options = request.getOptions();
  const stream = streamNameOf(options?.getStreamIdentifier()) || (pending.get(key)?.stream ?? '');
  const refuse = (status: Status): void => {
    pending.delete(key);
    reply(new streamsPb.BatchAppendResp().setError(status), stream);
  };
  if (options && !pending.has(key)) {
    try {
      authorize(context, call.metadata);
    } catch {
      refuse(batchStatus.accessDenied());
      return undefined;
    }
    const timeout = timeoutOf(context, options);
    if (timeout <= 0) {
      refuse(batchStatus.timeout());
      return undefined;
    }
    const begun = { stream, expected: expectedOf(options), events: [], size: 0 };
    pending.set(key, begun);
    context.later(timeout, () => {
      // Until its last message has come the client's deadline counts; after it the server's own.
      if (pending.get(key) === begun) refuse(batchStatus.timeout());
    });
  }
  const append = pending.get(key);
  if (!append) return undefined;
  try {
    for (const message of request.getProposedMessagesList()) {
      const event = proposedOf(message);
      append.events.push(event);
      append.size += sizeOnDisk(event);
    }
  } catch (error) {
    refuse(batchStatus.badRequest((error as Error).message));
  }
  if (append.size > context.maxAppendSize) refuse(batchStatus.tooLarge(context.maxAppendSize));
  if (!request.getIsFinal() || !pending.has(key)) return undefined;
  pending.delete(key);
  return append;
}

/** By the server's clock: a client whose clock is behind by more than its deadline gets nothing but timeouts. */
function timeoutOf({ clock, writeTimeoutMs }: ServerContext, options: BatchAppendReq.Options): number {
  const deadline = options.getDeadline();
  if (!deadline) return writeTimeoutMs;
  const at = deadline.getSeconds() * 1_000 + deadline.getNanos() / 1_000_000;
  return Math.min(at - clock.now(), writeTimeoutMs);
}

function responseTo(result: WriteResult, expected: Expected): BatchAppendResp {
  const response = new streamsPb.BatchAppendResp();
  switch (result.kind) {
    case 'written': {
      const at = String(result.position);
      const success = new streamsPb.BatchAppendResp.Success()
        .setCurrentRevision(String(result.revision))
        .setPosition(new sharedPb.AllStreamPosition().setCommitPosition(at).setPreparePosition(at));
      return response.setSuccess(success);
    }
    case 'wrong-version':
      return response.setError(batchStatus.wrongExpectedVersion(result.current, expected));
    case 'timeout':
      return response.setError(batchStatus.timeout());
    default:
      return response.setError(batchStatus.bare());
  }
}

function expectedOf(options: BatchAppendReq.Options): Expected {
  if (options.hasStreamPosition()) return Number(options.getStreamPosition());
  if (options.hasNoStream()) return 'no_stream';
  return options.hasStreamExists() ? 'stream_exists' : 'any';
}
