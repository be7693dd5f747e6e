import { type Decide, requireStep } from '../decision.js';

/** A complaint or a lawsuit: the dossier's personal data must be kept, whatever is due for erasure. */
export const placeHold =
  ({ reason }: { reason: string }): Decide =>
  (state, { now }) => {
    requireStep(state, 'place-hold');
    return [{ type: 'LegalHoldPlaced', occurredAt: now, data: {}, personal: { reason } }];
  };

export const liftHold =
  ({ reason }: { reason: string }): Decide =>
  (state, { now }) => {
    requireStep(state, 'lift-hold');
    return [{ type: 'LegalHoldLifted', occurredAt: now, data: {}, personal: { reason } }];
  };
