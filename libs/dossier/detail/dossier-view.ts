import type { JsonObject } from '#libs/event-log/json.js';
import type { DossierEvent, Party, Terms } from '../dossier.events.js';
import { type DossierState, isPaused, type Proposal, STATUS_CODES, type Status } from '../dossier.js';
import { fold } from '../commands/read-dossier.js';
import { allowedSteps } from '../steps.js';

/** One event of the timeline: what happened, when as claimed and when as recorded, by whom. */
export interface TimelineEntry {
  readonly revision: number;
  readonly position: number;
  readonly type: string;
  readonly occurredAt: string;
  readonly recordedAt: string;
  readonly actor: string;
  readonly onBehalfOf?: string;
  readonly data: JsonObject;
  readonly personal?: JsonObject;
  readonly source?: { readonly file: string; readonly row: number };
  readonly hash: string;
}

/** What is asked for; why stands in the timeline, with the personal fields. */
export type WaitingChange = Pick<Proposal, 'proposal' | 'step' | 'input' | 'proposedBy' | 'proposedAt'>;

/** A dossier as its page shows it. */
export interface DossierView {
  readonly code: string;
  readonly status: Status;
  readonly statusCode: number;
  readonly unit: string;
  readonly official: string | null;
  readonly channel: string;
  readonly procedure: string;
  readonly case: string;
  readonly applicant: Party | null;
  readonly formerCode: string | null;
  readonly terms: Terms | null;
  readonly registeredAt: string | null;
  readonly answerDueAt: string | null;
  readonly acceptedAt: string | null;
  readonly dueAt: string | null;
  readonly dueBasis: DossierState['dueBasis'];
  readonly clock: 'none' | 'running' | 'stopped' | 'ended';
  readonly endedAt: string | null;
  readonly returnedAt: string | null;
  readonly openConsultations: readonly string[];
  /** Changes that wait for a second person. */
  readonly proposals: readonly WaitingChange[];
  /** Its personal data must not be erased. */
  readonly held: boolean;
  readonly reversed: boolean;
  /** Steps that may be taken now. */
  readonly allowed: readonly string[];
  readonly revision: number;
  readonly timeline: readonly TimelineEntry[];
}

/**
 * The dossier after these events.
 * @throws Problem dossier-unknown if there are none
 */
export function dossierView(code: string, events: readonly DossierEvent[]): DossierView {
  const state = fold(code, events);
  const { terms, registeredAt, answerDueAt, acceptedAt, dueAt, dueBasis, endedAt, returnedAt } = state;
  const { status, unit, official, channel, procedure, formerCode, openConsultations, held, reversed } = state;
  return {
    code: state.code,
    status,
    statusCode: STATUS_CODES[status],
    ...{ unit, official, channel, procedure, case: state.case },
    applicant:
      (events.findLast((event) => event.personal?.fields.applicant)?.personal?.fields
        .applicant as unknown as Party) ?? null,
    ...{ formerCode, terms, registeredAt, answerDueAt, acceptedAt, dueAt, dueBasis },
    clock:
      acceptedAt === null ? 'none' : endedAt !== null ? 'ended' : isPaused(state) ? 'stopped' : 'running',
    ...{ endedAt, returnedAt, openConsultations, held, reversed },
    proposals: state.proposals.map(({ proposal, step, input, proposedBy, proposedAt }) => ({
      ...{ proposal, step, input, proposedBy, proposedAt },
    })),
    allowed: allowedSteps(state),
    revision: Number(state.revision),
    timeline: events.map(timelineEntry),
  };
}

function timelineEntry(event: DossierEvent): TimelineEntry {
  const { source, actor, onBehalfOf } = event.metadata;
  return {
    revision: Number(event.revision),
    position: Number(event.position),
    type: event.type,
    occurredAt: event.occurredAt,
    recordedAt: event.recordedAt,
    actor,
    ...(onBehalfOf === undefined ? {} : { onBehalfOf }),
    data: event.data as unknown as JsonObject,
    ...(event.personal ? { personal: event.personal.fields } : {}),
    ...(source ? { source } : {}),
    hash: event.hash,
  };
}

/** What the log held of a dossier at an instant, by the store's clock. */
export function knownAt(events: readonly DossierEvent[], at: string | undefined): readonly DossierEvent[] {
  return at === undefined ? events : events.filter((event) => event.recordedAt <= at);
}
