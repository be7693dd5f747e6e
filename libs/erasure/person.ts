import type { ErasureBasis, PersonEvent } from '#libs/personal-data/person.events.js';

/** An erasure that waits for a second person. */
export interface OpenProposal {
  readonly proposal: string;
  readonly basis: ErasureBasis;
  readonly form: string;
  readonly proposedBy: string;
  readonly proposedAt: string;
  /** Account that lent the proposer his right. */
  readonly onBehalfOf?: string;
}

/** What deciding on a person's erasure needs to know: a fold over the events of `person-{subject}`. */
export interface PersonState {
  readonly subject: string;
  readonly open: OpenProposal | null;
  readonly erasedAt: string | null;
  /** Of the last event; -1 before the first. */
  readonly revision: bigint;
}

export const unknownPerson = (subject: string): PersonState => ({
  subject,
  open: null,
  erasedAt: null,
  revision: -1n,
});

/** What a person is after one more event. Total: an event of an unknown type changes nothing but the place. */
export function evolvePerson(state: PersonState, event: PersonEvent): PersonState {
  const { revision, occurredAt, metadata } = event;
  switch (event.type) {
    case 'ErasureProposed': {
      const { proposal, basis, form } = event.data;
      const by = { proposedBy: metadata.actor, proposedAt: occurredAt };
      const lent = metadata.onBehalfOf === undefined ? {} : { onBehalfOf: metadata.onBehalfOf };
      return { ...state, open: { proposal, basis, form, ...by, ...lent }, revision };
    }
    case 'ErasureRefused':
      return { ...state, open: null, revision };
    case 'PersonErased':
      return { ...state, open: null, erasedAt: state.erasedAt ?? occurredAt, revision };
    default:
      return unhandled(state, event);
  }
}

/** The compiler asks above for a case of every event. */
function unhandled(state: PersonState, event: never): PersonState {
  return { ...state, revision: (event as PersonEvent).revision };
}
