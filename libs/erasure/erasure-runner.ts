import { demand, forbidden } from '#libs/access/demand.js';
import type { Action } from '#libs/access/policy.js';
import type { Acting } from '#libs/access/second-person.js';
import { commandIdOf, eventIdOf } from '#libs/dossier/commands/command.js';
import { type Clock, isoNow } from '#libs/event-log/clock.js';
import {
  type EventLog,
  type NewEvent,
  streamName,
  WrongExpectedRevision,
} from '#libs/event-log/event-log.js';
import { canonicalJson } from '#libs/event-log/hash.js';
import type { CommandHeaders } from '#libs/http/command-headers.decorator.js';
import { PERSON_CATEGORY, type PersonEvent, type PersonFact } from '#libs/personal-data/person.events.js';
import type { Vault } from '#libs/personal-data/vault.js';
import { Problem } from '#libs/problem/problem.js';
import type { ErasureSituation } from './erase.js';
import { evolvePerson, type PersonState, unknownPerson } from './person.js';
import type { Holding } from './retention.js';

/** What happens to a person, given what is known of him; with the account that acts, and whose right it uses. */
export type DecideErasure = (state: PersonState, situation: ErasureSituation, acting: Acting) => PersonFact;

export interface ErasureAnswer {
  readonly subject: string;
  /** The proposal that waits now, if any. */
  readonly proposal: string | null;
  readonly erasedAt: string | null;
  readonly revision: number;
  readonly position: number;
  readonly recordedAt: string;
}

export interface ErasureParts {
  readonly log: EventLog;
  readonly vault: Vault;
  readonly clock: Clock;
  /** Every dossier that holds data of the person, as of now. */
  readonly holdings: (subject: string, now: string) => Promise<readonly Holding[]>;
}

const ATTEMPTS = 3;

/** Carries out one command on a person's erasure, once for each idempotency key. */
export class ErasureRunner {
  constructor(private readonly parts: ErasureParts) {}

  /**
   * @throws Problem what the decision says; `forbidden` unless the caller may do it for each of the person's dossiers;
   * `idempotency-key-reused`
   */
  async run(
    subject: string,
    by: CommandHeaders,
    content: object,
    decide: DecideErasure,
  ): Promise<ErasureAnswer> {
    const { log, vault, clock } = this.parts;
    const commandId = commandIdOf(by.principal.id, by.key);
    const hash = vault.digest('command', canonicalJson({ subject, ...content })).toString('hex');
    const stream = streamName(PERSON_CATEGORY, subject);
    for (let left = ATTEMPTS; ; left -= 1) {
      const events = await this.read(stream);
      const before = events.find(({ metadata }) => metadata.commandId === commandId);
      if (before) return this.again(subject, events, before, hash);
      const now = isoNow(clock);
      const state = events.reduce(evolvePerson, unknownPerson(subject));
      const holdings = await this.parts.holdings(subject, now);
      const onBehalfOf = lenderOf(by, by.action, now, holdings);
      const acting: Acting = { actor: by.principal.id, ...(onBehalfOf === undefined ? {} : { onBehalfOf }) };
      const fact = decide(state, { now, holdings }, acting);
      const event: NewEvent = {
        id: eventIdOf(commandId, 0),
        type: fact.type,
        schemaVersion: 1,
        data: fact.data,
        ...(await this.sealed(subject, fact)),
        occurredAt: now,
        metadata: {
          ...{ ...acting, correlationId: by.correlationId, causationId: commandId },
          ...{ commandId, commandHash: hash },
        },
      };
      try {
        const result = await log.append(stream, state.revision < 0n ? 'no_stream' : state.revision, [event]);
        const after = { ...event, ...result, stream } as unknown as PersonEvent;
        return await this.settled(evolvePerson(state, after), result);
      } catch (error) {
        if (!(error instanceof WrongExpectedRevision)) throw error;
        const stands = await log.streamOf(event.id);
        if (stands !== undefined && stands !== stream) throw new Problem('idempotency-key-reused');
        if (left === 1) throw error;
      }
    }
  }

  /** The person with what is known of him. */
  async state(subject: string): Promise<PersonState> {
    const events = await this.read(streamName(PERSON_CATEGORY, subject));
    return events.reduce(evolvePerson, unknownPerson(subject));
  }

  private async read(stream: string): Promise<PersonEvent[]> {
    const events: PersonEvent[] = [];
    for await (const event of this.parts.log.readStream(stream)) events.push(event as PersonEvent);
    return events;
  }

  private async sealed(subject: string, { personal }: PersonFact): Promise<Pick<NewEvent, 'personal'>> {
    if (!personal) return {};
    const part = { person: { otherwise: subject }, part: 'rest', fields: { ...personal } } as const;
    return { personal: { sealed: await this.parts.vault.seal([part]) } };
  }

  private again(
    subject: string,
    events: readonly PersonEvent[],
    mine: PersonEvent,
    hash: string,
  ): Promise<ErasureAnswer> {
    if (mine.metadata.commandHash !== hash) throw new Problem('idempotency-key-reused');
    const then = events.filter(({ revision }) => revision <= mine.revision);
    return this.settled(then.reduce(evolvePerson, unknownPerson(subject)), mine);
  }

  /** The log says so: now the key goes, also where an earlier attempt was cut off in between. */
  private async settled(
    { subject, open, erasedAt, revision }: PersonState,
    { position, recordedAt }: { readonly position: bigint; readonly recordedAt: string },
  ): Promise<ErasureAnswer> {
    if (erasedAt !== null) await this.parts.vault.erase([subject]);
    return {
      ...{ subject, proposal: open?.proposal ?? null, erasedAt },
      ...{ revision: Number(revision), position: Number(position), recordedAt },
    };
  }
}

/**
 * Whose right is used, where it was lent; every dossier of the person must be within reach. The event names one account,
 * against which the second person is told apart: rights lent by several are not put together.
 */
function lenderOf(
  by: CommandHeaders,
  action: Action,
  now: string,
  holdings: readonly Holding[],
): string | undefined {
  const grants = holdings.map(({ place }) => demand(by, action, now, place));
  const [lender, ...others] = new Set(grants.flatMap(({ lentBy }) => lentBy ?? []));
  if (others.length > 0) throw forbidden(action);
  return lender;
}
