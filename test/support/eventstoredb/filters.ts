import type { ReadReq } from '@eventstore/db-client/generated/streams_pb.js';
import { rpcErrors } from './errors.js';
import type { StoredEvent } from './event.js';

export interface EventFilter {
  allows(event: StoredEvent): boolean;
  /** So many events are looked at for one page; a page is 32 events where the client does not say. */
  readonly window: number;
  /** Events between two checkpoints. */
  readonly checkpointInterval: number;
}

export const PAGE = 32;

/** By prefixes, or by a regular expression, which wins; on the type or the stream's name. */
export function filterOf(options: ReadReq.Options): EventFilter | undefined {
  const filter = options.getFilter();
  if (!filter) return undefined;
  const onStream = filter.getStreamIdentifier();
  const expression = onStream ?? filter.getEventType();
  if (!expression || filter.getCheckpointintervalmultiplier() === 0) throw rpcErrors.invalidCombination();
  const nameOf = (event: StoredEvent): string => (onStream ? event.stream : event.type);
  const window = filter.hasMax() ? filter.getMax() : PAGE;
  const checkpointInterval = window * filter.getCheckpointintervalmultiplier();
  if (expression.getRegex() !== '') {
    const pattern = new RegExp(expression.getRegex());
    return { allows: (event) => pattern.test(nameOf(event)), window, checkpointInterval };
  }
  const prefixes = expression.getPrefixList();
  return {
    allows: (event) => prefixes.some((prefix) => nameOf(event).startsWith(prefix)),
    window,
    checkpointInterval,
  };
}
