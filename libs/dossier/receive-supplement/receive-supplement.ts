import type { Paper } from '../dossier.events.js';
import { acceptedFrom } from '../accept/accept.js';
import { claimedInstant, type Decide, requireStep, resumedDue, rulesFor } from '../decision.js';

/**
 * Takes in what was missing: the clock goes on with the time that was left. A dossier that was not yet accepted is
 * accepted with it (the table of states leads from 5 to 4), and its clock starts.
 */
export const receiveSupplement =
  (input: { papers?: Paper[]; occurredAt?: string }): Decide =>
  (state, situation) => {
    requireStep(state, 'receive-supplement');
    const occurredAt = claimedInstant(input.occurredAt, state, situation, rulesFor(state, situation));
    const received = {
      type: 'SupplementReceived' as const,
      occurredAt,
      data: { dueAt: resumedDue(state, occurredAt, situation) },
      ...(input.papers ? { personal: { papers: input.papers } } : {}),
    };
    return state.acceptedAt === null
      ? [received, acceptedFrom(state, occurredAt, state.official, situation)]
      : [received];
  };
