import { claimedInstant, type Decide, requireStep, rulesFor } from '../decision.js';

/** The work is done: the result is there, granted or refused. The legal clock ends. */
export const resolve =
  (input: { outcome: 'granted' | 'refused'; note?: string; occurredAt?: string }): Decide =>
  (state, situation) => {
    requireStep(state, 'resolve');
    return [
      {
        type: 'DossierResolved',
        occurredAt: claimedInstant(input.occurredAt, state, situation, rulesFor(state, situation)),
        data: { outcome: input.outcome },
        ...(input.note ? { personal: { note: input.note } } : {}),
      },
    ];
  };
