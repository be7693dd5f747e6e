import { describe, expect, it } from '@jest/globals';
import { handOver } from '../hand-over/hand-over.js';
import { receiveSupplement } from '../receive-supplement/receive-supplement.js';
import { requestSupplement } from '../request-supplement/request-supplement.js';
import {
  ACCEPTED,
  claimedTimes,
  desk,
  type Past,
  given,
  REGISTERED,
  situationAt,
  specify,
  SUPERVISOR,
  took,
} from '../testing/scenario.js';
import { extend } from './extend.js';

const apologyNumber = 'PXL-2024/017';
const to = (wall: string, occurredAt?: string) =>
  extend({ newDueAt: desk(wall), apologyNumber }, 'p1', occurredAt);
const EXTENDED: Past[] = [ACCEPTED, took('2024-01-19 10:00', to('2024-01-26 17:00'))];

describe('extending the deadline', () => {
  specify([
    {
      name: 'announces a new due instant with an apology, its number, who approved it and what was proposed',
      now: desk('2024-01-19 10:00'),
      by: SUPERVISOR,
      given: [ACCEPTED],
      when: to('2024-01-26 17:00'),
      then: [
        {
          type: 'DeadlineExtended',
          data: {
            oldDueAt: desk('2024-01-23 10:00'),
            newDueAt: desk('2024-01-26 17:00'),
            apologyNumber,
            approver: 'supervisor-1',
            proposal: 'p1',
          },
        },
      ],
    },
    {
      name: 'is possible after the old due instant, which stays in the event for the report',
      now: desk('2024-01-24 10:00'),
      given: [ACCEPTED],
      when: to('2024-01-26 17:00'),
      then: [{ occurredAt: desk('2024-01-24 10:00'), data: { oldDueAt: desk('2024-01-23 10:00') } }],
    },
    {
      name: 'is refused without the apology',
      given: [ACCEPTED],
      when: extend({ newDueAt: desk('2024-01-26 17:00') }),
      then: 'form-required /apologyNumber',
    },
    {
      name: 'is refused beyond the number that the policy allows',
      now: desk('2024-01-25 10:00'),
      given: EXTENDED,
      when: to('2024-01-30 17:00'),
      then: 'extension-limit',
    },
    {
      name: 'is refused to the instant of before',
      given: [ACCEPTED],
      when: to('2024-01-23 10:00'),
      then: 'due-not-later /newDueAt',
    },
    {
      name: 'is refused to an instant that has passed',
      now: desk('2024-01-25 10:00'),
      given: [ACCEPTED],
      when: to('2024-01-24 10:00'),
      then: 'due-not-later /newDueAt',
    },
    {
      name: 'is refused before the acceptance',
      given: [REGISTERED],
      when: to('2024-01-26 17:00'),
      then: 'step-not-allowed',
    },
    ...claimedTimes([ACCEPTED, took('2024-01-15 14:00', handOver({ toUnit: 'QLĐT' }))], (occurredAt) =>
      to('2024-01-26 17:00', occurredAt),
    ),
  ]);

  it('moves the due instant and leaves the state', () => {
    expect(given(...EXTENDED)).toMatchObject({
      status: 'accepted',
      dueAt: desk('2024-01-26 17:00'),
      dueBasis: 'extended',
      extensions: 1,
    });
  });

  it('counts on from the new due instant after a standstill: 2 hours of Friday were left, and are on Monday', () => {
    const state = given(
      ...EXTENDED,
      took('2024-01-26 15:00', requestSupplement({ papers: [], reason: 'Thiếu' })),
      took('2024-01-28 15:00', receiveSupplement({})),
    );
    expect(state.dueAt).toBe(desk('2024-01-29 09:00'));
  });

  it('has nothing to extend where an imported dossier has no due instant', () => {
    const imported = given(ACCEPTED);
    expect(() =>
      to('2024-01-26 17:00')({ ...imported, dueAt: null }, situationAt(desk('2024-01-15 11:00'))),
    ).toThrow('no-due-instant');
  });
});
