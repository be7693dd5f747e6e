import { describe, expect, it } from '@jest/globals';
import type { Change } from '../dossier.events.js';
import { handOver } from '../hand-over/hand-over.js';
import { resolve } from '../resolve/resolve.js';
import { allowedSteps } from '../steps.js';
import { ACCEPTED, claimedTimes, desk, given, NOW, specify, took } from '../testing/scenario.js';
import { propose } from './propose.js';

const reason = 'Chờ ý kiến Sở Xây dựng';
const EXTENSION: Change = {
  step: 'extend',
  input: { newDueAt: desk('2024-01-26 17:00'), apologyNumber: 'PXL-2024/017' },
};
const CORRECTION: Change = {
  step: 'correct',
  input: { field: 'accepted_at', to: desk('2024-01-12 15:00'), form: 'PĐC-2024/003' },
};
const ask = (change: Change, occurredAt?: string) => propose(change, { reason, occurredAt });
const PROPOSED = took('2024-01-15 14:00', ask(EXTENSION));

describe('proposing a change', () => {
  specify([
    {
      name: 'says what is asked for, and keeps the reason with the personal fields',
      given: [ACCEPTED],
      when: ask(EXTENSION),
      then: [
        {
          type: 'ChangeProposed',
          occurredAt: NOW,
          data: { proposal: 'p1', ...EXTENSION },
          personal: { reason },
        },
      ],
    },
    {
      name: 'of another kind can wait beside it',
      now: desk('2024-01-15 15:00'),
      given: [ACCEPTED, PROPOSED],
      when: ask(CORRECTION),
      then: [{ data: { proposal: 'p2', ...CORRECTION } }],
    },
    {
      name: 'is refused while one of the kind waits',
      now: desk('2024-01-15 15:00'),
      given: [ACCEPTED, PROPOSED],
      when: ask(EXTENSION),
      then: 'proposal-open',
    },
    {
      name: 'is refused without the number of the apology slip',
      given: [ACCEPTED],
      when: ask({ step: 'extend', input: { newDueAt: desk('2024-01-26 17:00') } }),
      then: 'form-required /apologyNumber',
    },
    {
      name: 'is refused for what could not be done now',
      given: [ACCEPTED],
      when: ask({ step: 'extend', input: { newDueAt: desk('2024-01-23 10:00'), apologyNumber: '1' } }),
      then: 'due-not-later /newDueAt',
    },
    {
      name: 'is refused in a state that the change is not for',
      now: desk('2024-01-17 10:00'),
      given: [
        ACCEPTED,
        took('2024-01-15 14:00', handOver({ toUnit: 'QLĐT' })),
        took('2024-01-16 14:00', resolve({ outcome: 'granted' })),
      ],
      when: ask(EXTENSION),
      then: 'step-not-allowed',
    },
    ...claimedTimes([ACCEPTED, took('2024-01-15 14:00', handOver({ toUnit: 'QLĐT' }))], (occurredAt) =>
      ask(EXTENSION, occurredAt),
    ),
  ]);

  it('moves nothing: it waits, and neither due instant nor next step know of it', () => {
    const { proposals, revision, ...after } = given(ACCEPTED, PROPOSED);
    const { proposals: _, revision: __, ...before } = given(ACCEPTED);
    expect(after).toEqual(before);
    expect(revision).toBe(1n);
    expect(proposals).toEqual([
      { proposal: 'p1', ...EXTENSION, proposedBy: 'clerk-1', proposedAt: desk('2024-01-15 14:00') },
    ]);
  });

  it('can be decided from then on, and not be proposed again', () => {
    const allowed = allowedSteps(given(ACCEPTED, PROPOSED));
    expect(allowed).toEqual(expect.arrayContaining(['correct', 'approve', 'refuse']));
    expect(allowed).not.toContain('extend');
  });
});
