import type { Channel } from '../dossier.events.js';
import { claimedInstant, type Decide, requireStep, rulesFor } from '../decision.js';

/** Gives the result to the applicant. */
export const returnResult =
  (input: { method: Channel; note?: string; occurredAt?: string }): Decide =>
  (state, situation) => {
    requireStep(state, 'return');
    return [
      {
        type: 'ResultReturned',
        occurredAt: claimedInstant(input.occurredAt, state, situation, rulesFor(state, situation)),
        data: { method: input.method },
        ...(input.note ? { personal: { note: input.note } } : {}),
      },
    ];
  };
