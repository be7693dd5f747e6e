import { v5 as uuidV5 } from 'uuid';
import { type Clock, isoNow } from '#libs/event-log/clock.js';
import {
  type AppendResult,
  type EventLog,
  type EventMetadata,
  type RecordedEvent,
  WrongExpectedRevision,
} from '#libs/event-log/event-log.js';
import { canonicalJson, sha256 } from '#libs/event-log/hash.js';
import type { Json, JsonObject } from '#libs/event-log/json.js';
import { Problem } from '#libs/problem/problem.js';
import { decidePublish, type PublishCommand } from './publish.js';
import {
  evolveReference,
  initialReference,
  REFERENCE_STREAMS,
  type ReferenceFact,
  referenceData,
  type ReferenceState,
} from './reference.js';
import { REFERENCE_CATEGORY, type ReferenceData } from './reference.events.js';

/** Who publishes, and in answer to what. */
export interface PublishContext {
  readonly actor: string;
  /** Account that lent the grant which the actor used, where it was lent. */
  readonly onBehalfOf?: string;
  readonly correlationId: string;
  readonly causationId: string;
  /** The actor's idempotency key: the same key with the same content is one publication. */
  readonly key?: string;
}

export interface Publication {
  /** Number of the version that holds the content. */
  readonly version: number;
  /** `unchanged`: it was in force already. `repeated`: this key published it before. */
  readonly outcome: 'published' | 'unchanged' | 'repeated';
}

/** Namespace of the ids of reference events (UUID version 5). */
const EVENT_NAMESPACE = '6f0b7a52-4c55-5d0e-9a53-0e2d3c1b7f10';
const MAX_ATTEMPTS = 20;
const SCHEMA_VERSION = 1;

/** All published versions in memory, kept up with the log; the one way to publish further ones. */
export class ReferenceStore {
  readonly data: ReferenceData = referenceData(() => this.current);
  private current: ReferenceState = initialReference();
  /** Last revision folded in, by stream. */
  private readonly revisions = new Map<string, bigint>();
  private readonly published = new Map<string, { version: number; commandHash: string | undefined }>();
  /** Publications of this process go one after the other: at once they would only refuse each other. */
  private publishing: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly log: EventLog,
    private readonly clock: Clock,
  ) {}

  get state(): ReferenceState {
    return this.current;
  }

  /** Reads what the log holds beyond what is known here. */
  async refresh(): Promise<void> {
    for (const stream of Object.values(REFERENCE_STREAMS)) {
      const known = this.revisions.get(stream);
      const from = known === undefined ? 0n : known + 1n;
      for await (const event of this.log.readStream(stream, { from })) this.fold(event);
    }
  }

  /** Folds in what anyone publishes, until the signal. Misses nothing that was appended before the call either. */
  async follow(signal: AbortSignal): Promise<void> {
    const from = await this.log.head();
    await this.refresh();
    for await (const { events } of this.log.subscribeAll({
      from,
      categories: [REFERENCE_CATEGORY],
      signal,
    })) {
      for (const event of events) this.fold(event);
    }
  }

  /**
   * Publishes a version, and knows it when the promise resolves.
   * @throws Problem `invalid-request`; `idempotency-key-reused` if the key came with other content before
   * @throws LogUnavailable if the outcome is unknown: repeat with the same key or content
   */
  publish(command: PublishCommand, context: PublishContext): Promise<Publication> {
    const done = this.publishing.then(() => this.publishInTurn(command, context));
    this.publishing = done.catch(() => undefined);
    return done;
  }

  private async publishInTurn(
    command: PublishCommand,
    { key, ...context }: PublishContext,
  ): Promise<Publication> {
    const stream = REFERENCE_STREAMS[command.kind];
    const commandHash = sha256(canonicalJson(command as unknown as Json));
    const commandId = key === undefined ? undefined : uuidV5(`${context.actor}\n${key}`, EVENT_NAMESPACE);
    for (let attempt = 1; ; attempt += 1) {
      await this.refresh();
      const before = commandId === undefined ? undefined : this.published.get(uuidV5(stream, commandId));
      if (before) return repeatOf(before, commandHash);
      const { version, fact } = decidePublish(command, this.current);
      if (!fact) return { version, outcome: 'unchanged' };
      const metadata = { ...context, commandHash, ...(commandId === undefined ? {} : { commandId }) };
      try {
        const { repeated } = await this.append(stream, fact, metadata);
        if (repeated) continue; // someone else was faster with the same: look again
      } catch (error) {
        if (!(error instanceof WrongExpectedRevision) || attempt === MAX_ATTEMPTS) throw error;
        continue;
      }
      await this.refresh();
      return { version, outcome: 'published' };
    }
  }

  /** The id follows from the command or, where it has none, from the content: a retry appends the same event. */
  private append(stream: string, fact: ReferenceFact, metadata: EventMetadata): Promise<AppendResult> {
    const id =
      metadata.commandId === undefined
        ? uuidV5(canonicalJson(fact as unknown as Json), EVENT_NAMESPACE)
        : uuidV5(stream, metadata.commandId);
    const data = fact.data as unknown as JsonObject;
    const occurredAt = isoNow(this.clock);
    return this.log.append(stream, this.revisions.get(stream) ?? 'no_stream', [
      { id, type: fact.type, schemaVersion: SCHEMA_VERSION, data, occurredAt, metadata },
    ]);
  }

  /** Each event once, whether it came by reading or by the subscription. */
  private fold(event: RecordedEvent): void {
    const known = this.revisions.get(event.stream);
    if (known !== undefined && event.revision <= known) return;
    const fact = { type: event.type, data: event.data } as unknown as ReferenceFact;
    this.current = evolveReference(this.current, fact);
    this.revisions.set(event.stream, event.revision);
    this.published.set(event.id, { version: fact.data.version, commandHash: event.metadata.commandHash });
  }
}

function repeatOf(
  before: { version: number; commandHash: string | undefined },
  commandHash: string,
): Publication {
  if (before.commandHash !== commandHash) {
    throw new Problem('idempotency-key-reused');
  }
  return { version: before.version, outcome: 'repeated' };
}
