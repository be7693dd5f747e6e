import { describe, expect, it } from '@jest/globals';
import { handOver } from '../hand-over/hand-over.js';
import { ACCEPTED, claimedTimes, desk, given, specify, took } from '../testing/scenario.js';
import { stop } from './stop.js';

const HANDED_OVER = took('2024-01-15 14:00', handOver({ toUnit: 'QLĐT' }));
const halt = (occurredAt?: string) =>
  stop({ reason: 'Dự án bị thu hồi', ...(occurredAt ? { occurredAt } : {}) });

describe('stopping a dossier', () => {
  specify([
    {
      name: 'gives the reason',
      now: desk('2024-01-18 09:00'),
      given: [ACCEPTED, HANDED_OVER],
      when: halt(),
      then: [{ type: 'DossierStopped', data: {}, personal: { reason: 'Dự án bị thu hồi' } }],
    },
    {
      name: 'is refused before the work has begun',
      given: [ACCEPTED],
      when: halt(),
      then: 'step-not-allowed',
    },
    ...claimedTimes([ACCEPTED, HANDED_OVER], halt),
  ]);

  it('makes state 8 and ends the clock', () => {
    expect(given(ACCEPTED, HANDED_OVER, took('2024-01-18 09:00', halt()))).toMatchObject({
      status: 'stopped',
      endedAt: desk('2024-01-18 09:00'),
    });
  });
});
