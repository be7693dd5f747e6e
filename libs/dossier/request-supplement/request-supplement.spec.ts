import { describe, expect, it } from '@jest/globals';
import { receiveSupplement } from '../receive-supplement/receive-supplement.js';
import {
  ACCEPTED,
  accepting,
  claimedTimes,
  desk,
  given,
  type Past,
  REGISTERED,
  specify,
  took,
} from '../testing/scenario.js';
import { requestSupplement } from './request-supplement.js';

const PAPERS = [{ name: 'Báo cáo tài chính', originals: 1, copies: 0 }];
const ask = (occurredAt?: string) =>
  requestSupplement({ papers: PAPERS, reason: 'Thiếu giấy tờ', ...(occurredAt ? { occurredAt } : {}) });
const askedAndReceived: Past[] = [
  took('2024-01-17 16:00', ask()),
  took('2024-01-18 14:00', receiveSupplement({})),
];

describe('requesting a supplement', () => {
  specify([
    {
      name: 'stops the clock, and says what is missing and why',
      given: [ACCEPTED],
      when: requestSupplement({ papers: PAPERS, reason: 'Thiếu giấy tờ', legalBasis: 'NĐ 61/2018' }),
      then: [
        {
          type: 'SupplementRequested',
          data: { number: 1, stopsClock: true },
          personal: { papers: PAPERS, reason: 'Thiếu giấy tờ', legalBasis: 'NĐ 61/2018' },
        },
      ],
    },
    {
      name: 'stops no clock that has not started',
      given: [REGISTERED],
      when: ask(),
      then: [{ data: { number: 1, stopsClock: false } }],
    },
    {
      name: 'stops no clock where the policy says so',
      given: [{ ...ACCEPTED, open: accepting({ unit: 'H54.13' }) }],
      when: ask(),
      then: [{ data: { stopsClock: false } }],
    },
    {
      name: 'is refused beyond the number that the policy of the acceptance allows, though a newer one allows more',
      now: desk('2024-01-19 08:00'),
      given: [ACCEPTED, ...askedAndReceived],
      when: ask(),
      then: 'supplement-limit',
    },
    {
      name: 'may be repeated where the policy of the acceptance allows it',
      now: desk('2024-01-19 08:00'),
      given: [{ at: desk('2024-01-17 10:00'), open: accepting() }, ...askedAndReceived],
      when: ask(),
      then: [{ data: { number: 2 } }],
    },
    {
      name: 'is refused while one is open',
      given: [ACCEPTED, took('2024-01-15 11:00', ask())],
      when: ask(),
      then: 'step-not-allowed',
    },
    ...claimedTimes([ACCEPTED], ask),
  ]);

  it('makes state 5 with the clock standing still', () => {
    expect(given(ACCEPTED, took('2024-01-17 16:00', ask()))).toMatchObject({
      status: 'supplement_requested',
      supplementRequests: 1,
      pauses: [{ from: desk('2024-01-17 16:00'), to: null }],
    });
  });
});
