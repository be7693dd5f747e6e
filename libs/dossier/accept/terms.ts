import { dueInstant, localDate } from '#libs/calendar/working-time.js';
import { Problem } from '#libs/problem/problem.js';
import type { PolicyVersion, ReferenceData, UnitVersion } from '#libs/reference/reference.events.js';
import { compiled } from '../decision.js';
import type { Terms } from '../dossier.events.js';

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
  const unit = reference.unit(unitCode, at.slice(0, 10));
  if (!unit) throw new Problem('unit-unknown', { unit: unitCode }, [{ pointer: '/unit', rule: 'unknown' }]);
  const zone = reference.calendar(unit.calendar, at.slice(0, 10))?.definition.zone;
  const date = zone ? localDate(zone, at) : at.slice(0, 10);
  const calendar = reference.calendar(unit.calendar, date);
  if (!calendar || !zone) throw new Problem('calendar-unknown', { calendar: unit.calendar, date });
  const policy = reference.policy(unit.policy, date);
  if (!policy) throw new Problem('policy-unknown', { policy: unit.policy, date });
  return { unit, policy, calendar: { id: calendar.id, version: calendar.version }, zone, date };
}

/** The terms a dossier is accepted under at an instant, and when it is due by them. */
export function termsAt(
  input: { unit: string; procedure: string; case: string },
  at: string,
  reference: ReferenceData,
): { terms: Terms; dueAt: string } {
  const { policy, calendar, zone, date } = inForce(input.unit, at, reference);
  const procedure = reference.procedure(input.procedure, date);
  if (!procedure) {
    throw new Problem('procedure-unknown', { procedure: input.procedure, date }, [
      { pointer: '/procedure', rule: 'unknown' },
    ]);
  }
  const limit = procedure.limits.find((entry) => entry.case === input.case)?.limit;
  if (!limit) {
    const cases = procedure.limits.map((entry) => entry.case);
    throw new Problem('case-unknown', { procedure: input.procedure, case: input.case, cases }, [
      { pointer: '/case', rule: 'unknown' },
    ]);
  }
  const version = reference.calendarVersion(calendar.id, calendar.version);
  if (!version) throw new Problem('calendar-unknown', { calendar: calendar.id, date });
  return {
    terms: {
      procedure: { id: procedure.code, version: procedure.version },
      field: procedure.field,
      case: input.case,
      limit,
      calendar,
      policy: { id: policy.id, version: policy.version },
      zone,
    },
    dueAt: dueInstant(compiled(version.definition), at, limit),
  };
}
