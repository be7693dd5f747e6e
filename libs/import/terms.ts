import { CalendarError } from '#libs/calendar/calendar-error.js';
import { compileCalendar } from '#libs/calendar/compile-calendar.js';
import { dueInstant, localDate } from '#libs/calendar/working-time.js';
import type { Terms } from '#libs/dossier/dossier.events.js';
import type { ReferenceData } from '#libs/reference/reference.events.js';
import type { Claims } from './claims.js';

export interface ImportedTerms {
  readonly terms: Terms;
  readonly dueAt: string | null;
  readonly dueBasis: 'computed' | 'stated';
}

/**
 * The terms a dossier of the log ran under: a due instant that the log states is kept as such; else the calendar
 * computes it, where the procedure has a limit.
 * @param zone of the log: it decides the day on which the versions must be in force
 * @returns why there are none, if something the row names is not published for that day
 */
export function importedTerms(
  claims: Claims,
  acceptedAt: string,
  { reference, zone }: { readonly reference: ReferenceData; readonly zone: string },
): ImportedTerms | string {
  const date = localDate(zone, acceptedAt);
  const unit = reference.unit(claims.unit, date);
  if (!unit) return `unit "${claims.unit}" is not published for ${date}`;
  const calendar = reference.calendar(unit.calendar, date);
  if (!calendar) return `calendar "${unit.calendar}" is not published for ${date}`;
  const policy = reference.policy(unit.policy, date);
  if (!policy) return `policy "${unit.policy}" is not published for ${date}`;
  const procedure = reference.procedure(claims.procedure, date);
  if (!procedure) return `procedure "${claims.procedure}" is not published for ${date}`;

  const terms: Terms = {
    procedure: { id: procedure.code, version: procedure.version },
    field: procedure.field,
    case: claims.case,
    limit: null,
    calendar: { id: calendar.id, version: calendar.version },
    policy: { id: policy.id, version: policy.version },
    zone: calendar.definition.zone,
    ...(policy.rules.beforeTimeBy === 'instant' ? { beforeTimeBy: 'instant' } : {}),
  };
  if (claims.due !== null) return { terms, dueAt: claims.due, dueBasis: 'stated' };
  if (procedure.limits.length === 0) return { terms, dueAt: null, dueBasis: 'computed' };
  const limit = procedure.limits.find((entry) => entry.case === claims.case)?.limit;
  if (!limit) return `procedure "${claims.procedure}" has no limit for case "${claims.case}"`;
  try {
    const dueAt = dueInstant(compileCalendar(calendar.definition), acceptedAt, limit);
    return { terms: { ...terms, limit }, dueAt, dueBasis: 'computed' };
  } catch (error) {
    if (error instanceof CalendarError) return `no due instant can be computed: ${error.message}`;
    throw error;
  }
}
