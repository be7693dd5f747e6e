import { describe, expect, it } from '@jest/globals';
import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import type { RecordedEvent } from '#libs/event-log/event-log.js';
import { Problem } from '#libs/problem/problem.js';
import type { Decide } from '../decision.js';
import { correct } from '../correct/correct.js';
import type { DossierEvent, DossierEventType, DossierFact } from '../dossier.events.js';
import { type DossierState, evolve, isPaused } from '../dossier.js';
import { allowedSteps, type Step } from '../steps.js';
import { SAMPLE_DATA, SAMPLE_FACTS } from '../testing/sample-facts.js';
import { SAMPLE_STEPS } from '../testing/sample-steps.js';
import {
  ACCEPTED,
  accepting,
  eventsOf,
  imported,
  NOW,
  type Past,
  recorded,
  REGISTERED,
} from '../testing/scenario.js';
import { foldRow, type Row } from './row.js';

/** Whether an event changes more of a line than its place. The compiler asks for every type. */
const SHOWN: Readonly<Record<DossierEventType, boolean>> = {
  DossierRegistered: true,
  DossierAccepted: true,
  DossierRejected: true,
  DossierHandedOver: true,
  ConsultationRequested: true,
  ConsultationReplied: false,
  SupplementRequested: true,
  SupplementReceived: true,
  PaymentRequested: true,
  PaymentConfirmed: true,
  DeadlineExtended: true,
  DossierWithdrawn: true,
  DossierStopped: true,
  DossierResolved: true,
  ResultReturned: true,
  DossierCorrected: true,
  ChangeProposed: true,
  ProposalApproved: true,
  ProposalRefused: true,
  LegalHoldPlaced: false,
  LegalHoldLifted: false,
  DossierFellOverdue: false,
  AlertCancelled: false,
  DossierAnnotated: false,
  DossierLinked: true,
  ActivityRecorded: true,
  ImportReversed: true,
};

const EARLIER = new Date(Date.parse(NOW) - 60_000).toISOString();
const fold = (row: Row | undefined, event: DossierEvent): Row | undefined =>
  foldRow(row, event as unknown as RecordedEvent);

/** A dossier as the page and the next decision know it, and as the worklist does. */
class Life {
  state: DossierState | undefined;
  row: Row | undefined;

  /** Both must say the same after each event. */
  add(events: readonly DossierEvent[]): void {
    for (const event of events) {
      this.state = evolve(this.state, event);
      this.row = fold(this.row, event);
      expect(this.row && ofRow(this.row)).toEqual(ofState(this.state));
    }
  }

  /** What the rules refuse does not happen. */
  tryTo(past: Past): void {
    let events: DossierEvent[];
    try {
      events = eventsOf(this.state, past);
    } catch (error) {
      expect(error).toBeInstanceOf(Problem);
      return;
    }
    this.add(events);
  }
}

function ofState(state: DossierState): object {
  const { status, unit, official, channel, procedure, formerCode } = state;
  const { registeredAt, acceptedAt, endedAt, importedFrom, reversed, revision } = state;
  const proposals = state.proposals.map(({ proposal, step }) => ({ proposal, step }));
  return {
    ...{ status, unit, official, channel, procedure, formerCode },
    ...{ registeredAt, acceptedAt, endedAt, importedFrom, reversed, revision, proposals },
    dueAt: acceptedAt === null ? 'not accepted' : state.dueAt,
    // What ends while its clock stands still keeps an open pause; the clock stands still no longer.
    standsStill: endedAt === null && isPaused(state),
  };
}

function ofRow(row: Row): object {
  const { state: status, unit, official, channel, procedure, formerCode } = row;
  const { registeredAt, acceptedAt, endedAt, importedFrom, reversed, revision, proposals } = row;
  return {
    ...{ status, unit, official, channel, procedure, formerCode },
    ...{ registeredAt, acceptedAt, endedAt, importedFrom, reversed, revision, proposals },
    dueAt: acceptedAt === null ? 'not accepted' : row.dueAt,
    standsStill: row.clock === 'paused',
  };
}

const CORRECTIONS: readonly Decide[] = (['resolved_at', 'due_at', 'returned_at'] as const).map(
  (field) => (state, situation) => correct({ field, to: situation.now, form: '1' })(state, situation),
);

/** The step that a number picks among those that are allowed now. */
function pick(state: DossierState, n: number): Decide | undefined {
  const allowed = allowedSteps(state);
  const choices = allowed.map((step: Step) => SAMPLE_STEPS[step]);
  if (allowed.includes('correct')) choices.push(...CORRECTIONS);
  return choices[n % choices.length];
}

/** What an import brings to a dossier; it accepts one only where none is, or it was taken back. */
function brought(state: DossierState | undefined, move: 'activity' | 'end', at: string): DossierFact[] {
  const facts: DossierFact[] = [];
  if (!state || state.reversed) {
    facts.push({
      type: 'DossierAccepted',
      data: { ...SAMPLE_DATA.DossierAccepted, dueAt: at },
      occurredAt: at,
    });
  }
  facts.push(
    move === 'end'
      ? { type: 'DossierResolved', data: { outcome: 'granted' }, occurredAt: at }
      : { type: 'ActivityRecorded', data: SAMPLE_DATA.ActivityRecorded, occurredAt: at },
  );
  return facts;
}

const files = fc.constantFrom('a', 'b');
const minutes = fc.nat(4_000);
const step = fc.record({ move: fc.constant('step' as const), n: fc.nat(100), minutes });
const brings = fc.record({
  move: fc.constantFrom('activity' as const, 'end' as const),
  file: files,
  minutes,
});
const takenBack = fc.record({ move: fc.constant('back' as const), file: files, minutes });
/** The desk `H54.13` stops no clock. */
const openings: readonly Past[] = [ACCEPTED, REGISTERED, { at: NOW, open: accepting({ unit: 'H54.13' }) }];

describe('the line of a dossier and the dossier itself', () => {
  it('agree after every event of every life at the desk', () => {
    fc.assert(
      fc.property(fc.constantFrom(...openings), fc.array(step, { maxLength: 25 }), (first, steps) => {
        const life = new Life();
        life.tryTo(first);
        let now = Date.parse(NOW);
        for (const { n, minutes } of steps) {
          now += minutes * 60_000;
          const decide = pick(life.state as DossierState, n);
          if (decide) life.tryTo({ at: new Date(now).toISOString(), step: decide });
        }
      }),
      { numRuns: 500 },
    );
  });

  it('agree where imports bring a dossier, the desk goes on with it, and imports are taken back', () => {
    const moves = fc.oneof(step, brings, takenBack);
    fc.assert(
      fc.property(files, fc.array(moves, { maxLength: 25 }), (first, then) => {
        const life = new Life();
        life.add(imported(first, brought(undefined, 'activity', NOW)));
        let now = Date.parse(NOW);
        for (const next of then) {
          const state = life.state as DossierState;
          const at = new Date((now += next.minutes * 60_000)).toISOString();
          if (next.move === 'step') {
            const decide = pick(state, next.n);
            if (decide) life.tryTo({ at, step: decide });
          } else if (next.move === 'back') {
            life.tryTo({ type: 'ImportReversed', data: { file: next.file }, occurredAt: at });
          } else {
            life.add(imported(next.file, brought(state, next.move, at), state.revision));
          }
        }
      }),
      { numRuns: 500 },
    );
  });
});

describe('an event of a dossier', () => {
  const rowAfter = (...types: DossierEventType[]): Row | undefined => {
    const facts = types.map(
      (type) => ({ type, data: SAMPLE_DATA[type], occurredAt: EARLIER }) as DossierFact,
    );
    return imported(SAMPLE_DATA.ImportReversed.file, facts).reduce<Row | undefined>(fold, undefined);
  };
  const rows = [
    undefined,
    rowAfter('DossierRegistered'),
    rowAfter('DossierAccepted'),
    rowAfter('DossierAccepted', 'SupplementRequested'),
    rowAfter('DossierAccepted', 'ChangeProposed'),
    rowAfter('DossierAccepted', 'DossierResolved'),
  ];

  it.each(SAMPLE_FACTS)('$type changes the line exactly where it is said to', (one) => {
    const changes = rows.some((row) => {
      const next = recorded([one], row?.revision).reduce<Row | undefined>(fold, row);
      const unmoved = row && next && { ...next, revision: row.revision, position: row.position };
      return !isDeepStrictEqual(unmoved ?? next, row);
    });
    expect(changes).toBe(SHOWN[one.type]);
  });
});
