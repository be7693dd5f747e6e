import type { Grant, Units } from '../principal.js';
import type { OwnGrant } from './account.events.js';

/** In all units if any of the grants says so. */
export function unitsOf(role: Grant['role'], grants: readonly OwnGrant[]): Units {
  const having = grants.filter((grant) => grant.role === role).map(({ units }) => units);
  return having.includes('all') ? 'all' : [...new Set(having.flat())];
}

/** What is in both; undefined for nothing. */
export function unitsInBoth(one: Units, other: Units): Units | undefined {
  if (one === 'all') return isNone(other) ? undefined : other;
  const units = other === 'all' ? one : one.filter((unit) => other.includes(unit));
  return isNone(units) ? undefined : units;
}

/** What `wanted` asks for, as far as `having` goes. */
export function within(wanted: readonly OwnGrant[], having: readonly OwnGrant[]): OwnGrant[] {
  return wanted.flatMap(({ role, units }) => {
    const both = unitsInBoth(units, unitsOf(role, having));
    return both === undefined ? [] : [{ role, units: both }];
  });
}

/** Whether `having` holds all that `wanted` asks for. */
export function covers(having: readonly OwnGrant[], { role, units }: OwnGrant): boolean {
  const own = unitsOf(role, having);
  if (own === 'all') return true;
  return units !== 'all' && units.every((unit) => own.includes(unit));
}

const isNone = (units: Units): boolean => units !== 'all' && units.length === 0;
