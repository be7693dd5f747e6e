import { type Caller, demand, forbidden } from '#libs/access/demand.js';
import { permit, type Place } from '#libs/access/policy.js';
import type { Grant } from '#libs/access/principal.js';
import { Problem } from '#libs/problem/problem.js';
import type { CommandContext } from './commands/command.js';
import type { DossierState } from './dossier.js';

/** Where a dossier is: the desk that took it in keeps it, too, while another unit has it. */
export const placeOf = ({ desk, unit }: DossierState): Place => [desk, unit];

/**
 * The grant by which he may take this step, or whatever else is of his own units only.
 * @throws Problem forbidden; dossier-unknown for one of other units, as for one that there is not
 */
export function demandStep(
  { principal, action }: Pick<CommandContext, 'principal' | 'action'>,
  state: DossierState,
  now: string,
): Grant {
  const verdict = permit(principal, action, now, placeOf(state));
  if (verdict.allowed) return verdict.grant;
  throw verdict.why === 'role' ? forbidden(action) : new Problem('dossier-unknown', { code: state.code });
}

/**
 * The grant by which he may see the dossier.
 * @throws Problem forbidden; reason-missing for one of other units
 */
export const demandReading = (caller: Caller, state: DossierState, now: string): Grant =>
  demand(caller, 'read-dossier', now, placeOf(state));
