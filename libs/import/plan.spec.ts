import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { DossierEvent, NewDossierEvent } from '#libs/dossier/dossier.events.js';
import type { ReferenceData } from '#libs/reference/reference.events.js';
import type { Claims } from './claims.js';
import { importId } from './event-ids.js';
import { plan as planned, type Plan, type PlanContext } from './plan.js';
import { soFar } from './so-far.js';

const VERSION = { version: 1, validFrom: '2010-01-01', validTo: null, source: 'test' };
const REFERENCE = {
  unit: (code: string) => (code === 'U' ? { ...VERSION, code, calendar: 'C', policy: 'P' } : undefined),
  calendar: (id: string) => ({
    ...VERSION,
    id,
    definition: { zone: 'UTC', startRule: 'immediate', week: { mon: [['09:00', '17:00']] } },
  }),
  policy: (id: string) => ({ ...VERSION, id, rules: { beforeTimeBy: 'date' } }),
  procedure: (code: string) => ({
    ...VERSION,
    code,
    field: 'F',
    limits: code === 'no-limit' ? [] : [{ case: 'default', limit: { value: 8, unit: 'working_hour' } }],
  }),
} as unknown as ReferenceData;

const CONTEXT: PlanContext = {
  file: 'f1',
  correlationId: 'run',
  causationId: 'start',
  reference: REFERENCE,
  zone: 'UTC',
  statesAcceptance: true,
  now: '2024-06-01T00:00:00.000Z',
  subjectOf: (code) => `subject of ${code}`,
  digest: (text) => `digest of ${text}`,
};

/** With the events alone, before their personal fields are sealed. */
function plan(...given: Parameters<typeof planned>): Omit<Plan, 'events'> & { events: NewDossierEvent[] } {
  const { events, ...rest } = planned(...given);
  return { ...rest, events: events.map(({ event }) => event) };
}

const MONDAY = '2024-01-01T10:00:00.000Z';
const ROW: Claims = {
  row: 2,
  code: 'A',
  activity: 'step',
  instant: '2024-01-02T10:00:00.000Z',
  eventId: null,
  performer: 'p1',
  channel: 'post',
  unit: 'U',
  procedure: 'proc',
  case: 'default',
  official: 'o1',
  officialName: null,
  acceptance: MONDAY,
  due: '2024-01-09T10:00:00.000Z',
  end: '2024-01-05T10:00:00.000Z',
};

describe('the plan for rows of a dossier', () => {
  it('accepts it as the log says, records each step, and ends it last', () => {
    const { events } = plan([ROW, { ...ROW, row: 3, activity: 'other' }], soFar([]), CONTEXT);

    expect(events.map(({ type, occurredAt }) => [type, occurredAt])).toEqual([
      ['DossierAccepted', ROW.acceptance],
      ['ActivityRecorded', ROW.instant],
      ['ActivityRecorded', ROW.instant],
      ['DossierResolved', ROW.end],
    ]);
    expect(events[0]?.data).toMatchObject({
      dueAt: ROW.due,
      dueBasis: 'stated',
      channel: 'post',
      official: 'o1',
      terms: { limit: null, calendar: { id: 'C', version: 1 } },
    });
    expect(events[2]?.metadata).toMatchObject({ actor: 'import', source: { file: 'f1', row: 3 } });
  });

  it('has names of officials sealed under the key of the dossier, and in no id', () => {
    const rows = [{ ...ROW, official: null, officialName: 'Nguyễn Văn An' }];
    const { events } = planned(rows, soFar([]), CONTEXT);
    const person = { otherwise: 'subject of A' };
    expect(events.map(({ parts }) => parts)).toEqual([
      [{ person, part: 'rest', fields: { official: 'Nguyễn Văn An' } }],
      [{ person, part: 'rest', fields: { performer: 'p1' } }],
      [],
    ]);
    expect(JSON.stringify(events.map(({ event }) => event))).not.toMatch(/Nguyễn|p1/);
    expect(events[1]?.event.id).toBe(
      importId('dossier', 'A', 'activity', null, 'step', ROW.instant, 'digest of p1', 0),
    );
  });

  it('knows what a release before sealing brought in', () => {
    const id = importId('dossier', 'A', 'activity', null, 'step', ROW.instant, 'p1', 0);
    const [acceptance, activity, end] = plan([ROW], soFar([]), CONTEXT).events;
    const before = recorded([], [acceptance, { ...activity, id }, end] as NewDossierEvent[]);
    expect(plan([ROW], soFar(before), CONTEXT)).toMatchObject({ events: [], repeated: 1 });
  });

  it('computes the due instant that the log does not state', () => {
    const { events } = plan([{ ...ROW, due: null }], soFar([]), CONTEXT);
    expect(events[0]?.data).toMatchObject({ dueAt: '2024-01-08T10:00:00.000Z', dueBasis: 'computed' });
  });

  it('leaves the due instant open where there is no limit either', () => {
    const { events } = plan([{ ...ROW, due: null, procedure: 'no-limit' }], soFar([]), CONTEXT);
    expect(events[0]?.data).toMatchObject({ dueAt: null, terms: { limit: null } });
  });

  it('begins at the first step where the log has no column for the acceptance', () => {
    const { events } = plan([{ ...ROW, acceptance: null }], soFar([]), {
      ...CONTEXT,
      statesAcceptance: false,
    });
    expect(events[0]?.occurredAt).toBe(ROW.instant);
  });

  it.each([
    ['an empty acceptance', { acceptance: null }, 'acceptance is empty'],
    ['an unpublished unit', { unit: 'X' }, 'unit "X" is not published for 2024-01-01'],
    ['an unknown case', { due: null, case: 'odd' }, 'procedure "proc" has no limit for case "odd"'],
  ])('refuses a first row with %s', (_, change, reason) => {
    expect(plan([{ ...ROW, ...change }], soFar([]), CONTEXT)).toMatchObject({
      events: [],
      refused: [{ row: 2, reason }],
    });
  });

  it('lists what cannot be true, with the row that says it', () => {
    const rows = [
      { ...ROW, end: '2023-12-31T10:00:00.000Z' },
      { ...ROW, row: 3, instant: '2023-12-30T10:00:00.000Z', end: null },
      { ...ROW, row: 4, instant: '2025-01-01T10:00:00.000Z', end: null, channel: 'online' as const },
    ];
    expect(plan(rows, soFar([]), CONTEXT).doubts.map(({ row, reason }) => [row, reason])).toEqual([
      [2, 'ended_before_accepted'],
      [2, 'step_after_end'],
      [3, 'step_before_accepted'],
      [4, 'in_future'],
      [4, 'step_after_end'],
      [4, 'contradicts_earlier_row'],
    ]);
  });

  it('comes to the same however the rows are cut, and to nothing the second time', () => {
    const row = fc.record({
      activity: fc.constantFrom('a', 'b'),
      performer: fc.constantFrom('p', null),
      eventId: fc.constantFrom('1', '2', null),
      end: fc.constantFrom(ROW.end, null),
    });
    fc.assert(
      fc.property(fc.array(fc.tuple(row, fc.boolean()), { minLength: 1, maxLength: 12 }), (given) => {
        const rows = given.map(([change], index) => ({ ...ROW, ...change, row: index + 2 }));
        const whole = recorded([], plan(rows, soFar([]), CONTEXT).events);
        let pieces: DossierEvent[] = [];
        let from = 0;
        given.forEach(([, cut], index) => {
          if (!cut && index < given.length - 1) return;
          pieces = recorded(pieces, plan(rows.slice(from, index + 1), soFar(pieces), CONTEXT).events);
          from = index + 1;
        });
        expect(pieces.map(({ id }) => id).sort()).toEqual(whole.map(({ id }) => id).sort());
        expect(plan(rows, soFar(whole), CONTEXT)).toMatchObject({
          events: [],
          refused: [],
          repeated: rows.length,
        });
      }),
    );
  });

  it('brings in again, under new ids, what was taken back', () => {
    const first = recorded([], plan([ROW], soFar([]), CONTEXT).events);
    const reversal = { ...first[0], type: 'ImportReversed', data: { file: 'f1' }, metadata: {} };
    const taken = recorded(first, [reversal as unknown as NewDossierEvent]);

    const again = plan([ROW], soFar(taken), CONTEXT).events;

    expect(again.map(({ type }) => type)).toEqual(first.map(({ type }) => type));
    expect(again.map(({ id }) => id).some((id) => first.some((event) => event.id === id))).toBe(false);
    expect(plan([ROW], soFar(recorded(taken, again)), CONTEXT).events).toEqual([]);
  });

  it('keeps what another file brought when one is taken back', () => {
    const first = recorded([], plan([ROW], soFar([]), CONTEXT).events);
    const more = { ...ROW, row: 9, activity: 'later' };
    const both = recorded(first, plan([ROW, more], soFar(first), { ...CONTEXT, file: 'f2' }).events);
    expect(both).toHaveLength(first.length + 1);
    const reversal = { ...first[0], type: 'ImportReversed', data: { file: 'f1' }, metadata: {} };
    const taken = recorded(both, [reversal as unknown as NewDossierEvent]);

    const types = plan([ROW, more], soFar(taken), { ...CONTEXT, file: 'f2' }).events.map(({ type }) => type);
    expect(types).toEqual(['DossierAccepted', 'ActivityRecorded', 'DossierResolved']);
  });
});

function recorded(before: readonly DossierEvent[], events: readonly NewDossierEvent[]): DossierEvent[] {
  const added = events.map((event, index) => ({ ...event, revision: BigInt(before.length + index) }));
  return [...before, ...(added as unknown as DossierEvent[])];
}
