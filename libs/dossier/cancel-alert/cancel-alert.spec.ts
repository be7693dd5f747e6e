import { describe, expect, it } from '@jest/globals';
import { correct } from '../correct/correct.js';
import type { Alert } from '../dossier.events.js';
import { handOver } from '../hand-over/hand-over.js';
import { approve, refuse } from '../proposals/decide.js';
import { propose } from '../proposals/propose.js';
import { reject } from '../reject/reject.js';
import { requestSupplement } from '../request-supplement/request-supplement.js';
import { resolve } from '../resolve/resolve.js';
import { returnResult } from '../return-result/return-result.js';
import { allowedSteps } from '../steps.js';
import {
  ACCEPTED,
  desk,
  given,
  type Past,
  REGISTERED,
  specify,
  SUPERVISOR,
  took,
} from '../testing/scenario.js';
import { alertsOf } from './alerts.js';

const DUE = desk('2024-01-23 10:00');
const RESULT: Alert = { topic: 'result', dueAt: DUE };
const reason = 'Tòa án đang thụ lý';
const ask = (alert: Alert) => propose({ step: 'cancel-alert', input: alert }, { reason });
const proposed = (alert: Alert, at = '2024-01-15 14:00'): Past => took(at, ask(alert));
const approved = (proposal: string, at = '2024-01-15 15:00'): Past =>
  took(at, approve({ proposal }), SUPERVISOR);
const CANCELLED = [ACCEPTED, proposed(RESULT), approved('p1')];
const HANDED_OVER = took('2024-01-15 11:00', handOver({ toUnit: 'QLĐT' }));
const RESOLVED = took('2024-01-16 10:00', resolve({ outcome: 'granted' }));
const now = desk('2024-01-15 16:00');

describe('cancelling an alert', () => {
  specify([
    {
      name: 'is proposed with its topic and due instant; the reason is kept with the personal fields',
      now,
      given: [ACCEPTED],
      when: ask(RESULT),
      then: [
        {
          type: 'ChangeProposed',
          data: { proposal: 'p1', step: 'cancel-alert', input: RESULT },
          personal: { reason },
        },
      ],
    },
    {
      name: 'happens when a second person approves it, and refers to the proposal',
      now,
      by: SUPERVISOR,
      given: [ACCEPTED, proposed(RESULT)],
      when: approve({ proposal: 'p1' }),
      then: [
        { type: 'ProposalApproved', data: { proposal: 'p1', proposedBy: 'clerk-1' } },
        {
          type: 'AlertCancelled',
          occurredAt: now,
          data: { ...RESULT, approver: 'supervisor-1', proposal: 'p1' },
        },
      ],
    },
    {
      name: 'is not approved by the one who proposed it',
      now,
      given: [ACCEPTED, proposed(RESULT)],
      when: approve({ proposal: 'p1' }),
      then: 'second-person-needed',
    },
    {
      name: 'is refused for a due instant that the dossier does not have',
      now,
      given: [ACCEPTED],
      when: ask({ topic: 'result', dueAt: desk('2024-01-24 10:00') }),
      then: 'alert-unknown /dueAt',
    },
    {
      name: 'is refused for a topic that nobody is reminded of now',
      now,
      given: [ACCEPTED],
      when: ask({ topic: 'collection', dueAt: DUE }),
      then: 'alert-unknown /topic',
    },
    {
      name: 'is refused a second time',
      now,
      given: CANCELLED,
      when: ask(RESULT),
      then: 'alert-cancelled',
    },
    {
      name: 'of another topic with the same due instant is another one',
      now,
      given: CANCELLED,
      when: ask({ topic: 'apology', dueAt: DUE }),
      then: [{ type: 'ChangeProposed' }],
    },
    {
      name: 'is refused where the due instant has moved since it was proposed',
      now,
      by: SUPERVISOR,
      given: [
        ACCEPTED,
        proposed(RESULT),
        took('2024-01-15 15:00', correct({ field: 'due_at', to: desk('2024-01-24 10:00'), form: '1' })),
      ],
      when: approve({ proposal: 'p1' }),
      then: 'alert-unknown',
    },
    {
      name: 'can be refused before the dossier is accepted, too',
      now,
      by: SUPERVISOR,
      given: [REGISTERED, proposed({ topic: 'answer', dueAt: desk('2024-01-15 16:00') })],
      when: refuse({ proposal: 'p1', reason }),
      then: [{ type: 'ProposalRefused' }],
    },
    {
      name: 'is no step of a dossier that nobody is reminded of',
      now: desk('2024-01-17 10:00'),
      given: [ACCEPTED, HANDED_OVER, RESOLVED, took('2024-01-16 11:00', returnResult({ method: 'post' }))],
      when: ask(RESULT),
      then: 'step-not-allowed',
    },
  ]);

  it('is remembered, and moves nothing else', () => {
    const { cancelledAlerts, revision, ...after } = given(...CANCELLED);
    const { cancelledAlerts: none, revision: _, ...before } = given(ACCEPTED);
    expect([none, cancelledAlerts, revision]).toEqual([[], [RESULT], 3n]);
    expect(after).toEqual(before);
    expect(allowedSteps(given(...CANCELLED))).toContain('cancel-alert');
  });

  it('lapses with the end of the work, with the return of the result, and with a rejection', () => {
    const ended = [ACCEPTED, HANDED_OVER, proposed(RESULT), RESOLVED];
    expect(given(...ended).proposals).toEqual([]);
    const collection = proposed({ topic: 'collection', dueAt: desk('2024-01-16 10:00') }, '2024-01-16 10:30');
    expect(given(...ended, collection).proposals).toHaveLength(1);
    const returned = took('2024-01-16 11:00', returnResult({ method: 'post' }));
    expect(given(...ended, collection, returned).proposals).toEqual([]);
    const answer = proposed({ topic: 'answer', dueAt: desk('2024-01-15 16:00') });
    expect(given(REGISTERED, answer, took('2024-01-15 15:00', reject({ reason }))).proposals).toEqual([]);
  });

  it('can be of the work only while the clock runs', () => {
    const asked = took('2024-01-16 09:00', requestSupplement({ papers: [], reason: 'Thiếu' }));
    expect(alertsOf(given(ACCEPTED, HANDED_OVER))).toEqual([RESULT, { topic: 'apology', dueAt: DUE }]);
    expect(alertsOf(given(ACCEPTED, HANDED_OVER, asked))).toEqual([
      { topic: 'supplement', dueAt: desk('2024-01-16 09:00') },
    ]);
  });
});
