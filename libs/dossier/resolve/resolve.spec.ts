import { describe, expect, it } from '@jest/globals';
import { handOver } from '../hand-over/hand-over.js';
import { ACCEPTED, claimedTimes, desk, given, specify, took } from '../testing/scenario.js';
import { resolve } from './resolve.js';

const HANDED_OVER = took('2024-01-15 14:00', handOver({ toUnit: 'QLĐT' }));
const grant = (occurredAt?: string) => resolve({ outcome: 'granted', ...(occurredAt ? { occurredAt } : {}) });

describe('resolving a dossier', () => {
  specify([
    {
      name: 'says whether it was granted',
      now: desk('2024-01-22 09:00'),
      given: [ACCEPTED, HANDED_OVER],
      when: resolve({ outcome: 'granted', note: 'GCN số 01' }),
      then: [{ type: 'DossierResolved', data: { outcome: 'granted' }, personal: { note: 'GCN số 01' } }],
    },
    {
      name: 'or refused',
      now: desk('2024-01-22 09:00'),
      given: [ACCEPTED, HANDED_OVER],
      when: resolve({ outcome: 'refused' }),
      then: [{ data: { outcome: 'refused' } }],
    },
    {
      name: 'is refused before the work has begun',
      given: [ACCEPTED],
      when: grant(),
      then: 'step-not-allowed',
    },
    ...claimedTimes([ACCEPTED, HANDED_OVER], grant),
  ]);

  it('makes state 9 and ends the clock', () => {
    expect(given(ACCEPTED, HANDED_OVER, took('2024-01-22 09:00', grant()))).toMatchObject({
      status: 'resolved',
      endedAt: desk('2024-01-22 09:00'),
      returnedAt: null,
    });
  });
});
