import { dueInstant } from '#libs/calendar/working-time.js';
import { Problem } from '#libs/problem/problem.js';
import type { CorrectableTime, DossierFact, ProposedInputs } from '../dossier.events.js';
import type { DossierState } from '../dossier.js';
import {
  claimedInstant,
  type Decide,
  frozenCalendar,
  requireStep,
  rulesFor,
  type Situation,
} from '../decision.js';

/**
 * Replaces a claimed time. What was claimed before stays in the log, with who changed it and why. A corrected
 * acceptance moves a computed due instant with it. It is proposed by one person (`propose`), and happens when another
 * approves it.
 * @param proposal the approved proposal; the actor is who approves
 */
export const correct =
  (input: ProposedInputs['correct'], proposal?: string): Decide =>
  (state, situation) => {
    requireStep(state, 'correct');
    const { field, to, form } = input;
    if (form === undefined) {
      throw new Problem('form-required', { step: 'correct' }, [{ pointer: '/form', rule: 'required' }]);
    }
    const from = current(state, field);
    if (from === null) throw new Problem('nothing-to-correct', { field, code: state.code });
    refuseImpossible(state, field, to, situation);
    const fact = (
      name: CorrectableTime,
      before: string | null,
      after: string,
      basis?: 'computed',
    ): DossierFact => ({
      type: 'DossierCorrected',
      occurredAt: situation.now,
      data: {
        ...{ field: name, from: before, to: after, form, approver: situation.actor },
        ...(proposal === undefined ? {} : { proposal }),
        ...(basis ? { basis } : {}),
      },
    });
    const facts = [fact(field, from, to)];
    const due = field === 'accepted_at' ? recomputedDue(state, to, situation) : null;
    if (due !== null && due !== state.dueAt) facts.push(fact('due_at', state.dueAt, due, 'computed'));
    return facts;
  };

function current(state: DossierState, field: CorrectableTime): string | null {
  switch (field) {
    case 'accepted_at':
      return state.acceptedAt;
    case 'resolved_at':
      return state.endedAt;
    case 'returned_at':
      return state.returnedAt;
    case 'due_at':
      return state.dueAt;
  }
}

function refuseImpossible(
  state: DossierState,
  field: CorrectableTime,
  to: string,
  situation: Situation,
): void {
  const wrong = (type: string, details: Record<string, string>): Problem =>
    new Problem(type, details, [{ pointer: '/to', rule: type }]);
  if (field !== 'due_at') {
    claimedInstant(to, undefined, situation, rulesFor(state, situation), '/to');
  }
  if (field !== 'accepted_at' && state.acceptedAt !== null && to < state.acceptedAt) {
    throw wrong('before-acceptance', { claimed: to, acceptedAt: state.acceptedAt });
  }
  if (field === 'accepted_at' && state.registeredAt !== null && to < state.registeredAt) {
    throw wrong('before-previous-step', { claimed: to, previous: state.registeredAt });
  }
  if (field === 'accepted_at' && state.endedAt !== null && to > state.endedAt) {
    throw wrong('ended-before-acceptance', { claimed: to, endedAt: state.endedAt });
  }
  if (field === 'resolved_at' && state.returnedAt !== null && to > state.returnedAt) {
    throw wrong('returned-before-resolved', { claimed: to, returnedAt: state.returnedAt });
  }
  if (field === 'returned_at' && state.endedAt !== null && to < state.endedAt) {
    throw wrong('returned-before-resolved', { claimed: to, endedAt: state.endedAt });
  }
}

/** The due instant under the dossier's own versions, where it was computed; a clock that stands still adds nothing yet. */
function recomputedDue(state: DossierState, acceptedAt: string, { reference }: Situation): string | null {
  if (!state.terms?.limit || state.dueBasis !== 'computed') return null;
  const pauses = state.pauses.filter(({ to }) => to !== null);
  return dueInstant(frozenCalendar(state.terms, reference), acceptedAt, state.terms.limit, pauses);
}
