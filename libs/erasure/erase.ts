import { type Acting, areTwoPersons } from '#libs/access/second-person.js';
import type { ErasureBasis, PersonFact } from '#libs/personal-data/person.events.js';
import { Problem } from '#libs/problem/problem.js';
import type { PersonState } from './person.js';
import { barsOf, dueSince, type Holding } from './retention.js';

/** What a decision on an erasure knows besides the person. */
export interface ErasureSituation {
  readonly now: string;
  /** Every dossier that holds data of the person. */
  readonly holdings: readonly Holding[];
}

/** The first of four eyes: names the paper on which it was asked for or decided. */
export function proposeErasure(
  state: PersonState,
  input: { readonly basis: ErasureBasis; readonly form: string; readonly reason: string },
  situation: ErasureSituation,
): PersonFact {
  const { subject, open } = state;
  requireErasable(state, input.basis, situation);
  if (open) throw new Problem('erasure-proposed-already', { subject, proposal: open.proposal });
  const { basis, form, reason } = input;
  const proposal = `e${state.revision + 1n}`;
  return { type: 'ErasureProposed', data: { subject, proposal, basis, form }, personal: { reason } };
}

/** The second person agrees: the person is forgotten. What has come to stand against it meanwhile counts. */
export function approveErasure(
  state: PersonState,
  { proposal, acting }: { readonly proposal: string; readonly acting: Acting },
  situation: ErasureSituation,
): PersonFact {
  const open = requireOpen(state, proposal);
  const { basis, form, proposedBy } = open;
  if (!areTwoPersons({ ...open, actor: proposedBy }, acting)) {
    throw new Problem('second-person-needed', { proposal, proposedBy });
  }
  requireErasable(state, basis, situation);
  const { subject } = state;
  const data = { subject, proposal, basis, form, proposedBy, approver: acting.actor };
  return { type: 'PersonErased', data };
}

export function refuseErasure(
  state: PersonState,
  { proposal, reason }: { readonly proposal: string; readonly reason: string },
): PersonFact {
  requireOpen(state, proposal);
  return { type: 'ErasureRefused', data: { subject: state.subject, proposal }, personal: { reason } };
}

/** @throws Problem `erasure-proposal-unknown`, also for one that was decided before */
function requireOpen({ subject, open }: PersonState, proposal: string): NonNullable<PersonState['open']> {
  if (open?.proposal === proposal) return open;
  throw new Problem('erasure-proposal-unknown', { subject, proposal }, [
    { pointer: '/proposal', rule: 'unknown' },
  ]);
}

function requireErasable(
  { subject, erasedAt }: PersonState,
  basis: ErasureBasis,
  { holdings, now }: ErasureSituation,
): void {
  if (erasedAt !== null) throw new Problem('person-erased', { subject, erasedAt });
  if (holdings.length === 0) throw new Problem('person-unknown', { subject });
  const bars = barsOf(holdings, now);
  if (bars.length > 0) {
    const codes = (why: string): string[] => bars.filter((bar) => bar.why === why).map(({ code }) => code);
    const kept = bars.flatMap((bar) => (bar.why === 'kept' ? [bar.until] : []));
    const until = kept.length === 0 ? null : kept.reduce((a, b) => (a > b ? a : b));
    throw new Problem('erasure-barred', {
      subject,
      ...{ open: codes('open'), held: codes('held'), kept: codes('kept'), until, clear: codes('clear') },
    });
  }
  if (basis === 'retention' && dueSince(holdings, now) === undefined) {
    throw new Problem('erasure-not-due', { subject }, [{ pointer: '/basis', rule: 'erasure-not-due' }]);
  }
}
