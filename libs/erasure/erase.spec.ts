import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import type { PersonEvent, PersonFact } from '#libs/personal-data/person.events.js';
import { Problem } from '#libs/problem/problem.js';
import { approveErasure, proposeErasure, refuseErasure } from './erase.js';
import { evolvePerson, type PersonState, unknownPerson } from './person.js';
import { barsOf, dueSince, type Holding, keptUntil } from './retention.js';

const SUBJECT = '7d7c1f0a-0000-4000-8000-000000000001';
const NOW = '2026-06-01T02:00:00.000Z';
const ENDED: Holding = {
  code: 'H54.12-240115-0001',
  place: ['H54.12'],
  endedAt: '2024-02-29T10:00:00.000Z',
  held: false,
  inClear: false,
  retentionMonths: 24,
  zone: 'Asia/Ho_Chi_Minh',
};
const ASKED = { basis: 'request', form: 'YC-2026/07', reason: 'Đơn của công dân' } as const;
const with_ = (...holdings: Holding[]) => ({ now: NOW, holdings });

function happened(state: PersonState, actor: string, ...facts: PersonFact[]): PersonState {
  return facts.reduce(
    (before, fact) =>
      evolvePerson(before, {
        ...fact,
        revision: before.revision + 1n,
        occurredAt: NOW,
        metadata: { actor, correlationId: 'c', causationId: 'c' },
      } as unknown as PersonEvent),
    state,
  );
}
const nobody = unknownPerson(SUBJECT);
const proposed = happened(nobody, 'supervisor-1', proposeErasure(nobody, ASKED, with_(ENDED)));

function problemOf(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    if (error instanceof Problem) return `${error.type} ${JSON.stringify(error.details)}`;
    throw error;
  }
  return 'nothing';
}

describe('forgetting a person', () => {
  it('is proposed on a paper, and waits for a second person', () => {
    expect(proposed.open).toMatchObject({ proposal: 'e0', proposedBy: 'supervisor-1', form: 'YC-2026/07' });
    expect(proposed.erasedAt).toBeNull();
  });

  it('happens when it is approved, and names both', () => {
    const fact = approveErasure(
      proposed,
      { proposal: 'e0', acting: { actor: 'supervisor-2' } },
      with_(ENDED),
    );
    expect(fact).toEqual({
      type: 'PersonErased',
      data: {
        subject: SUBJECT,
        proposal: 'e0',
        basis: 'request',
        form: 'YC-2026/07',
        proposedBy: 'supervisor-1',
        approver: 'supervisor-2',
      },
    });
    const erased = happened(proposed, 'supervisor-2', fact);
    expect(erased).toMatchObject({ open: null, erasedAt: NOW });
    expect(problemOf(() => proposeErasure(erased, ASKED, with_(ENDED)))).toMatch(/^person-erased/);
  });

  it('needs another person than the one who proposed it, under no other hat either', () => {
    for (const acting of [{ actor: 'supervisor-1' }, { actor: 'deputy', onBehalfOf: 'supervisor-1' }]) {
      const approve = () => approveErasure(proposed, { proposal: 'e0', acting }, with_(ENDED));
      expect(problemOf(approve)).toMatch(/^second-person-needed/);
    }
  });

  it('can be refused, and proposed again under another name', () => {
    const refused = happened(proposed, 's-2', refuseErasure(proposed, { proposal: 'e0', reason: 'Chưa rõ' }));
    expect(refused.open).toBeNull();
    expect(problemOf(() => refuseErasure(refused, { proposal: 'e0', reason: 'Chưa rõ' }))).toMatch(
      /^erasure-proposal-unknown/,
    );
    expect(proposeErasure(refused, ASKED, with_(ENDED)).data.proposal).toBe('e2');
  });

  it.each([
    ['a dossier is still open', [ENDED, { ...ENDED, code: 'B', endedAt: null }], '"open":["B"]'],
    ['an event holds it in clear, from before there were keys', [{ ...ENDED, inClear: true }], '"clear":['],
    ['a dossier is held', [{ ...ENDED, held: true }], '"held":["H54.12-240115-0001"]'],
    [
      'a period of retention is not over, though he asks',
      [{ ...ENDED, retentionMonths: 28 }],
      '"until":"2026-06-29T10:00:00.000Z"',
    ],
  ])('is barred while %s', (_why, holdings, detail) => {
    const problem = problemOf(() => proposeErasure(nobody, ASKED, with_(...holdings)));
    expect(problem).toMatch(/^erasure-barred/);
    expect(problem).toContain(detail);
    // What came to stand against it after the proposal counts as well.
    expect(
      problemOf(() =>
        approveErasure(proposed, { proposal: 'e0', acting: { actor: 's' } }, with_(...holdings)),
      ),
    ).toMatch(/^erasure-barred/);
  });

  it('without a period laid down, may be asked for, but does not fall due by itself', () => {
    const { retentionMonths: _none, ...rest } = ENDED;
    const open = { ...rest, retentionMonths: undefined };
    expect(dueSince([open], NOW)).toBeUndefined();
    expect(proposeErasure(nobody, ASKED, with_(open)).type).toBe('ErasureProposed');
    const byLaw = { ...ASKED, basis: 'retention' } as const;
    expect(problemOf(() => proposeErasure(nobody, byLaw, with_(open)))).toMatch(/^erasure-not-due/);
  });

  it('is not possible for a person of whom no dossier tells', () => {
    expect(problemOf(() => proposeErasure(nobody, ASKED, with_()))).toMatch(/^person-unknown/);
  });
});

describe('a period of retention', () => {
  it('is counted in months of the desk’s calendar from the end: 29 February 17:00 to 28 February, two years on', () => {
    expect(keptUntil({ ...ENDED, endedAt: ENDED.endedAt ?? '' })).toBe('2026-02-28T10:00:00.000Z');
    expect(dueSince([ENDED], NOW)).toBe('2026-02-28T10:00:00.000Z');
  });

  it('ends with the last of all dossiers', () => {
    const later = { ...ENDED, code: 'B', retentionMonths: 26 };
    expect(dueSince([ENDED, later], NOW)).toBe('2026-04-29T10:00:00.000Z');
  });

  it('law: who is due has no bar, and time alone never brings one back', () => {
    const instants = fc
      .date({ min: new Date('2020-01-01'), max: new Date('2030-01-01'), noInvalidDate: true })
      .map((date) => date.toISOString());
    const holding = fc.record({
      code: fc.string(),
      place: fc.constant(['H54.12']),
      endedAt: fc.option(instants),
      held: fc.boolean(),
      inClear: fc.boolean(),
      retentionMonths: fc.option(fc.nat(240), { nil: undefined }),
      zone: fc.constantFrom('Asia/Ho_Chi_Minh', 'UTC', 'America/New_York'),
    });
    fc.assert(
      fc.property(fc.array(holding, { maxLength: 4 }), instants, instants, (holdings, a, b) => {
        const [early, late] = a < b ? [a, b] : [b, a];
        const due = dueSince(holdings, early);
        if (due === undefined) return;
        expect(due <= early).toBe(true);
        expect(barsOf(holdings, late)).toEqual([]);
        expect(dueSince(holdings, late)).toBe(due);
      }),
    );
  });
});
