import sharedPb from '@eventstore/db-client/generated/shared_pb.js';
import streamsPb from '@eventstore/db-client/generated/streams_pb.js';
import type { ReadResp } from '@eventstore/db-client/generated/streams_pb.js';
import type { StoredEvent } from './event.js';

/** A place in `$all`: two numbers, compared in this order. */
export interface Position {
  readonly commit: number;
  readonly prepare: number;
}

export const isAfter = (a: Position, b: Position): boolean =>
  a.commit === b.commit ? a.prepare > b.prepare : a.commit > b.commit;

export const positionOf = ({ position }: StoredEvent): Position => ({ commit: position, prepare: position });

export function streamIdentifier(name: string): sharedPb.StreamIdentifier {
  return new sharedPb.StreamIdentifier().setStreamName(Buffer.from(name).toString('base64'));
}

export function streamNameOf(identifier: sharedPb.StreamIdentifier | undefined): string {
  return Buffer.from(identifier?.getStreamName_asU8() ?? []).toString('utf8');
}

export const readMessages = {
  /** Events have their positions in reads of streams too, as from servers that know them to be committed at once. */
  event: (stored: StoredEvent): ReadResp => {
    const position = String(stored.position);
    const recorded = new streamsPb.ReadResp.ReadEvent.RecordedEvent()
      .setId(new sharedPb.UUID().setString(stored.id))
      .setStreamIdentifier(streamIdentifier(stored.stream))
      .setStreamRevision(String(stored.revision))
      .setCommitPosition(position)
      .setPreparePosition(position)
      .setData(stored.data)
      .setCustomMetadata(stored.metadata);
    recorded
      .getMetadataMap()
      .set('type', stored.type)
      .set('created', String(stored.created))
      .set('content-type', stored.isJson ? 'application/json' : 'application/octet-stream');
    return new streamsPb.ReadResp().setEvent(
      new streamsPb.ReadResp.ReadEvent().setEvent(recorded).setCommitPosition(position),
    );
  },
  confirmation: (id: string): ReadResp =>
    new streamsPb.ReadResp().setConfirmation(
      new streamsPb.ReadResp.SubscriptionConfirmation().setSubscriptionId(id),
    ),
  checkpoint: ({ commit, prepare }: Position): ReadResp =>
    new streamsPb.ReadResp().setCheckpoint(
      new streamsPb.ReadResp.Checkpoint()
        .setCommitPosition(String(commit))
        .setPreparePosition(String(prepare)),
    ),
  caughtUp: (): ReadResp => new streamsPb.ReadResp().setCaughtUp(new streamsPb.ReadResp.CaughtUp()),
  streamNotFound: (name: string): ReadResp =>
    new streamsPb.ReadResp().setStreamNotFound(
      new streamsPb.ReadResp.StreamNotFound().setStreamIdentifier(streamIdentifier(name)),
    ),
};
