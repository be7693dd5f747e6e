import type { Calendar } from '#libs/calendar/compile-calendar.js';
import { compiled } from '#libs/dossier/decision.js';
import { inForce } from '#libs/dossier/in-force.js';
import { Problem } from '#libs/problem/problem.js';
import type { ReferenceData } from '#libs/reference/reference.events.js';
import type { PlanBasis } from './plan.js';

/** What the plan for a desk's dossiers rests on now; without rules where no policy is in force, or the desk is unknown. */
export function basisFor(desk: string, now: string, reference: ReferenceData): PlanBasis {
  const own = known(() => inForce(desk, now, reference));
  const policy = own && reference.reminders(desk, own.date);
  if (!policy) return NO_REMINDERS;
  const atDesk = calendarIn(own.calendar, reference);
  const calendars = new Map([[desk, atDesk]]);
  return {
    policy: { id: policy.id, version: policy.version, rules: policy.rules },
    // Departments need not be published as units: they keep the hours of the desk.
    calendarOf: (unit) => {
      let calendar = calendars.get(unit);
      if (!calendar) {
        const there = known(() => inForce(unit, now, reference));
        calendar = there ? calendarIn(there.calendar, reference) : atDesk;
        calendars.set(unit, calendar);
      }
      return calendar;
    },
  };
}

const NO_REMINDERS: PlanBasis = {
  policy: { id: '', version: 0, rules: [] },
  calendarOf: () => {
    throw new Error('nothing is planned without rules');
  },
};

function calendarIn({ id, version }: { id: string; version: number }, reference: ReferenceData): Calendar {
  const calendar = reference.calendarVersion(id, version);
  if (!calendar) throw new Problem('calendar-unknown', { calendar: id, version });
  return compiled(calendar.definition);
}

function known<T>(look: () => T): T | undefined {
  try {
    return look();
  } catch (error) {
    if (error instanceof Problem) return undefined;
    throw error;
  }
}
