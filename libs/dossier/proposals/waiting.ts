import type { DossierEvent, ProposedStep } from '../dossier.events.js';

/** A change that waits for a second person. */
export interface Waiting {
  readonly proposal: string;
  readonly step: ProposedStep;
}

/** Changes that make no sense any more once the work on a dossier has ended. */
const LAPSE_AT_END: ReadonlySet<ProposedStep> = new Set(['extend', 'cancel-alert'] as const);

/** What waits after one more event. @param named what is kept of a proposal */
export function waitingAfter<T extends Waiting>(
  waiting: readonly T[],
  event: DossierEvent,
  named: (event: Extract<DossierEvent, { type: 'ChangeProposed' }>) => T,
): readonly T[] {
  switch (event.type) {
    case 'ChangeProposed':
      return [...waiting, named(event)];
    case 'ProposalApproved':
    case 'ProposalRefused':
      return waiting.filter(({ proposal }) => proposal !== event.data.proposal);
    case 'DossierRejected':
    case 'DossierWithdrawn':
    case 'DossierStopped':
    case 'DossierResolved':
    case 'ResultReturned':
      return waiting.filter(({ step }) => !LAPSE_AT_END.has(step));
    default:
      return waiting;
  }
}
