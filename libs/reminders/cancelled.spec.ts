import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { compileCalendar } from '#libs/calendar/compile-calendar.js';
import { alertsOf } from '#libs/dossier/cancel-alert/alerts.js';
import { consult } from '#libs/dossier/consult/consult.js';
import type { Decide } from '#libs/dossier/decision.js';
import type { Alert, DossierEvent, DossierFact } from '#libs/dossier/dossier.events.js';
import { type DossierState, evolve } from '#libs/dossier/dossier.js';
import { handOver } from '#libs/dossier/hand-over/hand-over.js';
import { allowedSteps, type Step } from '#libs/dossier/steps.js';
import { CALENDAR } from '#libs/dossier/testing/reference.js';
import { SAMPLE_STEPS } from '#libs/dossier/testing/sample-steps.js';
import {
  ACCEPTED,
  accepting,
  desk,
  eventsOf,
  NOW,
  type Past,
  REGISTERED,
  took,
} from '#libs/dossier/testing/scenario.js';
import type { RecordedEvent } from '#libs/event-log/event-log.js';
import { Problem } from '#libs/problem/problem.js';
import { REMINDER_TOPICS } from '#libs/reference/reminder-rules.js';
import { lookAt, type PlanBasis, planReminders } from './plan.js';
import { foldWatched, type Watched } from './watched.js';

const calendar = compileCalendar(CALENDAR);
/** Whatever one can be reminded of, at its due instant. */
const BASIS: PlanBasis = {
  policy: {
    ...{ id: 'p', version: 1 },
    rules: REMINDER_TOPICS.map((about) => ({ about, when: { on: 'due' }, to: 'clerk' })),
  },
  calendarOf: () => calendar,
};

/** A dossier as its next step knows it, and as reminders do. */
class Life {
  state: DossierState | undefined;
  watched: Watched | undefined;

  constructor(...past: readonly Past[]) {
    for (const one of past) this.add(eventsOf(this.state, one));
  }

  add(events: readonly DossierEvent[]): void {
    for (const event of events) {
      this.state = evolve(this.state, event);
      this.watched = foldWatched(this.watched, event as unknown as RecordedEvent);
    }
  }

  get planned(): Alert[] {
    const all = planReminders(this.watched as Watched, BASIS);
    return all.map(({ about, dueAt }) => ({ topic: about, dueAt }));
  }
}

const cancelled = (alert: Alert): DossierFact => ({
  type: 'AlertCancelled',
  occurredAt: desk('2024-01-16 09:00'),
  data: { ...alert, approver: 'supervisor-1', proposal: 'p1' },
});
const sorted = (alerts: readonly Alert[]): string[] =>
  alerts.map(({ topic, dueAt }) => `${topic} ${dueAt}`).sort();
const DUE = desk('2024-01-23 10:00');
const RESULT: Alert = { topic: 'result', dueAt: DUE };
const APOLOGY: Alert = { topic: 'apology', dueAt: DUE };

describe('a cancelled alert', () => {
  it('is planned no more; what else the dossier needs is', () => {
    expect(new Life(ACCEPTED).planned).toEqual([APOLOGY, RESULT]);
    expect(new Life(ACCEPTED, cancelled(RESULT)).planned).toEqual([APOLOGY]);
  });

  it('leaves it to the clock to note that the deadline passed, and when to look for it', () => {
    const { watched } = new Life(ACCEPTED, cancelled(RESULT), cancelled(APOLOGY));
    const passed = new Date(Date.parse(DUE) + 1).toISOString();
    expect(lookAt(watched as Watched, BASIS, NOW)).toEqual({
      ...{ due: [], overdue: [] },
      next: { at: passed, deadline: true },
    });
    expect(lookAt(watched as Watched, BASIS, passed)).toEqual({ due: [], overdue: [DUE], next: null });
  });

  it('comes back with another due instant', () => {
    const dueAt = desk('2024-01-26 17:00');
    const extended: DossierFact = {
      type: 'DeadlineExtended',
      occurredAt: desk('2024-01-17 09:00'),
      data: { oldDueAt: DUE, newDueAt: dueAt, apologyNumber: '1', approver: 'supervisor-1' },
    };
    const life = new Life(ACCEPTED, cancelled(RESULT), extended);
    expect(life.planned).toEqual([{ topic: 'result', dueAt }]);
  });

  it('comes back with a dossier that was taken back and is brought anew', () => {
    const source = { file: 'a', row: 1 };
    const accepted = eventsOf(undefined, ACCEPTED).map((event) => ({
      ...event,
      metadata: { ...event.metadata, source },
    }));
    const life = new Life();
    life.add(accepted);
    life.add(eventsOf(life.state, cancelled(RESULT)));
    life.add(
      eventsOf(life.state, {
        type: 'ImportReversed',
        data: { file: 'a' },
        occurredAt: desk('2024-01-17 09:00'),
      }),
    );
    expect(life.planned).toEqual([]);
    life.add(accepted);
    expect(life.planned).toEqual([APOLOGY, RESULT]);
    expect(life.state?.cancelledAlerts).toEqual([]);
  });
});

const HANDED_OVER = took('2024-01-15 11:00', handOver({ toUnit: 'QLĐT' }));
/** The desk `H54.13` stops no clock. */
const openings: readonly Past[] = [ACCEPTED, REGISTERED, { at: NOW, open: accepting({ unit: 'H54.13' }) }];

/** A consulted agency has a date here. */
const stepAt = (step: Step, now: number): Decide =>
  step === 'consult'
    ? consult({ agency: 'Sở Xây dựng', dueAt: new Date(now + 86_400_000).toISOString() })
    : SAMPLE_STEPS[step];

describe('what can be cancelled', () => {
  it('is exactly what can be planned, after every step of every life at the desk', () => {
    const step = fc.record({ n: fc.nat(100), minutes: fc.nat(4_000) });
    const topics = new Set<string>();
    fc.assert(
      fc.property(fc.constantFrom(...openings), fc.array(step, { maxLength: 25 }), (first, steps) => {
        const life = new Life(first, ...(first === REGISTERED ? [] : [HANDED_OVER]));
        let now = Date.parse(desk('2024-01-15 14:00'));
        for (const { n, minutes } of steps) {
          const state = life.state as DossierState;
          const open = alertsOf(state);
          for (const { topic } of open) topics.add(topic);
          const silent = sorted(state.cancelledAlerts);
          expect(sorted(life.planned)).toEqual(sorted(open).filter((one) => !silent.includes(one)));
          now += minutes * 60_000;
          const allowed = allowedSteps(state);
          const decide = stepAt(allowed[n % allowed.length] as Step, now);
          try {
            life.add(eventsOf(state, { at: new Date(now).toISOString(), step: decide }));
          } catch (error) {
            expect(error).toBeInstanceOf(Problem);
          }
        }
      }),
      { numRuns: 150 },
    );
    expect(topics).toEqual(new Set(REMINDER_TOPICS));
  });
});
