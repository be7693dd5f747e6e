import { type sendUnaryData, type ServerReadableStream, status } from '@grpc/grpc-js';
import sharedPb from '@eventstore/db-client/generated/shared_pb.js';
import streamsPb from '@eventstore/db-client/generated/streams_pb.js';
import type { AppendReq, AppendResp } from '@eventstore/db-client/generated/streams_pb.js';
import type { Expected } from './check-commit.js';
import { authorize, type ServerContext } from './context.js';
import { rpcErrors } from './errors.js';
import type { ProposedEvent } from './event.js';
import { proposedOf } from './proposed.js';
import { streamNameOf } from './read-messages.js';
import { sizeOnDisk, write, type WriteResult } from './write.js';

type Call = ServerReadableStream<AppendReq, AppendResp>;
type Wrong = AppendResp.WrongExpectedVersion;

/** Streams.Append: the header, then the events one by one; one answer. */
export function appendService(
  context: ServerContext,
): (call: Call, callback: sendUnaryData<AppendResp>) => void {
  return (call, callback) => {
    void answer(context, call).then(
      (response) => {
        if (response) callback(null, response);
      },
      (error: unknown) => callback(error as Error),
    );
  };
}

async function answer(context: ServerContext, call: Call): Promise<AppendResp | undefined> {
  authorize(context, call.metadata);
  let options: AppendReq.Options | undefined;
  const events: ProposedEvent[] = [];
  let size = 0;
  for await (const message of call as AsyncIterable<AppendReq>) {
    options ??= message.getOptions();
    if (!message.hasProposedMessage()) continue;
    const event = proposedOf(message.getProposedMessage()!);
    size += sizeOnDisk(event);
    if (size > context.maxAppendSize) throw rpcErrors.appendTooLarge(context.maxAppendSize);
    events.push(event);
  }
  const expected = expectedOf(options!);
  const stream = streamNameOf(options!.getStreamIdentifier());
  const peer = call.getPeer();
  const result = await write(context, { stream, expected, events, peer, metadata: call.metadata });
  return responseTo(result, expected);
}

function responseTo(result: WriteResult, expected: Expected): AppendResp | undefined {
  if (result.kind === 'silence') return undefined;
  if (result.kind === 'written') return new streamsPb.AppendResp().setSuccess(successOf(result));
  if (result.kind === 'wrong-version')
    return new streamsPb.AppendResp().setWrongExpectedVersion(wrongOf(result.current, expected));
  throw result.kind === 'timeout'
    ? rpcErrors.timeout()
    : rpcErrors.status(status.UNKNOWN, 'Unexpected OperationResult');
}

function successOf({ revision, position }: { revision: number; position: number }): AppendResp.Success {
  const at = String(position);
  const success = new streamsPb.AppendResp.Success().setPosition(
    new streamsPb.AppendResp.Position().setCommitPosition(at).setPreparePosition(at),
  );
  return revision < 0
    ? success.setNoStream(new sharedPb.Empty())
    : success.setCurrentRevision(String(revision));
}

function wrongOf(current: number, expected: Expected): Wrong {
  const wrong = new streamsPb.AppendResp.WrongExpectedVersion();
  const empty = new sharedPb.Empty();
  if (current < 0) wrong.setCurrentNoStream(empty);
  else wrong.setCurrentRevision(String(current));
  if (expected === 'any') return wrong.setExpectedAny(empty);
  if (expected === 'no_stream') return wrong.setExpectedNoStream(empty);
  if (expected === 'stream_exists') return wrong.setExpectedStreamExists(empty);
  return wrong.setExpectedRevision(String(expected));
}

function expectedOf(options: AppendReq.Options): Expected {
  if (options.hasRevision()) return Number(options.getRevision());
  if (options.hasNoStream()) return 'no_stream';
  return options.hasStreamExists() ? 'stream_exists' : 'any';
}
