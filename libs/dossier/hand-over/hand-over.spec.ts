import { describe, expect, it } from '@jest/globals';
import { ACCEPTED, claimedTimes, desk, given, REGISTERED, specify, took } from '../testing/scenario.js';
import { handOver } from './hand-over.js';

const HANDED_OVER = took('2024-01-15 14:00', handOver({ toUnit: 'QLĐT' }));
const toQldt = (occurredAt?: string) => handOver({ toUnit: 'QLĐT', ...(occurredAt ? { occurredAt } : {}) });

describe('handing a dossier over', () => {
  specify([
    {
      name: 'names the unit, the official there and a note',
      given: [ACCEPTED],
      when: handOver({ toUnit: 'QLĐT', toOfficial: 'official-7', note: 'Giao xử lý' }),
      then: [
        {
          type: 'DossierHandedOver',
          data: { toUnit: 'QLĐT', toOfficial: 'official-7' },
          personal: { note: 'Giao xử lý' },
        },
      ],
    },
    {
      name: 'can go on from unit to unit',
      now: desk('2024-01-16 08:00'),
      given: [ACCEPTED, HANDED_OVER],
      when: handOver({ toUnit: 'TNMT' }),
      then: [{ data: { toUnit: 'TNMT', toOfficial: null } }],
    },
    {
      name: 'is refused before the dossier is accepted',
      given: [REGISTERED],
      when: toQldt(),
      then: 'step-not-allowed',
    },
    ...claimedTimes([ACCEPTED], toQldt),
  ]);
  describe('after another step', () => specify(claimedTimes([ACCEPTED, HANDED_OVER], toQldt)));

  it('makes state 4 in that unit, and leaves the due instant', () => {
    expect(given(ACCEPTED, HANDED_OVER)).toMatchObject({
      status: 'processing',
      unit: 'QLĐT',
      dueAt: desk('2024-01-23 10:00'),
    });
  });
});
