import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { compileCalendar } from '#libs/calendar/compile-calendar.js';
import { consult } from '#libs/dossier/consult/consult.js';
import type { DossierEvent } from '#libs/dossier/dossier.events.js';
import { type DossierState, evolve } from '#libs/dossier/dossier.js';
import { handOver } from '#libs/dossier/hand-over/hand-over.js';
import { receiveSupplement } from '#libs/dossier/receive-supplement/receive-supplement.js';
import { requestSupplement } from '#libs/dossier/request-supplement/request-supplement.js';
import { resolve } from '#libs/dossier/resolve/resolve.js';
import { CALENDAR } from '#libs/dossier/testing/reference.js';
import {
  ACCEPTED,
  CODE,
  desk,
  eventsOf,
  type Past,
  REGISTERED,
  took,
} from '#libs/dossier/testing/scenario.js';
import type { RecordedEvent } from '#libs/event-log/event-log.js';
import { streamName } from '#libs/event-log/event-log.js';
import type { ReminderRule } from '#libs/reference/reminder-rules.js';
import { lookAt, type PlanBasis, planReminders } from './plan.js';
import { REMINDER_CATEGORY } from './reminder.events.js';
import { foldWatched, type Watched } from './watched.js';

const days = (value: number) => ({ value, unit: 'working_day' as const });
const RULES: readonly ReminderRule[] = [
  { about: 'result', when: { share: 0.5 }, to: 'official' },
  { about: 'result', when: { before: days(3) }, to: 'official' },
  { about: 'result', when: { before: days(1) }, to: 'supervisor' },
  { about: 'result', when: { on: 'last_day' }, to: 'official' },
  { about: 'result', when: { on: 'due' }, to: 'supervisor' },
  { about: 'result', when: { after: days(1) }, to: 'desk_supervisor' },
  { about: 'apology', when: { before: days(2) }, to: 'supervisor' },
  { about: 'answer', when: { before: { value: 1, unit: 'working_hour' } }, to: 'clerk' },
  { about: 'consultation', when: { on: 'due' }, to: 'official' },
  { about: 'supplement', when: { after: { value: 15, unit: 'day' } }, to: 'clerk' },
  { about: 'collection', when: { after: days(5) }, to: 'clerk' },
  { about: 'result', when: { on: 'due' }, to: 'leadership', procedures: ['of another one'] },
];
const calendar = compileCalendar(CALENDAR);
const BASIS: PlanBasis = { policy: { id: 'p', version: 1, rules: RULES }, calendarOf: () => calendar };

const HANDED_OVER = took('2024-01-15 14:00', handOver({ toUnit: 'QLDT', toOfficial: 'official-7' }));
const ASKED = took(
  '2024-01-16 09:00',
  requestSupplement({ papers: [], reason: 'Thiếu', form: '1' } as never),
);

function events(...past: readonly Past[]): DossierEvent[] {
  let state: DossierState | undefined;
  return past.flatMap((one) => {
    const added = eventsOf(state, one);
    state = added.reduce(evolve, state);
    return added;
  });
}

const fold = (all: readonly DossierEvent[]): Watched =>
  (all as unknown as RecordedEvent[]).reduce<Watched | undefined>(foldWatched, undefined) as Watched;
const watched = (...past: readonly Past[]): Watched => fold(events(...past));
const planned = (...past: readonly Past[]): string[] =>
  planReminders(watched(...past), BASIS).map(({ at, about, to }) => `${wall(at)} ${about} ${to}`);
const wall = (at: string): string =>
  new Date(Date.parse(at) + 7 * 3_600_000).toISOString().slice(0, 16).replace('T', ' ');

describe('the plan of reminders', () => {
  it('of an accepted dossier, due on Tuesday 23 January at 10:00 with Monday 22 off', () => {
    expect(planned(ACCEPTED)).toEqual(
      [
        '2024-01-17 16:00 result official',
        '2024-01-17 10:00 result official',
        '2024-01-18 10:00 apology supervisor',
        '2024-01-19 10:00 result supervisor',
        '2024-01-23 07:00 result official',
        '2024-01-23 10:00 result supervisor',
        '2024-01-24 10:00 result desk_supervisor',
      ].sort(),
    );
  });

  it('of an online dossier that nobody accepted yet: within 8 working hours from Friday 16:00', () => {
    expect(planned(REGISTERED)).toEqual(['2024-01-15 15:00 answer clerk']);
  });

  it('is empty while the clock stands still, but for what the applicant is to bring', () => {
    expect(planned(ACCEPTED, HANDED_OVER, ASKED)).toEqual(['2024-01-31 09:00 supplement clerk']);
  });

  it('goes on with what was left, and says nothing of before', () => {
    const back = took('2024-01-18 09:00', receiveSupplement({}));
    // Due on Thursday 25 January at 10:00: half of the limit of 40 hours is left on Friday 19 at 16:00.
    expect(planned(ACCEPTED, HANDED_OVER, ASKED, back)).toEqual([
      '2024-01-19 10:00 result official',
      '2024-01-19 16:00 result official',
      '2024-01-23 10:00 apology supervisor',
      '2024-01-24 10:00 result supervisor',
      '2024-01-25 07:00 result official',
      '2024-01-25 10:00 result supervisor',
      '2024-01-26 10:00 result desk_supervisor',
    ]);
  });

  it('has the date of a consulted agency beside the deadline', () => {
    const asked = took(
      '2024-01-15 15:00',
      consult({ agency: 'Sở Xây dựng', dueAt: desk('2024-01-18 17:00') }),
    );
    expect(planned(ACCEPTED, HANDED_OVER, asked)).toContain('2024-01-18 17:00 consultation official');
  });

  it('ends with the dossier, but for the result that is to be fetched', () => {
    expect(planned(ACCEPTED, HANDED_OVER, took('2024-01-16 10:00', resolve({ outcome: 'granted' })))).toEqual(
      ['2024-01-24 10:00 collection clerk'],
    );
  });

  it('gives the same reminder the same id, and another one to another due instant', () => {
    const ids = (of: Watched): string[] => planReminders(of, BASIS).map(({ id }) => id);
    const [before, after] = [watched(ACCEPTED), watched(ACCEPTED, HANDED_OVER)];
    expect(ids(after)).toEqual(ids(before));
    expect(new Set(ids(before)).size).toBe(ids(before).length);
  });
});

describe('looking at a dossier', () => {
  const raised = (reminder: string): RecordedEvent => ({
    ...(events(ACCEPTED)[0] as unknown as RecordedEvent),
    type: 'ReminderRaised',
    stream: streamName(REMINDER_CATEGORY, CODE),
    data: { reminder, deliveries: [] },
  });

  it('raises what is due and was not raised, and says when to look again', () => {
    const one = watched(ACCEPTED);
    const now = desk('2024-01-17 16:00');
    const { due, next, overdue } = lookAt(one, BASIS, now);
    expect(due.map(({ at }) => wall(at))).toEqual(['2024-01-17 10:00', '2024-01-17 16:00']);
    expect([wall(next?.at ?? ''), overdue]).toEqual(['2024-01-18 10:00', []]);
    const again = due.reduce((of, { id }) => foldWatched(of, raised(id)) as Watched, one);
    expect(lookAt(again, BASIS, now).due).toEqual([]);
  });

  it('finds the deadline passed in the millisecond after it, and once', () => {
    const one = watched(ACCEPTED);
    const dueAt = one.row.dueAt as string;
    const after = new Date(Date.parse(dueAt) + 1).toISOString();
    expect(lookAt(one, BASIS, dueAt)).toMatchObject({ overdue: [], next: { at: after, deadline: true } });
    expect(lookAt(one, BASIS, after).overdue).toEqual([dueAt]);
    const fell = { type: 'DossierFellOverdue', data: { dueAt }, occurredAt: dueAt } as const;
    expect(lookAt(watched(ACCEPTED, fell), BASIS, after).overdue).toEqual([]);
  });

  it('tells at the deadline in the look that finds it passed', () => {
    const one = watched(ACCEPTED);
    const dueAt = one.row.dueAt as string;
    const after = new Date(Date.parse(dueAt) + 1).toISOString();
    const told = (now: string) => lookAt(one, BASIS, now).due.filter(({ atDeadline }) => atDeadline);
    expect(told(dueAt)).toEqual([]);
    expect(told(after).map(({ at }) => at)).toEqual([dueAt]);
  });

  it('finds that the deadline had passed when the dossier ended, though nobody looked in between', () => {
    const { dueAt } = watched(ACCEPTED).row;
    const ended = (wallTime: string) =>
      watched(ACCEPTED, HANDED_OVER, took(wallTime, resolve({ outcome: 'granted' })));
    const now = desk('2024-01-24 10:00');
    expect(lookAt(ended('2024-01-23 10:05'), BASIS, now).overdue).toEqual([dueAt]);
    expect(lookAt(ended('2024-01-23 10:00'), BASIS, now).overdue).toEqual([]);
    const stillStood = watched(
      ACCEPTED,
      HANDED_OVER,
      took('2024-01-23 11:00', requestSupplement({ papers: [], reason: 'Thiếu', form: '1' } as never)),
    );
    expect(lookAt(stillStood, BASIS, now).overdue).toEqual([dueAt]);
  });

  it('waits for the office to open with what it comes to too late', () => {
    const sunday = lookAt(watched(ACCEPTED, HANDED_OVER), BASIS, desk('2024-01-21 03:00'));
    expect([sunday.due, wall(sunday.next?.at ?? '')]).toEqual([[], '2024-01-23 07:00']);
    const late = lookAt(watched(ACCEPTED, HANDED_OVER), BASIS, desk('2024-01-19 18:00'));
    expect([late.due, wall(late.next?.at ?? '')]).toEqual([[], '2024-01-23 07:00']);
  });

  it('has nothing to say of a date in another age, and does not look for it', () => {
    const asked = took(
      '2024-01-15 15:00',
      consult({ agency: 'Sở Xây dựng', dueAt: '9999-12-31T10:00:00.000Z' }),
    );
    expect(planned(ACCEPTED, HANDED_OVER, asked)).toEqual(planned(ACCEPTED, HANDED_OVER));
  });

  it('names a later instant to look again than the one it looks at, also where a share ends within a millisecond', () => {
    const third = {
      policy: { ...BASIS.policy, rules: [{ about: 'result', when: { share: 1 / 7 }, to: 'official' }] },
    };
    const basis = { ...BASIS, ...third } as PlanBasis;
    const at = planReminders(watched(ACCEPTED), basis)[0]?.at ?? '';
    expect(lookAt(watched(ACCEPTED), basis, at).due).toHaveLength(1);
    expect(Date.parse(lookAt(watched(ACCEPTED), basis, at).next?.at ?? '')).toBeGreaterThan(Date.parse(at));
  });

  it('leaves what nobody looked at for more than three days, but for the deadline itself', () => {
    const { due } = lookAt(watched(ACCEPTED), BASIS, desk('2024-02-20 08:00'));
    expect(due.map(({ atDeadline }) => atDeadline)).toEqual([true]);
  });

  it('comes to every reminder once, however often it looks beside the times it named', () => {
    const first = watched(ACCEPTED);
    const all = planReminders(first, BASIS).map(({ id }) => id);
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 70 }), { maxLength: 40 }), (hours) => {
        let now = desk('2024-01-15 10:00');
        let state = first;
        const got: string[] = [];
        const look = (at: string): string | null => {
          now = at;
          const { due, next } = lookAt(state, BASIS, at);
          for (const { id } of due) {
            got.push(id);
            state = foldWatched(state, raised(id)) as Watched;
          }
          return next?.at ?? null;
        };
        for (const hour of [...hours, 0]) {
          const until = new Date(Date.parse(now) + hour * 3_600_000).toISOString();
          for (let next = look(now); next !== null && (hour === 0 || next <= until); next = look(next));
          if (hour > 0) look(until);
        }
        expect(got.sort()).toEqual([...all].sort());
      }),
      { numRuns: 20 },
    );
  });
});
