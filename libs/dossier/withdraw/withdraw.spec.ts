import { describe, expect, it } from '@jest/globals';
import { requestSupplement } from '../request-supplement/request-supplement.js';
import { ACCEPTED, claimedTimes, desk, given, REGISTERED, specify, took } from '../testing/scenario.js';
import { withdraw } from './withdraw.js';

const leave = (occurredAt?: string) =>
  withdraw({ reason: 'Không còn nhu cầu', ...(occurredAt ? { occurredAt } : {}) });
const WITHDRAWN = took('2024-01-18 09:00', leave());

describe('withdrawing a dossier', () => {
  specify([
    {
      name: 'gives the reason',
      given: [ACCEPTED],
      when: leave(),
      then: [{ type: 'DossierWithdrawn', data: {}, personal: { reason: 'Không còn nhu cầu' } }],
    },
    {
      name: 'is possible before the acceptance',
      given: [REGISTERED],
      when: leave(),
      then: [{ type: 'DossierWithdrawn' }],
    },
    {
      name: 'is refused a second time',
      now: desk('2024-01-19 09:00'),
      given: [ACCEPTED, WITHDRAWN],
      when: leave(),
      then: 'step-not-allowed',
    },
    ...claimedTimes([ACCEPTED], leave),
  ]);

  it('makes state 7 and ends the clock, also one that stood still', () => {
    const ask = took('2024-01-17 16:00', requestSupplement({ papers: [], reason: 'Thiếu' }));
    expect(given(ACCEPTED, ask, WITHDRAWN)).toMatchObject({
      status: 'withdrawn',
      endedAt: desk('2024-01-18 09:00'),
      dueAt: desk('2024-01-23 10:00'),
    });
  });
});
