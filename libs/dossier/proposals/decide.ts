import { areTwoPersons } from '#libs/access/second-person.js';
import { Problem } from '#libs/problem/problem.js';
import { type Decide, requireStep, type Situation } from '../decision.js';
import type { DossierFact } from '../dossier.events.js';
import type { DossierState, Proposal } from '../dossier.js';
import { decisionOf } from './changes.js';

/**
 * The second person says yes: the change happens now, by the rules of the change and as the dossier is now, or is
 * refused where the dossier has moved on too far. Then the proposal still waits, to be refused.
 */
export const approve =
  ({ proposal }: { proposal: string }): Decide =>
  (state, situation) => {
    requireStep(state, 'approve');
    const open = openProposal(state, proposal);
    requireSecondPerson(open, situation);
    const others = state.proposals.filter((other) => other !== open);
    return [
      {
        type: 'ProposalApproved',
        occurredAt: situation.now,
        data: { proposal, proposedBy: open.proposedBy },
      },
      ...carriedOut(open, { ...state, proposals: others }, situation),
    ];
  };

/** Says no. Who proposed it may do so, too: it is how a proposal is taken back. */
export const refuse =
  ({ proposal, reason }: { proposal: string; reason: string }): Decide =>
  (state, situation) => {
    requireStep(state, 'refuse');
    openProposal(state, proposal);
    return [{ type: 'ProposalRefused', occurredAt: situation.now, data: { proposal }, personal: { reason } }];
  };

function openProposal({ proposals }: DossierState, proposal: string): Proposal {
  const open = proposals.find((other) => other.proposal === proposal);
  if (open) return open;
  throw new Problem('proposal-unknown', { proposal, open: proposals.map((other) => other.proposal) }, [
    { pointer: '/proposal', rule: 'unknown' },
  ]);
}

function requireSecondPerson(open: Proposal, situation: Situation): void {
  const { proposal, proposedBy, onBehalfOf } = open;
  if (!areTwoPersons({ actor: proposedBy, onBehalfOf }, situation)) {
    throw new Problem('second-person-needed', { proposal, proposedBy });
  }
}

/** What makes it impossible now are not fields of the approval. */
function carriedOut(proposal: Proposal, state: DossierState, situation: Situation): DossierFact[] {
  try {
    return decisionOf(proposal, proposal.proposal)(state, situation);
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    throw new Problem(error.type, { ...error.details, proposal: proposal.proposal });
  }
}
