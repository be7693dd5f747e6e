import { describe, expect, it } from '@jest/globals';
import { requestSupplement } from '../request-supplement/request-supplement.js';
import {
  ACCEPTED,
  accepting,
  claimedTimes,
  CODE,
  desk,
  given,
  type Past,
  REGISTERED,
  specify,
  took,
} from '../testing/scenario.js';
import { receiveSupplement } from './receive-supplement.js';

const ask = requestSupplement({ papers: [], reason: 'Thiếu giấy tờ' });
/** Due Tuesday 23rd, 10:00. On Wednesday at 16:00 there are 1 + 8 + 8 hours left in that week, and 3 on Tuesday: 20. */
const STOPPED: Past[] = [ACCEPTED, took('2024-01-17 16:00', ask)];
const received = (wall: string) => receiveSupplement({ occurredAt: desk(wall) });
const now = desk('2024-02-01 08:00');

describe('receiving a supplement', () => {
  specify([
    {
      name: 'lets the clock go on with the 20 hours left: from Thursday 14:00 they are 3 + 8 + 8 + 1',
      now,
      given: STOPPED,
      when: receiveSupplement({
        papers: [{ name: 'Báo cáo', originals: 1, copies: 0 }],
        occurredAt: desk('2024-01-18 14:00'),
      }),
      then: [
        {
          type: 'SupplementReceived',
          data: { dueAt: desk('2024-01-24 08:00') },
          personal: { papers: [{ name: 'Báo cáo', originals: 1, copies: 0 }] },
        },
      ],
    },
    {
      name: 'after the weekend and the day off: from Tuesday 14:30 they are 2.5 + 8 + 8 + 1.5',
      now,
      given: STOPPED,
      when: received('2024-01-23 14:30'),
      then: [{ data: { dueAt: desk('2024-01-26 08:30') } }],
    },
    {
      name: 'on a Sunday: from Tuesday 07:00, as Monday is off, they are 8 + 8 + 4',
      now,
      given: STOPPED,
      when: received('2024-01-21 09:00'),
      then: [{ data: { dueAt: desk('2024-01-25 11:00') } }],
    },
    {
      name: 'outside office hours of the same evening: nothing was lost',
      now,
      given: [ACCEPTED, took('2024-01-17 18:00', ask)],
      when: received('2024-01-17 19:00'),
      then: [{ data: { dueAt: desk('2024-01-23 10:00') } }],
    },
    {
      name: 'counts by the calendar of the acceptance: the 23rd is worked, whatever a newer version says',
      now,
      given: STOPPED,
      when: received('2024-01-19 16:00'),
      // 1 hour on Friday, 8 on Tuesday 23rd, 8 on Wednesday, 3 on Thursday.
      then: [{ data: { dueAt: desk('2024-01-25 10:00') } }],
    },
    {
      name: 'gives calendar days the 22 hours back that it stood still',
      now,
      given: [{ ...ACCEPTED, open: accepting({ case: 'đặc biệt' }) }, took('2024-01-17 16:00', ask)],
      when: received('2024-01-18 14:00'),
      then: [{ data: { dueAt: desk('2024-01-24 08:00') } }],
    },
    {
      name: 'gives nothing for a standstill before hours begin to count, on the morning after the acceptance',
      now,
      given: [{ ...ACCEPTED, open: accepting({ case: 'khẩn' }) }, took('2024-01-15 11:00', ask)],
      when: received('2024-01-15 15:00'),
      then: [{ data: { dueAt: desk('2024-01-16 17:00') } }],
    },
    {
      name: 'gives nothing where the clock had run out before it stood still',
      now,
      given: [ACCEPTED, took('2024-01-23 11:00', ask)],
      when: received('2024-01-25 11:00'),
      then: [{ data: { dueAt: desk('2024-01-23 10:00') } }],
    },
    {
      name: 'leaves the due instant where the clock was not stopped',
      now,
      given: [{ ...ACCEPTED, open: accepting({ unit: 'H54.13' }) }, took('2024-01-17 16:00', ask)],
      when: received('2024-01-18 14:00'),
      then: [{ data: { dueAt: desk('2024-01-23 10:00') } }],
    },
    {
      name: 'accepts a dossier that was only registered, under what is in force on that day: 17, 18, 19 January',
      now: desk('2024-01-16 10:00'),
      given: [REGISTERED, took('2024-01-15 09:00', ask)],
      when: receiveSupplement({}),
      then: [
        { type: 'SupplementReceived', data: { dueAt: null } },
        {
          type: 'DossierAccepted',
          occurredAt: desk('2024-01-16 10:00'),
          data: {
            code: CODE,
            channel: 'online',
            terms: { procedure: { version: 2 } },
            dueAt: desk('2024-01-19 10:00'),
            dueBasis: 'computed',
          },
        },
      ],
    },
    {
      name: 'is refused where nothing was asked for',
      given: [ACCEPTED],
      when: receiveSupplement({}),
      then: 'step-not-allowed',
    },
    ...claimedTimes(STOPPED, (occurredAt) => receiveSupplement(occurredAt ? { occurredAt } : {})),
  ]);

  it('makes state 4 with the clock running', () => {
    expect(given(...STOPPED, took('2024-01-18 14:00', receiveSupplement({})))).toMatchObject({
      status: 'processing',
      dueAt: desk('2024-01-24 08:00'),
      dueBasis: 'computed',
      pauses: [{ from: desk('2024-01-17 16:00'), to: desk('2024-01-18 14:00') }],
    });
  });

  it('makes state 4 of a dossier that was only registered, too', () => {
    const state = given(
      REGISTERED,
      took('2024-01-15 09:00', ask),
      took('2024-01-16 10:00', receiveSupplement({})),
    );
    expect(state).toMatchObject({
      status: 'processing',
      acceptedAt: desk('2024-01-16 10:00'),
      supplementRequests: 1,
      pauses: [],
    });
  });
});
