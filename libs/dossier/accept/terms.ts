import { dueInstant } from '#libs/calendar/working-time.js';
import { Problem } from '#libs/problem/problem.js';
import type { ReferenceData } from '#libs/reference/reference.events.js';
import { compiled } from '../decision.js';
import type { Terms } from '../dossier.events.js';
import { inForce } from '../in-force.js';

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
      ...(policy.rules.beforeTimeBy === 'instant' ? { beforeTimeBy: 'instant' } : {}),
    },
    dueAt: dueInstant(compiled(version.definition), at, limit),
  };
}
