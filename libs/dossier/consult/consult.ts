import { Problem } from '#libs/problem/problem.js';
import { claimedInstant, type Decide, requireStep, rulesFor } from '../decision.js';

/** Asks another agency. The legal clock goes on; the agency may have a due instant of its own. */
export const consult =
  (input: { agency: string; dueAt?: string; note?: string; occurredAt?: string }): Decide =>
  (state, situation) => {
    requireStep(state, 'consult');
    const occurredAt = claimedInstant(input.occurredAt, state, situation, rulesFor(state, situation));
    if (input.dueAt !== undefined && input.dueAt <= occurredAt) {
      throw new Problem('due-not-later', { dueAt: input.dueAt, after: occurredAt }, [
        { pointer: '/dueAt', rule: 'later' },
      ]);
    }
    return [
      {
        type: 'ConsultationRequested',
        occurredAt,
        // The place in the stream makes a name that a later reply can refer to.
        data: { consultation: `c${state.revision + 1n}`, dueAt: input.dueAt ?? null },
        personal: { agency: input.agency, ...(input.note ? { note: input.note } : {}) },
      },
    ];
  };

/** Records the answer to a consultation. */
export const recordReply =
  (input: { consultation: string; note?: string; occurredAt?: string }): Decide =>
  (state, situation) => {
    requireStep(state, 'record-reply');
    if (!state.openConsultations.includes(input.consultation)) {
      throw new Problem(
        'consultation-unknown',
        { consultation: input.consultation, open: [...state.openConsultations] },
        [{ pointer: '/consultation', rule: 'unknown' }],
      );
    }
    return [
      {
        type: 'ConsultationReplied',
        occurredAt: claimedInstant(input.occurredAt, state, situation, rulesFor(state, situation)),
        data: { consultation: input.consultation },
        ...(input.note ? { personal: { note: input.note } } : {}),
      },
    ];
  };
