import { cancelAlert } from '../cancel-alert/cancel-alert.js';
import { correct } from '../correct/correct.js';
import type { Decide } from '../decision.js';
import type { Change, ProposedInputs, ProposedStep } from '../dossier.events.js';
import { extend } from '../extend/extend.js';

/** What happens when a change of a kind is approved. */
const CHANGES: {
  readonly [S in ProposedStep]: (input: ProposedInputs[S], proposal?: string, occurredAt?: string) => Decide;
} = { extend, correct, 'cancel-alert': cancelAlert };

export const PROPOSED_STEPS = Object.keys(CHANGES) as readonly ProposedStep[];

/** @param occurredAt claimed instant, for changes that take one */
export function decisionOf<S extends ProposedStep>(
  change: Change<S>,
  proposal?: string,
  occurredAt?: string,
): Decide {
  return CHANGES[change.step](change.input, proposal, occurredAt);
}
