import sharedPb from '@eventstore/db-client/generated/shared_pb.js';
import codePb from '@eventstore/db-client/generated/code_pb.js';
import type { Code } from '@eventstore/db-client/generated/code_pb.js';
import statusPb from '@eventstore/db-client/generated/status_pb.js';
import anyPb from 'google-protobuf/google/protobuf/any_pb.js';
import emptyPb from 'google-protobuf/google/protobuf/empty_pb.js';
import type { Message } from 'google-protobuf';
import type { Expected } from './check-commit.js';

/** Errors of batch appends: a google.rpc.Status each, whose details name the error by type. */
export const batchStatus = {
  wrongExpectedVersion: (current: number, expected: Expected) =>
    statusOf(codePb.Code.ALREADY_EXISTS, 'WrongExpectedVersion', wrongExpectedVersion(current, expected)),
  accessDenied: () => statusOf(codePb.Code.PERMISSION_DENIED, 'AccessDenied', new sharedPb.AccessDenied()),
  timeout: () => statusOf(codePb.Code.DEADLINE_EXCEEDED, 'Timeout', new sharedPb.Timeout()),
  tooLarge: (limit: number) =>
    statusOf(
      codePb.Code.INVALID_ARGUMENT,
      'MaximumAppendSizeExceeded',
      new sharedPb.MaximumAppendSizeExceeded().setMaxappendsize(limit),
    ),
  badRequest: (message: string) =>
    statusOf(codePb.Code.INVALID_ARGUMENT, 'BadRequest', new sharedPb.BadRequest().setMessage(message)),
  /** What no server of today sends: a status that does not say what it is. */
  bare: () => new statusPb.Status().setCode(codePb.Code.UNKNOWN).setMessage('Unknown'),
};

function statusOf(code: Code, name: string, details: Message): statusPb.Status {
  const any = new anyPb.Any();
  any.pack(details.serializeBinary(), `event_store.client.${name}`);
  return new statusPb.Status().setCode(code).setMessage(name).setDetails(any);
}

function wrongExpectedVersion(current: number, expected: Expected): sharedPb.WrongExpectedVersion {
  const wrong = new sharedPb.WrongExpectedVersion();
  const empty = new emptyPb.Empty();
  if (current < 0) wrong.setCurrentNoStream(empty);
  else wrong.setCurrentStreamRevision(String(current));
  if (expected === 'any') return wrong.setExpectedAny(empty);
  if (expected === 'no_stream') return wrong.setExpectedNoStream(empty);
  if (expected === 'stream_exists') return wrong.setExpectedStreamExists(empty);
  return wrong.setExpectedStreamPosition(String(expected));
}
