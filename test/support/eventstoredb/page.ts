import { rpcErrors } from './errors.js';
import { type EventFilter, PAGE } from './filters.js';
import type { StoredEvent } from './event.js';
import type { StandInLog } from './log.js';
import type { Position } from './read-messages.js';

/** What one look into `$all` brings. */
export interface Page {
  readonly events: readonly StoredEvent[];
  /** How many events were looked at. */
  readonly considered: number;
  /** Where this page began. A checkpoint at the end of the log names it, not the end. */
  readonly from: Position;
  readonly next: Position;
  readonly isEnd: boolean;
}

/**
 * Events from a position on (inclusive), 32 at most, or as many as there are among so many that are looked at.
 * @throws an error of gRPC if no record begins there
 */
export function pageForwards(log: StandInLog, from: Position, filter: EventFilter | undefined): Page {
  checkPosition(log, from.commit);
  const window = filter?.window ?? PAGE;
  const events: StoredEvent[] = [];
  let considered = 0;
  let next = from;
  let index = log.indexOf(from.commit);
  while (events.length < PAGE && considered < window) {
    const event = log.at(index);
    if (!event) return { events, considered, from, next, isEnd: true };
    if (event.position > from.commit || event.position >= from.prepare) {
      considered += 1;
      if (filter?.allows(event) ?? true) events.push(event);
    }
    index += 1;
    next = { commit: event.end, prepare: 0 };
  }
  return { events, considered, from, next, isEnd: false };
}

/** Positions are offsets of records: anything in between is an error of the caller. */
export function checkPosition(log: StandInLog, commit: number): void {
  if (commit === 0 || commit > log.lastPosition) return;
  if (log.at(log.indexOf(commit))?.position !== commit) throw rpcErrors.invalidPosition();
}
