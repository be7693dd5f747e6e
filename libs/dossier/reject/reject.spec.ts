import { describe, expect, it } from '@jest/globals';
import { ACCEPTED, desk, given, NOW, REGISTERED, specify, took } from '../testing/scenario.js';
import { reject } from './reject.js';

const REASON = { reason: 'Không thuộc thẩm quyền' };

describe('rejecting a registered dossier', () => {
  specify([
    {
      name: 'gives the reason and its legal basis',
      given: [REGISTERED],
      when: reject({ ...REASON, legalBasis: 'Điều 17 NĐ 61/2018' }),
      then: [
        {
          type: 'DossierRejected',
          occurredAt: NOW,
          data: {},
          personal: { ...REASON, legalBasis: 'Điều 17 NĐ 61/2018' },
        },
      ],
    },
    {
      name: 'is refused for an accepted one: it can be withdrawn or stopped',
      given: [ACCEPTED],
      when: reject(REASON),
      then: 'step-not-allowed',
    },
    {
      name: 'is refused before the registration',
      given: [REGISTERED],
      when: reject({ ...REASON, occurredAt: desk('2024-01-12 15:00') }),
      then: 'before-previous-step /occurredAt',
    },
    {
      name: 'is refused in the future',
      given: [REGISTERED],
      when: reject({ ...REASON, occurredAt: desk('2024-01-15 10:06') }),
      then: 'in-the-future /occurredAt',
    },
  ]);

  it('makes state 3, which is final', () => {
    expect(given(REGISTERED, took('2024-01-15 10:00', reject(REASON)))).toMatchObject({
      status: 'rejected',
      acceptedAt: null,
      endedAt: null,
    });
  });
});
