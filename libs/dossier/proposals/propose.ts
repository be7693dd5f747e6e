import { Problem } from '#libs/problem/problem.js';
import type { Decide } from '../decision.js';
import type { Change } from '../dossier.events.js';
import { decisionOf } from './changes.js';

/**
 * Asks for a change that takes a second person. What could not be done now is refused at once, by the rules of the
 * change itself. Nothing else moves; of each kind at most one waits.
 */
export const propose =
  ({ step, input }: Change, said: { reason: string; occurredAt?: string }): Decide =>
  (state, situation) => {
    const open = state.proposals.find((other) => other.step === step);
    if (open) throw new Problem('proposal-open', { step, proposal: open.proposal, code: state.code });
    const change = { step, input } as Change;
    const [fact] = decisionOf(change, undefined, said.occurredAt)(state, situation);
    return [
      {
        type: 'ChangeProposed',
        occurredAt: fact?.occurredAt ?? situation.now,
        // Like a consultation it is named after its place in the stream.
        data: { proposal: `p${state.revision + 1n}`, ...change },
        personal: { reason: said.reason },
      },
    ];
  };
