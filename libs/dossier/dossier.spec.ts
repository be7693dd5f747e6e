import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Problem } from '#libs/problem/problem.js';
import type { DossierEventData, DossierFact } from './dossier.events.js';
import { type DossierState, evolve, isPaused, STATUS_CODES } from './dossier.js';
import { allowedSteps, type Step, STEPS } from './steps.js';
import { SAMPLE_DATA, SAMPLE_FACTS } from './testing/sample-facts.js';
import { SAMPLE_STEPS } from './testing/sample-steps.js';
import {
  ACCEPTED,
  after,
  desk,
  given,
  imported,
  NOW,
  type Past,
  recorded,
  REGISTERED,
  refusal,
  situationAt,
} from './testing/scenario.js';

/** The national table of states: from → to. */
const TABLE: Readonly<Record<number, readonly number[]>> = {
  1: [2, 3, 5, 7],
  2: [4, 5, 7],
  3: [],
  4: [4, 5, 6, 7, 8, 9],
  5: [4, 7, 8],
  6: [4, 8],
  7: [],
  8: [],
  9: [10],
  10: [],
};

/** Step → state → state, by national codes. Steps not named here do not move a dossier. */
const MOVES: Readonly<Partial<Record<Step, Readonly<Record<number, number>>>>> = {
  accept: { 1: 2 },
  reject: { 1: 3 },
  'hand-over': { 2: 4, 4: 4 },
  consult: { 2: 4, 4: 4 },
  'record-reply': { 4: 4 },
  'request-supplement': { 1: 5, 2: 5, 4: 5 },
  'receive-supplement': { 5: 4 },
  'request-payment': { 4: 6 },
  'confirm-payment': { 6: 4 },
  withdraw: { 1: 7, 2: 7, 4: 7, 5: 7 },
  stop: { 4: 8, 5: 8, 6: 8 },
  resolve: { 4: 9 },
  return: { 9: 10 },
};
/** Steps that move nothing, with the states in which they may be taken. */
const STAYS: Readonly<Partial<Record<Step, readonly number[]>>> = {
  extend: [2, 4],
  correct: [2, 4, 5, 6, 7, 8, 9, 10],
  'cancel-alert': [1, 2, 4, 5, 9],
  annotate: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10],
  'place-hold': [1, 2, 3, 4, 5, 6, 7, 8, 9, 10],
  link: [1, 2, 4, 5, 6],
};

/** Steps that may be taken, too, when a dossier is in a final state. */
const AFTER_THE_END: readonly Step[] = [
  ...(['correct', 'annotate', 'approve', 'refuse'] as const),
  ...(['place-hold', 'lift-hold'] as const),
];

let minute = 0;
const take = (step: Step): Past => ({
  at: new Date(Date.parse(NOW) + (minute += 1) * 60_000).toISOString(),
  step: SAMPLE_STEPS[step],
});
/** A dossier in every state; in 4 with an open consultation, in 5 both accepted before and not. */
const IN_STATE: readonly (readonly [number, readonly Past[]])[] = [
  [1, [REGISTERED]],
  [2, [ACCEPTED]],
  [3, [REGISTERED, take('reject')]],
  [4, [ACCEPTED, take('consult')]],
  [5, [ACCEPTED, take('request-supplement')]],
  [5, [REGISTERED, take('request-supplement')]],
  [6, [ACCEPTED, take('hand-over'), take('request-payment')]],
  [7, [ACCEPTED, take('withdraw')]],
  [8, [ACCEPTED, take('hand-over'), take('stop')]],
  [9, [ACCEPTED, take('hand-over'), take('resolve')]],
  [10, [ACCEPTED, take('hand-over'), take('resolve'), take('return')]],
];
const later = situationAt(desk('2024-01-16 08:00'));

describe('the states of a dossier', () => {
  it('lead where the national table says, and everywhere it says', () => {
    const reached: Record<number, Set<number>> = {};
    for (const from of Object.keys(TABLE)) reached[Number(from)] = new Set();
    for (const moves of Object.values(MOVES)) {
      for (const [from, to] of Object.entries(moves)) reached[Number(from)]?.add(to);
    }
    const sorted = Object.fromEntries(
      Object.entries(reached).map(([from, to]) => [from, [...to].sort((a, b) => a - b)]),
    );
    expect(sorted).toEqual(TABLE);
  });

  for (const [code, past] of IN_STATE) {
    const label = `${code}${given(...past).acceptedAt === null ? ' (not accepted)' : ''}`;
    for (const step of Object.keys(STEPS) as Step[]) {
      const to = MOVES[step]?.[code] ?? (STAYS[step]?.includes(code) ? code : undefined);
      it(`${label} → ${step} → ${to ?? 'not allowed'}`, () => {
        const state = given(...past);
        expect(STATUS_CODES[state.status]).toBe(code);
        expect(allowedSteps(state).includes(step)).toBe(to !== undefined);
        if (to === undefined) {
          expect(refusal(() => SAMPLE_STEPS[step](state, later))).toBe('step-not-allowed');
        } else if (step === 'correct' && state.acceptedAt === null) {
          expect(refusal(() => SAMPLE_STEPS[step](state, later))).toBe('nothing-to-correct');
        } else {
          const next = after(state, { at: later.now, step: SAMPLE_STEPS[step] });
          expect(STATUS_CODES[next.status]).toBe(to);
        }
      });
    }
  }

  it('a step that is not allowed is answered with those that are', () => {
    const state = given(ACCEPTED);
    try {
      SAMPLE_STEPS.return(state, later);
    } catch (error) {
      expect(error).toBeInstanceOf(Problem);
      expect((error as Problem).details).toMatchObject({
        step: 'return',
        allowed: [
          'hand-over',
          'consult',
          'request-supplement',
          'extend',
          'withdraw',
          'correct',
          'cancel-alert',
          'annotate',
          'link',
          'place-hold',
        ],
      });
    }
    expect.assertions(2);
  });
});

describe('evolve', () => {
  it('refuses no event, whatever the dossier is', () => {
    for (const past of [[], ...IN_STATE.map(([, one]) => one)]) {
      const state = past.length > 0 ? given(...past) : undefined;
      for (const fact of SAMPLE_FACTS) {
        const next = recorded([fact], state?.revision).reduce(evolve, state);
        expect(next?.revision).toBe((state?.revision ?? -1n) + 1n);
      }
    }
  });

  it('passes over an event that a later version of the software wrote', () => {
    const state = given(ACCEPTED);
    const unknown = recorded([{ type: 'DossierFramed', data: {}, occurredAt: NOW } as never], 0n);
    expect(unknown.reduce(evolve, state)).toEqual({ ...state, revision: 1n });
  });

  it('refuses no sequence of events either', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...SAMPLE_FACTS), { minLength: 1, maxLength: 15 }), (facts) => {
        const state = recorded(facts).reduce<DossierState | undefined>(evolve, undefined);
        expect(state && allowedSteps(state)).toBeDefined();
      }),
    );
  });
});

describe('an imported dossier', () => {
  const fact = <T extends DossierFact['type']>(type: T, data: DossierEventData[T]) =>
    ({ type, data, occurredAt: NOW }) as DossierFact;
  const events = imported('a', [
    fact('DossierAccepted', SAMPLE_DATA.DossierAccepted),
    fact('DossierResolved', { outcome: 'granted' }),
  ]);
  const reversed = (file: string) => recorded([fact('ImportReversed', { file })], 1n);
  const fold = (events: Parameters<typeof evolve>[1][]) =>
    events.reduce<DossierState | undefined>(evolve, undefined) as DossierState;

  it('takes no step once its import is taken back', () => {
    const state = fold([...events, ...reversed('a')]);
    expect(state.reversed).toBe(true);
    expect(allowedSteps(state)).toEqual([]);
  });

  it('goes on when an import that brought something else is taken back', () => {
    expect(fold([...events, ...reversed('b')]).reversed).toBe(false);
  });

  it('begins anew when it is imported once more', () => {
    const again = imported('c', [fact('DossierAccepted', SAMPLE_DATA.DossierAccepted)], 2n);
    expect(fold([...events, ...reversed('a'), ...again])).toMatchObject({
      status: 'accepted',
      endedAt: null,
      importedFrom: 'c',
      reversed: false,
    });
  });
});

describe('any sequence of allowed steps', () => {
  const walks = fc.record({
    first: fc.constantFrom(ACCEPTED, REGISTERED),
    steps: fc.array(fc.record({ pick: fc.nat(100), minutes: fc.nat(4_000) }), { maxLength: 25 }),
  });

  it('keeps the laws of a dossier', () => {
    fc.assert(
      fc.property(walks, ({ first, steps }) => {
        let state = given(first);
        let now = Date.parse(NOW);
        for (const { pick, minutes } of steps) {
          const allowed = allowedSteps(state);
          const step = allowed[pick % allowed.length] as Step;
          now += minutes * 60_000;
          const before = state;
          try {
            state = after(state, { at: new Date(now).toISOString(), step: SAMPLE_STEPS[step] });
          } catch (error) {
            expect(error).toBeInstanceOf(Problem);
            continue;
          }
          keepsLaws(state);
          expect(state.revision > before.revision).toBe(true);
          expect(TABLE[STATUS_CODES[before.status]]?.concat(STATUS_CODES[before.status])).toContain(
            STATUS_CODES[state.status],
          );
          if (isPaused(before) && !isPaused(state) && before.dueAt !== null) {
            expect((state.dueAt ?? '') >= before.dueAt).toBe(true);
          }
        }
      }),
      { numRuns: 300 },
    );
  });

  function keepsLaws(state: DossierState): void {
    const code = STATUS_CODES[state.status];
    if (TABLE[code]?.length === 0) {
      expect(allowedSteps(state).filter((step) => !AFTER_THE_END.includes(step))).toEqual([]);
    }
    expect(state.pauses.slice(0, -1).every(({ to }) => to !== null)).toBe(true);
    expect(isPaused(state) && [2, 4].includes(code)).toBe(false);
    for (const { from, to } of state.pauses) expect(to === null || from <= to).toBe(true);
    expect(state.acceptedAt === null).toBe(state.terms === null);
    expect(state.acceptedAt === null).toBe(state.dueAt === null);
    if (state.endedAt !== null && state.acceptedAt !== null) {
      expect(state.endedAt >= state.acceptedAt).toBe(true);
    }
    if (state.returnedAt !== null) expect(state.returnedAt >= (state.endedAt ?? '')).toBe(true);
    if (state.acceptedAt !== null) {
      expect(state.lastStepAt >= state.acceptedAt).toBe(true);
      expect(state.supplementRequests).toBeLessThanOrEqual(2);
      expect(state.extensions).toBeLessThanOrEqual(1);
    }
  }
});
