import { describe, expect, it } from '@jest/globals';
import { correct } from '../correct/correct.js';
import { handOver } from '../hand-over/hand-over.js';
import { resolve } from '../resolve/resolve.js';
import { ACCEPTED, claimedTimes, desk, given, type Past, specify, took } from '../testing/scenario.js';
import { returnResult } from './return-result.js';

const RESOLVED: Past[] = [
  ACCEPTED,
  took('2024-01-15 14:00', handOver({ toUnit: 'QLĐT' })),
  took('2024-01-22 09:00', resolve({ outcome: 'granted' })),
];
const give = (occurredAt?: string) =>
  returnResult({ method: 'in_person', ...(occurredAt ? { occurredAt } : {}) });
const resolvedAt = (wall: string): Past =>
  took('2024-01-24 08:00', correct({ field: 'resolved_at', to: desk(wall), form: 'PĐC-1' }));

describe('returning the result', () => {
  specify([
    {
      name: 'says how it was returned',
      now: desk('2024-01-23 08:00'),
      given: RESOLVED,
      when: returnResult({ method: 'post', note: 'Vận đơn 01' }),
      then: [{ type: 'ResultReturned', data: { method: 'post' }, personal: { note: 'Vận đơn 01' } }],
    },
    { name: 'is refused before there is one', given: [ACCEPTED], when: give(), then: 'step-not-allowed' },
    ...claimedTimes(RESOLVED, give),
    {
      name: 'is refused before the resolution as it was corrected',
      now: desk('2024-01-24 09:00'),
      given: [...RESOLVED, resolvedAt('2024-01-23 09:00')],
      when: give(desk('2024-01-22 10:00')),
      then: 'before-previous-step /occurredAt',
    },
    {
      name: 'may be claimed for after the resolution as it was corrected',
      now: desk('2024-01-24 09:00'),
      given: [...RESOLVED, resolvedAt('2024-01-19 09:00')],
      when: give(desk('2024-01-19 10:00')),
      then: [{ occurredAt: desk('2024-01-19 10:00') }],
    },
  ]);

  it('makes state 10, and leaves the end of the clock', () => {
    expect(given(...RESOLVED, took('2024-01-25 09:00', give()))).toMatchObject({
      status: 'returned',
      endedAt: desk('2024-01-22 09:00'),
      returnedAt: desk('2024-01-25 09:00'),
    });
  });
});
