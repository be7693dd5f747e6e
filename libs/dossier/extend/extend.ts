import { Problem } from '#libs/problem/problem.js';
import { claimedInstant, type Decide, requireStep, rulesFor } from '../decision.js';

/**
 * Announces a new due instant with an apology. It can be issued after the old one has passed, but then does not
 * make the dossier on time: reports keep the lateness up to then.
 */
export const extend =
  (input: {
    newDueAt: string;
    apologyNumber?: string;
    approver?: string;
    reason: string;
    occurredAt?: string;
  }): Decide =>
  (state, situation) => {
    requireStep(state, 'extend');
    const { newDueAt, apologyNumber, approver } = input;
    if (apologyNumber === undefined || approver === undefined) {
      throw new Problem('form-required', { step: 'extend' }, [
        ...(apologyNumber === undefined ? [{ pointer: '/apologyNumber', rule: 'required' }] : []),
        ...(approver === undefined ? [{ pointer: '/approver', rule: 'required' }] : []),
      ]);
    }
    const rules = rulesFor(state, situation);
    if (state.extensions >= rules.maxExtensions) {
      throw new Problem('extension-limit', { limit: rules.maxExtensions, code: state.code });
    }
    if (state.dueAt === null) throw new Problem('no-due-instant', { code: state.code });
    const occurredAt = claimedInstant(input.occurredAt, state, situation, rules);
    const after = state.dueAt > occurredAt ? state.dueAt : occurredAt;
    if (newDueAt <= after) {
      throw new Problem('due-not-later', { dueAt: newDueAt, after }, [
        { pointer: '/newDueAt', rule: 'later' },
      ]);
    }
    return [
      {
        type: 'DeadlineExtended',
        occurredAt,
        data: { oldDueAt: state.dueAt, newDueAt, apologyNumber, approver },
        personal: { reason: input.reason },
      },
    ];
  };
