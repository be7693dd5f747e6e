import { claimedInstant, type Decide, requireStep, rulesFor } from '../decision.js';

/** Hands the dossier to a unit, and to an official there if one is named. */
export const handOver =
  (input: { toUnit: string; toOfficial?: string; note?: string; occurredAt?: string }): Decide =>
  (state, situation) => {
    requireStep(state, 'hand-over');
    return [
      {
        type: 'DossierHandedOver',
        occurredAt: claimedInstant(input.occurredAt, state, situation, rulesFor(state, situation)),
        data: { toUnit: input.toUnit, toOfficial: input.toOfficial ?? null },
        ...(input.note ? { personal: { note: input.note } } : {}),
      },
    ];
  };
