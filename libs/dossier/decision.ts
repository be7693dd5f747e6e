import type { Acting } from '#libs/access/second-person.js';
import { type Calendar, compileCalendar } from '#libs/calendar/compile-calendar.js';
import { resume } from '#libs/calendar/working-time.js';
import type { CalendarDefinition } from '#libs/calendar/calendar.js';
import { Problem } from '#libs/problem/problem.js';
import type { PolicyRules, ReferenceData } from '#libs/reference/reference.events.js';
import type { DossierFact, Terms } from './dossier.events.js';
import { type DossierState, isPaused } from './dossier.js';
import { inForce } from './in-force.js';
import { allowedSteps, type Step } from './steps.js';

/** What a decision knows besides the dossier: the present, the published versions, and who acts. */
export interface Situation extends Acting {
  /** The service's clock, ISO 8601 in UTC. */
  readonly now: string;
  readonly reference: ReferenceData;
}

/** A step on a dossier that exists: what happens, given what it is now. Throws `Problem` if it may not be. */
export type Decide = (state: DossierState, situation: Situation) => DossierFact[];

/** @throws Problem step-not-allowed, naming the steps that are */
export function requireStep(state: DossierState, step: Step): void {
  const allowed = allowedSteps(state);
  if (!allowed.includes(step)) {
    throw new Problem('step-not-allowed', { step, state: state.status, allowed, code: state.code });
  }
}

/**
 * The claimed instant of a step: now if none is claimed; never further ahead of the clock than the policy
 * tolerates, never before the step it follows.
 */
export function claimedInstant(
  claimed: string | undefined,
  state: Pick<DossierState, 'lastStepAt' | 'acceptedAt'> | undefined,
  { now }: Situation,
  rules: Pick<PolicyRules, 'futureToleranceSeconds'>,
  pointer = '/occurredAt',
): string {
  const at = claimed ?? now;
  const latest = new Date(Date.parse(now) + rules.futureToleranceSeconds * 1000).toISOString();
  if (at > latest) {
    throw new Problem('in-the-future', { claimed: at, latest }, [{ pointer, rule: 'inTheFuture' }]);
  }
  if (!state) return at;
  if (state.acceptedAt !== null && at < state.acceptedAt) {
    throw new Problem('before-acceptance', { claimed: at, acceptedAt: state.acceptedAt }, [
      { pointer, rule: 'beforeAcceptance' },
    ]);
  }
  if (at < state.lastStepAt) {
    throw new Problem('before-previous-step', { claimed: at, previous: state.lastStepAt }, [
      { pointer, rule: 'beforePreviousStep' },
    ]);
  }
  return at;
}

/** The policy a dossier runs under: the version frozen at acceptance, or the one in force for its unit. */
export function rulesFor(state: DossierState, { now, reference }: Situation): PolicyRules {
  if (state.terms) {
    const { id, version } = state.terms.policy;
    const policy = reference.policyVersion(id, version);
    if (policy) return policy.rules;
    throw new Problem('policy-unknown', { policy: id, version });
  }
  return inForce(state.unit, now, reference).policy.rules;
}

/** The due instant when a stopped clock goes on; the one of before if it was not stopped. */
export function resumedDue(state: DossierState, resumedAt: string, { reference }: Situation): string | null {
  const pausedAt = state.pauses.at(-1)?.from;
  if (!isPaused(state) || pausedAt === undefined || state.dueAt === null || state.terms === null)
    return state.dueAt;
  return resume(frozenCalendar(state.terms, reference), {
    due: state.dueAt,
    unit: state.terms.limit?.unit ?? 'day',
    pausedAt,
    resumedAt,
    ...(state.acceptedAt === null ? {} : { start: state.acceptedAt }),
  });
}

/** The calendar version that a dossier was accepted under. */
export function frozenCalendar(terms: Terms, reference: ReferenceData): Calendar {
  const { id, version } = terms.calendar;
  const calendar = reference.calendarVersion(id, version);
  if (!calendar) throw new Problem('calendar-unknown', { calendar: id, version });
  return compiled(calendar.definition);
}

const calendars = new WeakMap<CalendarDefinition, Calendar>();
const atOnce = new WeakMap<CalendarDefinition, CalendarDefinition>();

/** A published definition never changes, so that it is compiled once. */
export function compiled(definition: CalendarDefinition): Calendar {
  let calendar = calendars.get(definition);
  if (!calendar) calendars.set(definition, (calendar = compileCalendar(definition)));
  return calendar;
}

/** The same calendar, with time that runs from the start on: for limits that do not wait for the next day. */
export function compiledAtOnce(definition: CalendarDefinition): Calendar {
  let changed = atOnce.get(definition);
  if (!changed) atOnce.set(definition, (changed = { ...definition, startRule: 'immediate' }));
  return compiled(changed);
}
