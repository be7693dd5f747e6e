import { v5 as uuidV5 } from 'uuid';
import { canonicalJson, sha256 } from '#libs/event-log/hash.js';
import type { Action } from '#libs/access/policy.js';
import type { Principal } from '#libs/access/principal.js';
import type { NewEvent } from '#libs/event-log/event-log.js';
import type { Json } from '#libs/event-log/json.js';
import type { Decide, Situation } from '../decision.js';
import type { DossierFact } from '../dossier.events.js';
import type { HashesApart, SealedFact } from './seal-facts.js';

/** What events say of where they come from. */
export interface Authorship {
  /** From the actor and the idempotency key; the same for every repeat. */
  readonly commandId: string;
  readonly actor: string;
  /** Account that lent the grant which the actor uses, where it was lent. */
  readonly onBehalfOf?: string;
  readonly correlationId: string;
}

/** Who gives a command, under which key. */
export interface CommandContext extends Authorship {
  /** The actor, with what he may do. */
  readonly principal: Principal;
  /** What he must be allowed to do for it. */
  readonly action: Action;
  /** Revision of the dossier that the giver saw. */
  readonly seen?: bigint;
}

const NAMESPACE = '6f2c0f0e-6d63-5b0a-9a55-6d6f74637561';

/** The same key of the same actor is the same command. */
export function commandIdOf(actor: string, key: string): string {
  return uuidV5(`${actor}\n${key}`, NAMESPACE);
}

/** A step on a dossier that exists. */
export class ChangeDossier {
  readonly hash: string;
  readonly step: string;
  constructor(
    readonly code: string,
    readonly context: CommandContext,
    /** Name and content of the step: what a repeat must be equal to. */
    content: { step: string; input: object },
    readonly decide: Decide,
    /** Dossiers that must exist for this step. */
    readonly mentions: readonly string[] = [],
  ) {
    this.hash = sha256(canonicalJson({ ...content, code } as unknown as Json));
    this.step = content.step;
  }
}

/** The first step of a dossier, which gives it its code. */
export class OpenDossier {
  readonly hash: string;
  readonly apart?: HashesApart;
  readonly step: string;
  constructor(
    readonly unit: string,
    readonly context: CommandContext,
    content: { step: string; input: object },
    readonly decide: (code: string, situation: Situation) => DossierFact[],
    readonly mentions: readonly string[] = [],
  ) {
    this.hash = sha256(canonicalJson(content as unknown as Json));
    const { submitter, ...input } = content.input as { submitter?: object };
    if (submitter) {
      const [rest, own] = [{ ...content, input }, submitter].map((of) => sha256(canonicalJson(of as Json)));
      this.apart = { rest: rest as string, submitter: own as string };
    }
    this.step = content.step;
  }
}

/** Facts of a dossier that gets its code now. */
export function withCode(facts: readonly SealedFact[], code: string): SealedFact[] {
  return facts.map((fact) =>
    'code' in fact.data ? ({ ...fact, data: { ...fact.data, code } } as SealedFact) : fact,
  );
}

/** Id of the n-th event of a command. */
export function eventIdOf(commandId: string, n: number): string {
  return uuidV5(String(n), commandId);
}

/** Newest version of the shape of an event's data; of all others it is 1. */
const SCHEMA_VERSIONS: Readonly<Record<string, number>> = { ConsultationRequested: 2 };

/** Facts as events: ids follow from the command, so that a retry appends the same events. */
export function toEvents(
  facts: readonly SealedFact[],
  command: { readonly hash: string; readonly context: Authorship },
  traceparent?: string,
): NewEvent[] {
  const { commandId, actor, onBehalfOf, correlationId } = command.context;
  // Where it is about a person, the hash is sealed with the fields.
  const commandHash = facts.some(({ personal }) => personal) ? {} : { commandHash: command.hash };
  return facts.map(({ type, data, personal, occurredAt }, n): NewEvent => ({
    id: eventIdOf(commandId, n),
    type,
    schemaVersion: SCHEMA_VERSIONS[type] ?? 1,
    data: data as unknown as NewEvent['data'],
    ...(personal ? { personal } : {}),
    occurredAt,
    metadata: {
      ...{ actor, correlationId, causationId: commandId, commandId, ...commandHash },
      ...(onBehalfOf === undefined ? {} : { onBehalfOf }),
      ...(traceparent ? { traceparent } : {}),
    },
  }));
}
