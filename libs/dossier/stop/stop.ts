import { claimedInstant, type Decide, requireStep, rulesFor } from '../decision.js';

/** Stops the work on a dossier, with the reason that the stop notice prints. */
export const stop =
  (input: { reason: string; occurredAt?: string }): Decide =>
  (state, situation) => {
    requireStep(state, 'stop');
    return [
      {
        type: 'DossierStopped',
        occurredAt: claimedInstant(input.occurredAt, state, situation, rulesFor(state, situation)),
        data: {},
        personal: { reason: input.reason },
      },
    ];
  };
