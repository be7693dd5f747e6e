import { Problem } from '#libs/problem/problem.js';
import { type Action, permit, permittedUnits, type Place } from './policy.js';
import type { Grant, Principal, Units } from './principal.js';

/** Somebody who wants something, with the reason he states where it is not his own. */
export interface Caller {
  readonly principal: Principal;
  readonly reason?: string | undefined;
}

/**
 * The grant by which he may do it there.
 * @throws Problem forbidden; reason-missing where a reason would do
 */
export function demand(
  { principal, reason }: Caller,
  action: Action,
  now: string,
  where: Place,
  pointer?: string,
): Grant {
  const verdict = permit(principal, action, now, where, reason);
  if (verdict.allowed) return verdict.grant;
  if (verdict.why === 'reason') throw reasonMissing();
  throw forbidden(action, verdict.why === 'unit' ? pointer : undefined);
}

/**
 * The units of which a list may show him something.
 * @throws Problem forbidden; reason-missing where he has units in none but for a reason
 */
export function demandUnits({ principal, reason }: Caller, action: Action, now: string): Units {
  const units = permittedUnits(principal, action, now, reason);
  if (units === 'all' || units.length > 0) return units;
  const withReason = permittedUnits(principal, action, now, 'stated');
  throw withReason === 'all' ? reasonMissing() : forbidden(action);
}

/** `pointer`: the field that names the unit in which he may not. */
export function forbidden(action?: Action, pointer?: string): Problem {
  const fields = pointer === undefined ? [] : [{ pointer, rule: 'foreignUnit' }];
  return new Problem('forbidden', action === undefined ? {} : { action }, fields);
}

const reasonMissing = (): Problem =>
  new Problem('reason-missing', {}, [{ pointer: 'header:X-Reason', rule: 'required' }]);
