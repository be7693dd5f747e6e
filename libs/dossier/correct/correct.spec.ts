import { describe, expect, it } from '@jest/globals';
import type { CorrectableTime } from '../dossier.events.js';
import { extend } from '../extend/extend.js';
import { handOver } from '../hand-over/hand-over.js';
import { receiveSupplement } from '../receive-supplement/receive-supplement.js';
import { requestSupplement } from '../request-supplement/request-supplement.js';
import { accept } from '../accept/accept.js';
import { resolve } from '../resolve/resolve.js';
import { returnResult } from '../return-result/return-result.js';
import {
  ACCEPTED,
  accepting,
  desk,
  given,
  NOW,
  type Past,
  REGISTERED,
  specify,
  SUPERVISOR,
  took,
} from '../testing/scenario.js';
import { withdraw } from '../withdraw/withdraw.js';
import { correct } from './correct.js';

const right = (field: CorrectableTime, wall: string) =>
  correct({ field, to: desk(wall), form: 'PĐC-2024/003' }, 'p1');
const now = desk('2024-02-01 08:00');
const HANDED_OVER = took('2024-01-15 14:00', handOver({ toUnit: 'QLĐT' }));
const STOPPED: Past[] = [
  ACCEPTED,
  took('2024-01-17 16:00', requestSupplement({ papers: [], reason: 'Thiếu' })),
];
const RESUMED = took('2024-01-18 14:00', receiveSupplement({}));
const RETURNED: Past[] = [
  ACCEPTED,
  HANDED_OVER,
  took('2024-01-22 09:00', resolve({ outcome: 'granted' })),
  took('2024-01-23 09:00', returnResult({ method: 'in_person' })),
];

describe('correcting a claimed time', () => {
  specify([
    {
      name: 'a corrected acceptance moves the computed due instant: from Friday 12th 15:00 to Friday 19th 15:00',
      now,
      by: SUPERVISOR,
      given: [ACCEPTED],
      when: right('accepted_at', '2024-01-12 15:00'),
      then: [
        {
          type: 'DossierCorrected',
          occurredAt: now,
          data: {
            field: 'accepted_at',
            from: NOW,
            to: desk('2024-01-12 15:00'),
            form: 'PĐC-2024/003',
            approver: 'supervisor-1',
            proposal: 'p1',
          },
        },
        {
          type: 'DossierCorrected',
          data: {
            field: 'due_at',
            from: desk('2024-01-23 10:00'),
            to: desk('2024-01-19 15:00'),
            form: 'PĐC-2024/003',
            approver: 'supervisor-1',
            proposal: 'p1',
            basis: 'computed',
          },
        },
      ],
    },
    {
      name: 'and moves it again when it is corrected again',
      now,
      given: [ACCEPTED, took('2024-01-16 08:00', right('accepted_at', '2024-01-12 15:00'))],
      when: right('accepted_at', '2024-01-12 16:00'),
      then: [{}, { data: { field: 'due_at', to: desk('2024-01-19 16:00') } }],
    },
    {
      name: 'under the versions of the acceptance, though the corrected one lies in the time of newer ones',
      now,
      given: [ACCEPTED],
      when: right('accepted_at', '2024-01-17 10:00'),
      // 18, 19, 23 (worked in the first calendar), 24, 25: five days, as the first limit says.
      then: [{}, { data: { field: 'due_at', to: desk('2024-01-25 10:00') } }],
    },
    {
      name: 'with what the clock stood still: 15 hours left on Wednesday 16:00 are 3 + 8 + 4 from Thursday 14:00',
      now,
      given: [...STOPPED, RESUMED],
      when: right('accepted_at', '2024-01-12 15:00'),
      then: [{}, { data: { to: desk('2024-01-23 11:00') } }],
    },
    {
      name: 'while the clock stands still, to when it would have run out',
      now,
      given: STOPPED,
      when: right('accepted_at', '2024-01-12 15:00'),
      then: [{}, { data: { to: desk('2024-01-19 15:00') } }],
    },
    {
      name: 'and of a dossier that ended while the clock stood still alike',
      now,
      given: [...STOPPED, took('2024-01-18 14:00', withdraw({ reason: 'Rút' }))],
      when: right('accepted_at', '2024-01-12 15:00'),
      then: [{}, { data: { to: desk('2024-01-19 15:00') } }],
    },
    {
      name: 'leaves a due instant that was extended',
      now,
      given: [
        ACCEPTED,
        took('2024-01-16 08:00', extend({ newDueAt: desk('2024-01-26 17:00'), apologyNumber: '1' })),
      ],
      when: right('accepted_at', '2024-01-12 15:00'),
      then: [{ data: { field: 'accepted_at' } }],
    },
    {
      name: 'leaves a due instant that was corrected',
      now,
      given: [ACCEPTED, took('2024-01-16 08:00', right('due_at', '2024-01-26 17:00'))],
      when: right('accepted_at', '2024-01-12 15:00'),
      then: [{ data: { field: 'accepted_at' } }],
    },
    {
      name: 'leaves the due instant where it comes out the same',
      now,
      given: [{ ...ACCEPTED, open: accepting({ case: 'khẩn' }) }],
      when: right('accepted_at', '2024-01-15 09:00'),
      then: [{ data: { field: 'accepted_at' } }],
    },
    {
      name: 'a due instant alone, also to an earlier one',
      now,
      given: [ACCEPTED],
      when: right('due_at', '2024-01-17 17:00'),
      then: [{ data: { field: 'due_at', from: desk('2024-01-23 10:00'), to: desk('2024-01-17 17:00') } }],
    },
    {
      name: 'the end of a dossier that was withdrawn',
      now,
      given: [ACCEPTED, took('2024-01-18 14:00', withdraw({ reason: 'Rút' }))],
      when: right('resolved_at', '2024-01-18 09:00'),
      then: [{ data: { field: 'resolved_at', from: desk('2024-01-18 14:00') } }],
    },
    {
      name: 'the return, of a final state',
      now,
      given: RETURNED,
      when: right('returned_at', '2024-01-24 09:00'),
      then: [{ data: { field: 'returned_at', from: desk('2024-01-23 09:00') } }],
    },
  ]);

  describe('is refused', () => {
    specify([
      {
        name: 'without a form',
        given: [ACCEPTED],
        when: correct({ field: 'due_at', to: desk('2024-01-30 10:00') }),
        then: 'form-required /form',
      },
      {
        name: 'where there is nothing yet',
        given: [ACCEPTED],
        when: right('resolved_at', '2024-01-15 10:00'),
        then: 'nothing-to-correct',
      },
      {
        name: 'into the future',
        given: [ACCEPTED],
        when: right('accepted_at', '2024-01-15 10:06'),
        then: 'in-the-future /to',
      },
      {
        name: 'for an acceptance after the end',
        now,
        given: RETURNED,
        when: right('accepted_at', '2024-01-22 09:01'),
        then: 'ended-before-acceptance /to',
      },
      {
        name: 'for an acceptance before the registration',
        now,
        given: [REGISTERED, took('2024-01-15 10:00', accept({}))],
        when: right('accepted_at', '2024-01-12 15:00'),
        then: 'before-previous-step /to',
      },
      {
        name: 'for an end before the acceptance',
        now,
        given: RETURNED,
        when: right('resolved_at', '2024-01-15 09:59'),
        then: 'before-acceptance /to',
      },
      {
        name: 'for a due instant before the acceptance',
        now,
        given: [ACCEPTED],
        when: right('due_at', '2024-01-15 09:59'),
        then: 'before-acceptance /to',
      },
      {
        name: 'for an end after the return',
        now,
        given: RETURNED,
        when: right('resolved_at', '2024-01-23 09:01'),
        then: 'returned-before-resolved /to',
      },
      {
        name: 'for a return before the end',
        now,
        given: RETURNED,
        when: right('returned_at', '2024-01-22 08:59'),
        then: 'returned-before-resolved /to',
      },
      {
        name: 'before the dossier is accepted',
        given: [REGISTERED],
        when: right('due_at', '2024-01-30 10:00'),
        then: 'step-not-allowed',
      },
    ]);
  });

  it('lets the next step follow the corrected acceptance', () => {
    const state = given(ACCEPTED, took('2024-01-16 08:00', right('accepted_at', '2024-01-12 15:00')));
    expect(state).toMatchObject({ status: 'accepted', lastStepAt: desk('2024-01-12 15:00') });
  });

  it('does not let it come before a step that was taken since', () => {
    const state = given(
      ACCEPTED,
      HANDED_OVER,
      took('2024-01-16 08:00', right('accepted_at', '2024-01-12 15:00')),
    );
    expect(state.lastStepAt).toBe(desk('2024-01-15 14:00'));
  });

  it('lets a clock that stands still go on from the corrected due instant', () => {
    const state = given(
      ...STOPPED,
      took('2024-01-18 08:00', right('accepted_at', '2024-01-12 15:00')),
      RESUMED,
    );
    expect(state).toMatchObject({ dueAt: desk('2024-01-23 11:00'), dueBasis: 'computed' });
  });
});
