import { Problem } from '#libs/problem/problem.js';
import type { Paper } from '../dossier.events.js';
import { claimedInstant, type Decide, requireStep, rulesFor } from '../decision.js';

/** Asks for papers that are missing. The clock stops if it runs and the policy says so. */
export const requestSupplement =
  (input: { papers: Paper[]; reason: string; legalBasis?: string; occurredAt?: string }): Decide =>
  (state, situation) => {
    requireStep(state, 'request-supplement');
    const rules = rulesFor(state, situation);
    if (state.supplementRequests >= rules.maxSupplementRequests) {
      throw new Problem('supplement-limit', { limit: rules.maxSupplementRequests, code: state.code });
    }
    return [
      {
        type: 'SupplementRequested',
        occurredAt: claimedInstant(input.occurredAt, state, situation, rules),
        data: {
          number: state.supplementRequests + 1,
          stopsClock: rules.supplementStopsClock && state.acceptedAt !== null,
        },
        personal: {
          papers: input.papers,
          reason: input.reason,
          ...(input.legalBasis ? { legalBasis: input.legalBasis } : {}),
        },
      },
    ];
  };
