import { claimedInstant, type Decide, requireStep, resumedDue, rulesFor } from '../decision.js';

/** Tells the applicant what is to be paid. The clock stops if the policy says so. */
export const requestPayment =
  (input: { amount: number; currency: string; note?: string; occurredAt?: string }): Decide =>
  (state, situation) => {
    requireStep(state, 'request-payment');
    const rules = rulesFor(state, situation);
    return [
      {
        type: 'PaymentRequested',
        occurredAt: claimedInstant(input.occurredAt, state, situation, rules),
        data: { amount: input.amount, currency: input.currency, stopsClock: rules.paymentStopsClock },
        ...(input.note ? { personal: { note: input.note } } : {}),
      },
    ];
  };

/** The financial obligation is met: the clock goes on with the time that was left. */
export const confirmPayment =
  (input: { note?: string; occurredAt?: string }): Decide =>
  (state, situation) => {
    requireStep(state, 'confirm-payment');
    const occurredAt = claimedInstant(input.occurredAt, state, situation, rulesFor(state, situation));
    return [
      {
        type: 'PaymentConfirmed',
        occurredAt,
        data: { dueAt: resumedDue(state, occurredAt, situation) },
        ...(input.note ? { personal: { note: input.note } } : {}),
      },
    ];
  };
