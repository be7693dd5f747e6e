import type { JsonObject } from '#libs/event-log/json.js';
import { type OpenedPersonal, partsOf, type PersonalPart } from '#libs/personal-data/opening.js';
import type { Alert, DossierEvent, Party, Terms } from '../dossier.events.js';
import type { PartName } from '#libs/personal-data/sealed.js';
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
  /** What can be read of it. */
  readonly personal?: JsonObject;
  /** Set if some of it, or all, was about a person who is erased. */
  readonly erased?: true;
  /** Parts that cannot be read, though nobody erased them: changed, or sealed under another key. */
  readonly damaged?: readonly PartName[];
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
  /** Null if it is not known, erased or damaged. */
  readonly applicant: Party | null;
  readonly submitter: Party | null;
  /** Ids of these persons, by which they can be erased. */
  readonly subjects: { readonly applicant: string | null; readonly submitter: string | null };
  /** Applicant or submitter was known, and is erased. */
  readonly erased: boolean;
  /** Applicant or submitter was known, and cannot be read, though nobody erased them. */
  readonly damaged: boolean;
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
  /** What nobody is reminded of any more; who decided it, and why, stands in the timeline. */
  readonly cancelledAlerts: readonly Alert[];
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
 * @param opened the personal fields of each of them
 * @throws Problem dossier-unknown if there are none
 */
export function dossierView(
  code: string,
  events: readonly DossierEvent[],
  opened: readonly (OpenedPersonal | undefined)[],
): DossierView {
  const state = fold(code, events);
  const { terms, registeredAt, answerDueAt, acceptedAt, dueAt, dueBasis, endedAt, returnedAt } = state;
  const { status, unit, official, channel, procedure, formerCode, openConsultations, held, reversed } = state;
  return {
    code: state.code,
    status,
    statusCode: STATUS_CODES[status],
    ...{ unit, official, channel, procedure, case: state.case },
    ...partiesOf(events, opened),
    ...{ formerCode, terms, registeredAt, answerDueAt, acceptedAt, dueAt, dueBasis },
    clock:
      acceptedAt === null ? 'none' : endedAt !== null ? 'ended' : isPaused(state) ? 'stopped' : 'running',
    ...{ endedAt, returnedAt, openConsultations, held, reversed },
    proposals: state.proposals.map(({ proposal, step, input, proposedBy, proposedAt }) => ({
      ...{ proposal, step, input, proposedBy, proposedAt },
    })),
    cancelledAlerts: state.cancelledAlerts,
    allowed: allowedSteps(state),
    revision: Number(state.revision),
    timeline: events.map((event, n) => timelineEntry(event, opened[n])),
  };
}

/** The persons as they were named last. */
function partiesOf(
  events: readonly DossierEvent[],
  opened: readonly (OpenedPersonal | undefined)[],
): Pick<DossierView, 'applicant' | 'submitter' | 'subjects' | 'erased' | 'damaged'> {
  const [applicant, submitter] = (['applicant', 'submitter'] as const).map((name) => {
    const part = ({ personal }: DossierEvent): PersonalPart | undefined =>
      partsOf(personal).find((each) => each.part === name);
    const n = events.findLastIndex((event) => part(event) !== undefined);
    const event = events[n];
    return {
      subject: (event && part(event)?.subject) ?? null,
      party: (opened[n]?.fields[name] as unknown as Party | undefined) ?? null,
      damaged: opened[n]?.damaged?.includes(name) ?? false,
    };
  });
  return {
    applicant: applicant?.party ?? null,
    submitter: submitter?.party ?? null,
    subjects: { applicant: applicant?.subject ?? null, submitter: submitter?.subject ?? null },
    erased: [applicant, submitter].some((each) => each?.subject != null && !each.party && !each.damaged),
    damaged: [applicant, submitter].some((each) => each?.damaged),
  };
}

function timelineEntry(event: DossierEvent, opened: OpenedPersonal | undefined): TimelineEntry {
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
    ...(opened ? { personal: opened.fields } : {}),
    ...(opened?.erased ? { erased: true as const } : {}),
    ...(opened?.damaged ? { damaged: opened.damaged } : {}),
    ...(source ? { source } : {}),
    hash: event.hash,
  };
}

/** What the log held of a dossier at an instant, by the store's clock. */
export function knownAt(events: readonly DossierEvent[], at: string | undefined): readonly DossierEvent[] {
  return at === undefined ? events : events.filter((event) => event.recordedAt <= at);
}
