import { localDate } from '#libs/calendar/working-time.js';
import { Problem } from '#libs/problem/problem.js';
import type { PolicyVersion, ReferenceData, UnitVersion } from '#libs/reference/reference.events.js';

/** The published versions that are in force for a unit at an instant. */
export interface InForce {
  readonly unit: UnitVersion;
  readonly policy: PolicyVersion;
  readonly calendar: { readonly id: string; readonly version: number };
  readonly zone: string;
  /** Date of the desk. */
  readonly date: string;
}

/** @throws Problem unit-unknown, calendar-unknown, policy-unknown */
export function inForce(unitCode: string, at: string, reference: ReferenceData): InForce {
  // The desk's date follows from its zone, which a version of its calendar states: first by the date in UTC.
  const nearby = unitOn(unitCode, at.slice(0, 10), reference);
  const zone = reference.calendar(nearby.calendar, at.slice(0, 10))?.definition.zone;
  const date = zone ? localDate(zone, at) : at.slice(0, 10);
  const unit = unitOn(unitCode, date, reference);
  const calendar = reference.calendar(unit.calendar, date);
  if (!calendar || !zone) throw new Problem('calendar-unknown', { calendar: unit.calendar, date });
  const policy = reference.policy(unit.policy, date);
  if (!policy) throw new Problem('policy-unknown', { policy: unit.policy, date });
  return { unit, policy, calendar: { id: calendar.id, version: calendar.version }, zone, date };
}

function unitOn(code: string, date: string, reference: ReferenceData): UnitVersion {
  const unit = reference.unit(code, date);
  if (!unit) throw new Problem('unit-unknown', { unit: code }, [{ pointer: '/unit', rule: 'unknown' }]);
  return unit;
}
