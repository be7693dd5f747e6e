import { claimedInstant, type Decide, requireStep, rulesFor } from '../decision.js';

/** Adds a note. It moves nothing. */
export const annotate =
  (input: { note: string; occurredAt?: string }): Decide =>
  (state, situation) => {
    requireStep(state, 'annotate');
    return [
      {
        type: 'DossierAnnotated',
        occurredAt: claimedInstant(input.occurredAt, undefined, situation, rulesFor(state, situation)),
        data: {},
        personal: { note: input.note },
      },
    ];
  };
