import { Problem } from '#libs/problem/problem.js';
import { claimedInstant, type Decide, requireStep, rulesFor } from '../decision.js';

/** Names the earlier dossier that this one continues: a final state is never reopened. */
export const link =
  (input: { formerCode: string; occurredAt?: string }): Decide =>
  (state, situation) => {
    requireStep(state, 'link');
    if (input.formerCode === state.code || state.formerCode !== null) {
      throw new Problem('link-not-possible', { code: state.code, formerCode: state.formerCode }, [
        { pointer: '/formerCode', rule: 'unknown' },
      ]);
    }
    return [
      {
        type: 'DossierLinked',
        occurredAt: claimedInstant(input.occurredAt, undefined, situation, rulesFor(state, situation)),
        data: { formerCode: input.formerCode },
      },
    ];
  };
