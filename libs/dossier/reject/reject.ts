import { claimedInstant, type Decide, requireStep, rulesFor } from '../decision.js';

/** Refuses a registered dossier, with the reason that the refusal slip prints. */
export const reject =
  (input: { reason: string; legalBasis?: string; occurredAt?: string }): Decide =>
  (state, situation) => {
    requireStep(state, 'reject');
    return [
      {
        type: 'DossierRejected',
        occurredAt: claimedInstant(input.occurredAt, state, situation, rulesFor(state, situation)),
        data: {},
        personal: { reason: input.reason, ...(input.legalBasis ? { legalBasis: input.legalBasis } : {}) },
      },
    ];
  };
