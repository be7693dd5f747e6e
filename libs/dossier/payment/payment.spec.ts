import { describe, expect, it } from '@jest/globals';
import { handOver } from '../hand-over/hand-over.js';
import {
  ACCEPTED,
  accepting,
  claimedTimes,
  desk,
  given,
  type Past,
  specify,
  took,
} from '../testing/scenario.js';
import { confirmPayment, requestPayment } from './payment.js';

const HANDED_OVER = took('2024-01-15 14:00', handOver({ toUnit: 'QLĐT' }));
const FEE = { amount: 1_500_000, currency: 'VND' };
const bill = (occurredAt?: string) => requestPayment({ ...FEE, ...(occurredAt ? { occurredAt } : {}) });
const BILLED: Past[] = [ACCEPTED, HANDED_OVER, took('2024-01-19 15:00', bill())];

describe('requesting a payment', () => {
  specify([
    {
      name: 'states the amount and stops the clock',
      now: desk('2024-01-19 15:00'),
      given: [ACCEPTED, HANDED_OVER],
      when: requestPayment({ ...FEE, note: 'Tiền thuê đất' }),
      then: [
        {
          type: 'PaymentRequested',
          data: { ...FEE, stopsClock: true },
          personal: { note: 'Tiền thuê đất' },
        },
      ],
    },
    {
      name: 'stops no clock where the policy says so',
      now: desk('2024-01-19 15:00'),
      given: [{ ...ACCEPTED, open: accepting({ unit: 'H54.13' }) }, HANDED_OVER],
      when: bill(),
      then: [{ data: { stopsClock: false } }],
    },
    {
      name: 'is refused before the work has begun',
      given: [ACCEPTED],
      when: bill(),
      then: 'step-not-allowed',
    },
    ...claimedTimes([ACCEPTED, HANDED_OVER], bill),
  ]);

  it('makes state 6 with the clock standing still', () => {
    expect(given(...BILLED)).toMatchObject({
      status: 'financial_obligation',
      pauses: [{ from: desk('2024-01-19 15:00'), to: null }],
    });
  });
});

describe('confirming a payment', () => {
  specify([
    {
      name: 'lets the clock go on with what was left on Friday 15:00, 2 hours and 3 on Tuesday: Thursday 14:00 and 3 + 2',
      now: desk('2024-01-25 14:00'),
      given: BILLED,
      when: confirmPayment({ note: 'Đã nộp' }),
      then: [
        {
          type: 'PaymentConfirmed',
          data: { dueAt: desk('2024-01-26 09:00') },
          personal: { note: 'Đã nộp' },
        },
      ],
    },
    {
      name: 'is refused where nothing was to be paid',
      given: [ACCEPTED, HANDED_OVER],
      when: confirmPayment({}),
      then: 'step-not-allowed',
    },
    ...claimedTimes(BILLED, (occurredAt) => confirmPayment(occurredAt ? { occurredAt } : {})),
  ]);

  it('makes state 4 with the clock running', () => {
    expect(given(...BILLED, took('2024-01-25 14:00', confirmPayment({})))).toMatchObject({
      status: 'processing',
      dueAt: desk('2024-01-26 09:00'),
      pauses: [{ to: desk('2024-01-25 14:00') }],
    });
  });
});
