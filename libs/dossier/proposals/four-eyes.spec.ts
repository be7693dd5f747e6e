import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type Acting, areTwoPersons } from '#libs/access/second-person.js';
import { Problem } from '#libs/problem/problem.js';
import type { Decide } from '../decision.js';
import type { DossierEvent } from '../dossier.events.js';
import { type DossierState, evolve } from '../dossier.js';
import { type Step, STEPS } from '../steps.js';
import { SAMPLE_STEPS } from '../testing/sample-steps.js';
import { ACCEPTED, eventsOf, NOW } from '../testing/scenario.js';
import { approve } from './decide.js';

const ACCOUNTS = ['a', 'b', 'c'];
const acting: fc.Arbitrary<Acting> = fc
  .record({ actor: fc.constantFrom(...ACCOUNTS), onBehalfOf: fc.constantFrom(undefined, ...ACCOUNTS) })
  .map(({ actor, onBehalfOf }) => (onBehalfOf === undefined ? { actor } : { actor, onBehalfOf }));
/** Approvals by whoever acts; the sample has a supervisor of its own. */
const steps: Readonly<Record<Step, Decide>> = {
  ...SAMPLE_STEPS,
  approve: (state, situation) =>
    approve({ proposal: state.proposals.at(-1)?.proposal ?? 'p0' })(state, situation),
};
const PROPOSING = ['extend', 'correct', 'cancel-alert'] as const;
const TWO_PERSONS: ReadonlySet<string> = new Set(['DossierCorrected', 'DeadlineExtended', 'AlertCancelled']);
const ENDS: ReadonlySet<string> = new Set([
  ...['DossierWithdrawn', 'DossierStopped', 'DossierResolved', 'ResultReturned'],
]);
const step = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom<Step>(...PROPOSING, 'approve', 'approve', 'refuse') },
  { weight: 1, arbitrary: fc.constantFrom(...(Object.keys(STEPS) as Step[])) },
);
const lives = fc.array(fc.record({ step, by: acting, minutes: fc.nat(900) }), { maxLength: 30, size: 'max' });

/** All that happened, with the step that brought it. */
function live(commands: readonly { step: Step; by: Acting; minutes: number }[]): DossierEvent[][] {
  const all: DossierEvent[][] = [];
  let state: DossierState | undefined;
  let now = Date.parse(NOW);
  const take = (past: Parameters<typeof eventsOf>[1]): void => {
    const events = eventsOf(state, past);
    state = events.reduce(evolve, state);
    all.push(events);
  };
  take(ACCEPTED);
  for (const { step: name, by, minutes } of commands) {
    now += minutes * 60_000;
    try {
      take({ at: new Date(now).toISOString(), step: steps[name], by });
    } catch (error) {
      expect(error).toBeInstanceOf(Problem);
    }
  }
  return all;
}

describe('whatever is commanded, by whom and on whose behalf', () => {
  it('no time is corrected, no deadline extended and no alert cancelled but by two persons', () => {
    const changed: string[] = [];
    fc.assert(
      fc.property(lives, (commands) => {
        const appends = live(commands);
        const all = appends.flat();
        for (const append of appends) {
          for (const event of append) {
            if (!TWO_PERSONS.has(event.type)) continue;
            changed.push(event.type);
            const { proposal, approver } = event.data as { proposal: string; approver: string };
            const [approval] = append;
            const proposed = all.find(
              (other) => other.type === 'ChangeProposed' && other.data.proposal === proposal,
            );
            expect(approval).toMatchObject({ type: 'ProposalApproved', data: { proposal } });
            expect(approval?.metadata.actor).toBe(approver);
            if (!proposed) throw new Error('nobody proposed it');
            expect(proposed.revision < event.revision).toBe(true);
            expect(areTwoPersons(proposed.metadata, event.metadata)).toBe(true);
          }
        }
      }),
      { numRuns: 500 },
    );
    expect(new Set(changed)).toEqual(TWO_PERSONS);
    expect(changed.length).toBeGreaterThan(100);
  });

  it('of each kind at most one proposal waits, and each is decided once', () => {
    fc.assert(
      fc.property(lives, (commands) => {
        const waiting = new Map<string, string>();
        const decided = new Set<string>();
        for (const event of live(commands).flat()) {
          if (ENDS.has(event.type)) {
            waiting.delete('extend');
            waiting.delete('cancel-alert');
          }
          if (event.type === 'ChangeProposed') {
            expect(waiting.has(event.data.step)).toBe(false);
            waiting.set(event.data.step, event.data.proposal);
          }
          if (event.type !== 'ProposalApproved' && event.type !== 'ProposalRefused') continue;
          const { proposal } = event.data;
          expect(decided.has(proposal)).toBe(false);
          decided.add(proposal);
          const [kind] = [...waiting].find(([, other]) => other === proposal) ?? [];
          expect(kind).toBeDefined();
          waiting.delete(kind ?? '');
        }
      }),
      { numRuns: 300 },
    );
  });
});
