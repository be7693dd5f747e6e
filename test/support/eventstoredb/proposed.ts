import type { AppendReq, BatchAppendReq } from '@eventstore/db-client/generated/streams_pb.js';
import { rpcErrors } from './errors.js';
import type { ProposedEvent } from './event.js';

type Message = AppendReq.ProposedMessage | BatchAppendReq.ProposedMessage;

/** @throws an error of gRPC if type or content type are missing */
export function proposedOf(message: Message): ProposedEvent {
  const metadata = message.getMetadataMap();
  const type = metadata.get('type');
  const contentType = metadata.get('content-type');
  if (type === undefined) throw rpcErrors.missingMetadata('type');
  if (contentType === undefined) throw rpcErrors.missingMetadata('content-type');
  return {
    id: message.getId()!.getString().toLowerCase(),
    type,
    isJson: contentType === 'application/json',
    data: message.getData_asU8(),
    metadata: message.getCustomMetadata_asU8(),
  };
}
