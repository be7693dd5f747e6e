import { claimedInstant, type Decide, requireStep, rulesFor } from '../decision.js';

/** Ends a dossier at its applicant's wish. */
export const withdraw =
  (input: { reason: string; occurredAt?: string }): Decide =>
  (state, situation) => {
    requireStep(state, 'withdraw');
    return [
      {
        type: 'DossierWithdrawn',
        occurredAt: claimedInstant(input.occurredAt, state, situation, rulesFor(state, situation)),
        data: {},
        personal: { reason: input.reason },
      },
    ];
  };
