import { Problem } from '#libs/problem/problem.js';
import { type Decide, requireStep } from '../decision.js';
import type { ProposedInputs } from '../dossier.events.js';
import { alertsOf, isSameAlert } from './alerts.js';

/**
 * Silences what somebody is reminded of (a court has the case, an import was wrong): that topic with that due instant.
 * It is proposed by one person (`propose`), and happens when another approves it. That the deadline passes is noted all
 * the same, and another due instant brings reminders back.
 * @param proposal the approved proposal; the actor is who approves
 */
export const cancelAlert =
  ({ topic, dueAt }: ProposedInputs['cancel-alert'], proposal?: string): Decide =>
  (state, situation) => {
    requireStep(state, 'cancel-alert');
    const alert = { topic, dueAt };
    const { code } = state;
    const open = alertsOf(state);
    if (!open.some((one) => isSameAlert(one, alert))) {
      const known = open.some((one) => one.topic === topic);
      throw new Problem(
        'alert-unknown',
        { ...alert, code, open: open.map((one) => `${one.topic} ${one.dueAt}`) },
        [{ pointer: known ? '/dueAt' : '/topic', rule: 'unknown' }],
      );
    }
    if (state.cancelledAlerts.some((one) => isSameAlert(one, alert))) {
      throw new Problem('alert-cancelled', { ...alert, code });
    }
    return [
      {
        type: 'AlertCancelled',
        occurredAt: situation.now,
        data: { ...alert, approver: situation.actor, ...(proposal === undefined ? {} : { proposal }) },
      },
    ];
  };
