import { describe, expect, it } from '@jest/globals';
import { ACCEPTED, claimedTimes, desk, given, REGISTERED, specify, took } from '../testing/scenario.js';
import { consult, recordReply } from './consult.js';

const ASKED = took('2024-01-15 14:00', consult({ agency: 'Sở Xây dựng', dueAt: desk('2024-01-18 17:00') }));
const ask = (occurredAt?: string) => consult({ agency: 'Sở TNMT', ...(occurredAt ? { occurredAt } : {}) });
const reply = (occurredAt?: string) =>
  recordReply({ consultation: 'c1', ...(occurredAt ? { occurredAt } : {}) });

describe('consulting another agency', () => {
  specify([
    {
      name: 'gives it a due instant of its own',
      given: [ACCEPTED],
      when: consult({ agency: 'Sở Xây dựng', dueAt: desk('2024-01-18 17:00'), note: 'Xin ý kiến' }),
      then: [
        {
          type: 'ConsultationRequested',
          data: { consultation: 'c1', dueAt: desk('2024-01-18 17:00') },
          personal: { agency: 'Sở Xây dựng', note: 'Xin ý kiến' },
        },
      ],
    },
    {
      name: 'can be done with several agencies at once',
      given: [ACCEPTED, ASKED],
      now: desk('2024-01-15 15:00'),
      when: ask(),
      then: [{ data: { consultation: 'c2', dueAt: null } }],
    },
    {
      name: 'is refused with a due instant that is not later',
      given: [ACCEPTED],
      when: consult({ agency: 'Sở Xây dựng', dueAt: desk('2024-01-15 10:00') }),
      then: 'due-not-later /dueAt',
    },
    { name: 'is refused before the acceptance', given: [REGISTERED], when: ask(), then: 'step-not-allowed' },
    ...claimedTimes([ACCEPTED], ask),
  ]);

  it('does not stop the clock', () => {
    expect(given(ACCEPTED, ASKED)).toMatchObject({
      status: 'processing',
      openConsultations: ['c1'],
      pauses: [],
      dueAt: desk('2024-01-23 10:00'),
    });
  });
});

describe('recording the reply', () => {
  specify([
    {
      name: 'closes that consultation',
      now: desk('2024-01-17 09:00'),
      given: [ACCEPTED, ASKED],
      when: recordReply({ consultation: 'c1', note: 'Đồng ý' }),
      then: [{ type: 'ConsultationReplied', data: { consultation: 'c1' }, personal: { note: 'Đồng ý' } }],
    },
    {
      name: 'is refused for one that was never opened',
      given: [ACCEPTED, ASKED],
      when: recordReply({ consultation: 'c9' }),
      then: 'consultation-unknown /consultation',
    },
    {
      name: 'is refused a second time',
      given: [ACCEPTED, ASKED, took('2024-01-16 09:00', reply())],
      when: reply(),
      then: 'consultation-unknown /consultation',
    },
    ...claimedTimes([ACCEPTED, ASKED], reply),
  ]);

  it('leaves the others open', () => {
    const state = given(ACCEPTED, ASKED, took('2024-01-15 15:00', ask()), took('2024-01-16 09:00', reply()));
    expect(state.openConsultations).toEqual(['c2']);
  });
});
