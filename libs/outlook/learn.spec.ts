import { describe, expect, it } from '@jest/globals';
import type { CalendarDefinition } from '#libs/calendar/calendar.js';
import type { DossierEvent, DossierEventData, DossierEventType } from '#libs/dossier/dossier.events.js';
import { FIRST_HASH } from '#libs/event-log/hash.js';
import type { Case } from './case.js';
import { FEWEST_CASES } from './forecast.js';
import { Known } from './known.js';
import { learn } from './learn.js';

/** Eight hours on each weekday; 1 January 2024 is a Monday. */
const CALENDAR: CalendarDefinition = {
  zone: 'UTC',
  startRule: 'immediate',
  week: Object.fromEntries(['mon', 'tue', 'wed', 'thu', 'fri'].map((day) => [day, [['08:00', '16:00']]])),
};
const HOUR = 3600;
const at = (text: string): string => `2024-${text}:00.000Z`;
const ACCEPTED = at('01-01T08:00');

type Happened = { [T in DossierEventType]: [T, DossierEventData[T], string, string?] }[DossierEventType];
const acceptance = (when = ACCEPTED, dueAt: string | null = at('01-03T16:00')): Happened => [
  'DossierAccepted',
  {
    ...{
      code: 'A',
      unit: 'desk',
      official: null,
      channel: 'online',
      dueAt,
      dueBasis: 'computed',
      formerCode: null,
    },
    terms: {
      ...{ procedure: { id: 'P', version: 1 }, field: 'F', case: 'default', limit: null, zone: 'UTC' },
      ...{ calendar: { id: 'C', version: 1 }, policy: { id: 'O', version: 1 } },
    },
  },
  when,
];
const handedOver = (when: string, toUnit = 'room'): Happened => [
  'DossierHandedOver',
  { toUnit, toOfficial: null },
  when,
];
const resolved = (when: string): Happened => ['DossierResolved', { outcome: 'granted' }, when];

function event([type, data, occurredAt, file]: Happened, code: string): DossierEvent {
  const metadata = {
    actor: 'a',
    correlationId: 'c',
    causationId: 'c',
    ...(file ? { source: { file, row: 1 } } : {}),
  };
  return {
    ...{ id: 'i', type, schemaVersion: 1, data, occurredAt, metadata, stream: `dossier-${code}` },
    ...{ revision: 0n, position: 1n, recordedAt: occurredAt, previousHash: FIRST_HASH, hash: FIRST_HASH },
  } as unknown as DossierEvent;
}

class World {
  readonly known = new Known();

  constructor() {
    this.known.addCalendar({ id: 'C', version: 1 }, JSON.stringify(CALENDAR));
  }

  live(code: string, ...happened: Happened[]): Case | undefined {
    return happened.reduce<Case | undefined>(
      (before, one) => learn(before, event(one, code), this.known),
      undefined,
    );
  }

  /** So many dossiers that took so long, from acceptance, to their end. */
  finished(count: number, end: string): this {
    for (let n = 0; n < count; n++) this.live(`F${n}`, acceptance(), resolved(end));
    return this;
  }

  remaining(state: 'accepted' | 'processing', unit: string): number[] {
    return this.known.history('P', { state, unit }).samples.map(({ remaining }) => remaining);
  }
}

describe('a dossier that was resolved', () => {
  it('teaches the working time from its last entry into each phase to its end, pauses left out', () => {
    const world = new World();
    world.live(
      'A',
      acceptance(),
      handedOver(at('01-01T12:00')),
      ['SupplementRequested', { number: 1, stopsClock: true }, at('01-02T08:00')],
      ['SupplementReceived', { dueAt: at('01-05T16:00') }, at('01-04T08:00')],
      resolved(at('01-04T10:00')),
    );
    expect(world.remaining('accepted', 'desk')).toEqual([10 * HOUR]);
    expect(world.remaining('processing', 'room')).toEqual([2 * HOUR]);
  });

  it('teaches nothing if it was withdrawn or stopped', () => {
    const world = new World();
    world.live('A', acceptance(), ['DossierWithdrawn', {}, at('01-02T08:00')]);
    world.live('B', acceptance(), ['DossierStopped', {}, at('01-02T08:00')], resolved(at('01-03T08:00')));
    expect(world.remaining('accepted', 'desk')).toEqual([]);
  });

  it('is taken out again with its import, and learnt anew when it comes again', () => {
    const world = new World();
    const [type, data, when] = acceptance();
    const imported = [type, data, when, 'f.csv'] as Happened;
    const reversal: Happened = ['ImportReversed', { file: 'f.csv' }, at('02-01T08:00')];
    world.live('A', imported, resolved(at('01-02T08:00')), reversal);
    expect(world.remaining('accepted', 'desk')).toEqual([]);
    expect(world.known.quality('P').cells.unsaid_on_time).toBe(0);

    world.live('A', imported, resolved(at('01-02T08:00')), reversal, imported, resolved(at('01-01T09:00')));
    expect(world.remaining('accepted', 'desk')).toEqual([HOUR]);
    expect(world.known.quality('P').cells.unsaid_on_time).toBe(1);
  });

  it('teaches nothing once its end is taken back with an import, until it ends again', () => {
    const world = new World();
    const imported: Happened = ['DossierResolved', { outcome: 'granted' }, at('01-02T08:00'), 'f.csv'];
    const reversal: Happened = ['ImportReversed', { file: 'f.csv' }, at('02-01T08:00')];
    world.live('A', acceptance(), imported, reversal);
    expect(world.remaining('accepted', 'desk')).toEqual([]);
    expect(world.known.quality('P').cells.unsaid_on_time).toBe(0);
    world.live('B', acceptance(), imported, reversal, resolved(at('01-01T09:00')));
    expect(world.remaining('accepted', 'desk')).toEqual([HOUR]);
  });

  it('was on time once its end is corrected to before the first due instant, whatever came after that', () => {
    const world = new World();
    const extension = { oldDueAt: at('01-03T16:00'), newDueAt: at('01-05T16:00') };
    const correction = { from: at('01-05T08:00'), to: at('01-03T09:00'), form: '1', approver: 'b' };
    const steps: Happened[] = [
      acceptance(),
      ['DeadlineExtended', { ...extension, apologyNumber: '1', approver: 'b' }, at('01-04T08:00')],
      resolved(at('01-05T08:00')),
    ];
    world.live('A', ...steps);
    expect(world.known.quality('P').cells).toMatchObject({ unsaid_on_time: 0, unsaid_late: 1 });
    const corrected = { field: 'resolved_at', ...correction } as const;
    world.live('B', ...steps, ['DossierCorrected', corrected, at('01-06T08:00')]);
    expect(world.known.quality('P').cells).toMatchObject({ unsaid_on_time: 1, unsaid_late: 1 });
  });

  it('teaches the right end once that is corrected', () => {
    const world = new World();
    const correction = { from: at('01-02T08:00'), to: at('01-04T09:00'), form: '1', approver: 'b' };
    world.live('A', acceptance(), resolved(at('01-02T08:00')), [
      'DossierCorrected',
      { field: 'resolved_at', ...correction },
      at('01-05T08:00'),
    ]);
    expect(world.remaining('accepted', 'desk')).toEqual([25 * HOUR]);
    expect(world.known.quality('P').cells).toMatchObject({ unsaid_on_time: 0, unsaid_late: 1 });
  });
});

describe('what is said of a dossier', () => {
  const FEBRUARY = at('02-05T08:00');

  it('rests on finished ones of the same phase, and not on too few', () => {
    const few = new World().finished(FEWEST_CASES - 1, at('01-02T08:00'));
    expect(few.live('A', acceptance(FEBRUARY, at('02-05T09:00')))).toMatchObject({ said: null, left: HOUR });
    const enough = new World().finished(FEWEST_CASES, at('01-02T08:00'));
    expect(enough.live('A', acceptance(FEBRUARY, at('02-05T09:00')))).toMatchObject({ said: 'likely' });
    expect(enough.live('A', acceptance(FEBRUARY, at('02-06T08:00')))).toMatchObject({ said: 'unlikely' });
    expect(enough.live('A', acceptance(FEBRUARY), handedOver(FEBRUARY))).toMatchObject({ said: null });
  });

  it('does not rest on what ended later than it was said', () => {
    const world = new World().finished(FEWEST_CASES, at('02-06T08:00'));
    expect(world.live('A', acceptance(FEBRUARY, at('02-05T09:00')))).toMatchObject({ said: null });
  });

  it('is kept when it comes elsewhere after its due instant: that it is late was known then', () => {
    const world = new World().finished(FEWEST_CASES, at('01-01T09:00'));
    const later = [handedOver(at('02-08T08:00')), resolved(at('02-08T10:00'))];
    world.live('A', acceptance(FEBRUARY, at('02-06T08:00')), ...later);
    expect(world.known.quality('P').cells).toMatchObject({ unlikely_late: 1 });
  });

  it('is not said again once it is late, nor for a correction', () => {
    const world = new World().finished(FEWEST_CASES, at('01-05T08:00'));
    const late = world.live(
      'A',
      acceptance(FEBRUARY, at('02-06T08:00')),
      [
        'DeadlineExtended',
        { oldDueAt: at('02-06T08:00'), newDueAt: at('03-29T16:00'), apologyNumber: '1', approver: 'b' },
        at('02-07T08:00'),
      ],
      handedOver(at('02-07T09:00')),
    );
    expect(late).toMatchObject({ said: 'likely' });
    const correction = { from: FEBRUARY, to: at('01-01T08:00'), form: '1', approver: 'b' };
    const corrected = world.live('B', acceptance(FEBRUARY, at('02-06T08:00')), [
      'DossierCorrected',
      { field: 'accepted_at', ...correction },
      at('02-05T10:00'),
    ]);
    expect(corrected).toMatchObject({ said: 'likely', since: at('01-01T08:00'), left: 26 * 8 * HOUR });
  });

  it('is compared with the end: an extension in time makes it on time, one after the due instant does not', () => {
    const extended = (when: string): Happened => [
      'DeadlineExtended',
      { oldDueAt: at('02-06T08:00'), newDueAt: at('02-09T16:00'), apologyNumber: '1', approver: 'b' },
      when,
    ];
    const world = new World().finished(FEWEST_CASES, at('01-05T08:00'));
    for (const when of [at('02-05T10:00'), at('02-07T10:00')]) {
      world.live('A', acceptance(FEBRUARY, at('02-06T08:00')), extended(when), resolved(at('02-08T08:00')));
    }
    expect(world.known.quality('P').cells).toMatchObject({ likely_on_time: 1, likely_late: 1 });
  });
});
