import type { Channel, DossierFact, Party, Paper } from '../dossier.events.js';
import type { DossierState } from '../dossier.js';
import { claimedInstant, type Decide, requireStep, rulesFor, type Situation } from '../decision.js';
import { inForce } from '../in-force.js';
import { termsAt } from './terms.js';

export interface AcceptNew {
  readonly unit: string;
  readonly procedure: string;
  readonly case: string;
  readonly channel: Channel;
  readonly official?: string;
  readonly applicant: Party;
  readonly submitter?: Party;
  readonly papers?: Paper[];
  readonly formerCode?: string;
  readonly occurredAt?: string;
}

/** Takes a dossier in at the desk, online or by post: the legal clock starts. */
export function acceptNew(input: AcceptNew, code: string, situation: Situation): DossierFact[] {
  const { unit, policy } = inForce(input.unit, situation.now, situation.reference);
  const occurredAt = claimedInstant(input.occurredAt, undefined, situation, policy.rules);
  const { terms, dueAt } = termsAt(input, occurredAt, situation.reference);
  const { applicant, submitter, papers } = input;
  return [
    {
      type: 'DossierAccepted',
      occurredAt,
      data: {
        code,
        unit: unit.code,
        official: input.official ?? null,
        channel: input.channel,
        terms,
        dueAt,
        dueBasis: 'computed',
        formerCode: input.formerCode ?? null,
      },
      personal: { applicant, ...(submitter ? { submitter } : {}), ...(papers ? { papers } : {}) },
    },
  ];
}

/** Accepts a dossier that was registered online. */
export const accept =
  (input: { official?: string; occurredAt?: string }): Decide =>
  (state, situation) => {
    requireStep(state, 'accept');
    const occurredAt = claimedInstant(input.occurredAt, state, situation, rulesFor(state, situation));
    return [acceptedFrom(state, occurredAt, input.official ?? state.official, situation)];
  };

/** The acceptance of a dossier that is known already, under what is in force at that instant. */
export function acceptedFrom(
  state: DossierState,
  occurredAt: string,
  official: string | null,
  { reference }: Situation,
): DossierFact {
  const { code, unit, channel, formerCode } = state;
  return {
    type: 'DossierAccepted',
    occurredAt,
    data: {
      code,
      unit,
      official,
      channel,
      ...termsAt(state, occurredAt, reference),
      dueBasis: 'computed',
      formerCode,
    },
  };
}
