import { Problem } from '#libs/problem/problem.js';
import { claimedInstant, type Decide, requireStep, rulesFor } from '../decision.js';
import type { ProposedInputs } from '../dossier.events.js';

/**
 * Announces a new due instant with an apology. It is proposed by one person (`propose`), and issued by another who
 * approves it: at that instant, whenever it was proposed. It can be issued after the old due instant has passed, also
 * where it was proposed before; but then it does not make the dossier on time: reports keep the lateness up to then.
 * @param proposal the approved proposal; the actor is who approves
 * @param occurredAt claimed instant; now if left out
 */
export const extend =
  (input: ProposedInputs['extend'], proposal?: string, occurredAt?: string): Decide =>
  (state, situation) => {
    requireStep(state, 'extend');
    const { newDueAt, apologyNumber } = input;
    if (apologyNumber === undefined) {
      throw new Problem('form-required', { step: 'extend' }, [
        { pointer: '/apologyNumber', rule: 'required' },
      ]);
    }
    const rules = rulesFor(state, situation);
    if (state.extensions >= rules.maxExtensions) {
      throw new Problem('extension-limit', { limit: rules.maxExtensions, code: state.code });
    }
    if (state.dueAt === null) throw new Problem('no-due-instant', { code: state.code });
    const at = claimedInstant(occurredAt, state, situation, rules);
    const after = state.dueAt > at ? state.dueAt : at;
    if (newDueAt <= after) {
      throw new Problem('due-not-later', { dueAt: newDueAt, after }, [
        { pointer: '/newDueAt', rule: 'later' },
      ]);
    }
    return [
      {
        type: 'DeadlineExtended',
        occurredAt: at,
        data: {
          ...{ oldDueAt: state.dueAt, newDueAt, apologyNumber, approver: situation.actor },
          ...(proposal === undefined ? {} : { proposal }),
        },
      },
    ];
  };
