import type { SealedPart } from '#libs/personal-data/sealed.js';
import type { JsonObject } from './json.js';

/** What an append expects of its stream. State `any` only where order does not matter: engines guard it least. */
export type ExpectedRevision = bigint | 'no_stream' | 'any';

/** Who did it, on whose behalf and in answer to what. */
export interface EventMetadata {
  /** Account that gave the command; never a name. */
  readonly actor: string;
  /** Account whose right the actor used, where it was lent. */
  readonly onBehalfOf?: string;
  /** The request or run that this event belongs to. */
  readonly correlationId: string;
  /** What directly caused it: a command id, or the id of an event. */
  readonly causationId: string;
  /** The idempotency key of the command, where there was one. */
  readonly commandId?: string;
  /**
   * SHA-256 of the command's content, to tell a repeat from a key used twice. Absent where the content is about a
   * person, who could be guessed from it: then it is sealed with the personal fields.
   */
  readonly commandHash?: string;
  /** For imported events: where the line was. */
  readonly source?: { readonly file: string; readonly row: number };
  /** W3C Trace Context of what wrote it, only where tracing is on: so that what is made of it can be linked to it. */
  readonly traceparent?: string;
}

/** Fields about persons, each part encrypted under that person's key, so that it can be forgotten while the event stays. */
export interface SealedPersonal {
  readonly sealed: readonly SealedPart[];
}

/** The same in clear, as releases before sealing wrote it. */
export interface PersonalData {
  /** Opaque id of the data subject. */
  readonly subject: string;
  readonly fields: JsonObject;
}

/** What an event says of persons, kept apart from the rest. Reports never need it. */
export type Personal = SealedPersonal | PersonalData;

/** An event as its writer states it. */
export interface NewEvent<T extends string = string, D = JsonObject> {
  /** UUID; the same id appended twice is one event. */
  readonly id: string;
  readonly type: T;
  /** Version of the shape of `data`; older ones are upcast on reading. */
  readonly schemaVersion: number;
  readonly data: D;
  readonly personal?: Personal;
  /** When it happened, as claimed: ISO 8601 in UTC with milliseconds. */
  readonly occurredAt: string;
  readonly metadata: EventMetadata;
}

/** An event as the log holds it. */
export interface RecordedEvent<T extends string = string, D = JsonObject> extends NewEvent<T, D> {
  readonly stream: string;
  /** Place in its stream, from 0. */
  readonly revision: bigint;
  /** Place in the whole log; it grows in the order of commits, and engines may leave numbers out. */
  readonly position: bigint;
  /**
   * When the store took it: ISO 8601 in UTC with milliseconds. By the clock of PostgreSQL, or, with EventStoreDB, by
   * that of the writer, which is compared with the server's.
   */
  readonly recordedAt: string;
  /** Hash of the event before it in its stream; 64 zeros for the first. */
  readonly previousHash: string;
  /** See `linkHash`. */
  readonly hash: string;
}

export interface AppendResult {
  /** Revision of the last event of this append. */
  readonly revision: bigint;
  /** Position of the last event of this append. */
  readonly position: bigint;
  /** True if the log held these very events already. */
  readonly repeated: boolean;
  readonly recordedAt: string;
}

/** One append among several. */
export interface Append {
  readonly stream: string;
  readonly expected: ExpectedRevision;
  readonly events: readonly NewEvent[];
}

/** How far appends in turn came. */
export interface InTurn {
  /** One for each append that was done, from the first on. */
  readonly done: readonly AppendResult[];
  /** Why the next one was not; undefined if all were done. */
  readonly refused: WrongExpectedRevision | undefined;
}

export interface ReadStreamOptions {
  /** First revision to read (inclusive). Default: the first, or the last when reading back. */
  readonly from?: bigint;
  readonly direction?: 'forwards' | 'backwards';
  /** At most so many events. */
  readonly limit?: number;
}

export interface ReadAllOptions {
  /** Events after this position (exclusive). Default: from the beginning. */
  readonly from?: bigint;
  /** Events up to this position (inclusive). Default: what is in the log when the read begins. */
  readonly until?: bigint;
  /** Only streams of these categories (the part of the name before the first `-`). */
  readonly categories?: readonly string[];
}

export interface SubscribeOptions {
  /** Events after this position (exclusive): a stored checkpoint. Default: from the beginning. */
  readonly from?: bigint;
  readonly categories?: readonly string[];
  /** Ends the subscription. */
  readonly signal: AbortSignal;
}

/** What a subscription yields: events in order, and how far it has looked. */
export interface Batch {
  readonly events: readonly RecordedEvent[];
  /** Everything up to here has been seen: the checkpoint to store with the result of these events. */
  readonly position: bigint;
  /** True when the log held nothing further at that moment. */
  readonly caughtUp: boolean;
}

/**
 * The append-only log. Every engine passes `testing/event-log.contract.ts`; nothing else is promised.
 *
 * Streams are named `category-id`; see `streamName`.
 */
export interface EventLog {
  /**
   * Appends all events or none.
   * @throws WrongExpectedRevision if the stream is elsewhere (unless it holds exactly these events already)
   * @throws LogUnavailable if the engine cannot be reached; the outcome is unknown: retry with the same ids
   */
  append(stream: string, expected: ExpectedRevision, events: readonly NewEvent[]): Promise<AppendResult>;
  /**
   * Appends in the order given, each as `append` would, and stops at the first that is refused; the ones before it
   * stay. An engine that knows no faster way uses `appendOneByOne`.
   * @throws LogUnavailable with an unknown outcome for each of them: retry with the same ids
   */
  appendInTurn(appends: readonly Append[]): Promise<InTurn>;
  /** Yields nothing for a stream that does not exist. */
  readStream(stream: string, options?: ReadStreamOptions): AsyncIterable<RecordedEvent>;
  readAll(options?: ReadAllOptions): AsyncIterable<RecordedEvent>;
  /** Never ends by itself: it comes back after a lost connection, from where it was. */
  subscribeAll(options: SubscribeOptions): AsyncIterable<Batch>;
  /** Position of the last event; 0 for an empty log. */
  head(): Promise<bigint>;
  /** The stream in which the event with this id stands; undefined if it stands in none. */
  streamOf(id: string): Promise<string | undefined>;
}

/** An engine behind the port, with what verify, migrate, backup and restore need of it. */
export interface LogEngine extends EventLog {
  readonly engine: 'postgresql' | 'eventstoredb';
  /** Whether positions have no gaps, so that a missing one is a finding. */
  readonly contiguous: boolean;
  /**
   * Writes events as another log recorded them onto the end of this log, in the order given: ids, times and hashes
   * stay, positions are given anew. One writer at a time.
   * @throws RangeError if an event does not follow the one before it in its stream; nothing after it is written
   * @throws LogUnavailable if it is not known how far it came: look at the end of this log and go on from there
   */
  restore(events: readonly RecordedEvent[]): Promise<void>;
  /** @throws LogUnavailable if appends cannot be done now, and why */
  requireWritable(): Promise<void>;
  /** Lets go of connections of its own. A pool that was given to it stays its owner's. */
  close(): Promise<void>;
}

export const EVENT_LOG = Symbol('EventLog');
/** Which engine that log is: `LogEngine['engine']`. */
export const LOG_ENGINE = Symbol('LogEngine');

export class WrongExpectedRevision extends Error {
  constructor(
    readonly stream: string,
    readonly expected: ExpectedRevision,
    /** Revision of the last event; undefined if there is no such stream. */
    readonly actual: bigint | undefined,
  ) {
    super(`stream ${stream} is at ${actual ?? 'no_stream'}, expected ${expected}`);
    this.name = 'WrongExpectedRevision';
  }
}

/** `appendInTurn` by as many appends. */
export async function appendOneByOne(
  log: Pick<EventLog, 'append'>,
  appends: readonly Append[],
): Promise<InTurn> {
  const done: AppendResult[] = [];
  for (const { stream, expected, events } of appends) {
    try {
      done.push(await log.append(stream, expected, events));
    } catch (error) {
      if (error instanceof WrongExpectedRevision) return { done, refused: error };
      throw error;
    }
  }
  return { done, refused: undefined };
}

export class LogUnavailable extends Error {
  constructor(cause: unknown) {
    super(`event log unavailable: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
    this.name = 'LogUnavailable';
  }
}

/**
 * `category-id` with every character outside `A-Z a-z 0-9 . _ ~` and `-` percent-encoded (UTF-8), so that a code
 * from anywhere makes a name that every engine takes. The same code composed or decomposed (NFC) is one stream.
 */
export function streamName(category: string, id: string): string {
  return `${category}-${encodeURIComponent(id.normalize('NFC')).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`)}`;
}

/** The id that a stream was named by: what `streamName` was given, composed (NFC). */
export function idOf(stream: string): string {
  const id = stream.slice(categoryOf(stream).length + 1);
  try {
    return id.includes('%') ? decodeURIComponent(id) : id;
  } catch {
    // Named by another program.
    return id;
  }
}

/** The part of a stream's name before the first `-`. */
export function categoryOf(stream: string): string {
  const dash = stream.indexOf('-');
  return dash < 0 ? stream : stream.slice(0, dash);
}
