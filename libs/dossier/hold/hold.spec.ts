import { describe, expect, it } from '@jest/globals';
import { reject } from '../reject/reject.js';
import { type DossierState, evolve } from '../dossier.js';
import { SAMPLE_DATA } from '../testing/sample-facts.js';
import {
  ACCEPTED,
  given,
  imported,
  NOW,
  recorded,
  REGISTERED,
  specify,
  SUPERVISOR,
  took,
} from '../testing/scenario.js';
import { withdraw } from '../withdraw/withdraw.js';
import { liftHold, placeHold } from './hold.js';

const HOLD = placeHold({ reason: 'Đang giải quyết khiếu nại' });
const LIFT = liftHold({ reason: 'Đã giải quyết' });
const HELD = took('2024-01-16 09:00', HOLD, SUPERVISOR);

describe('a legal hold', () => {
  specify([
    {
      name: 'is placed with a reason, which is kept with the personal fields',
      given: [ACCEPTED],
      when: HOLD,
      then: [
        {
          type: 'LegalHoldPlaced',
          occurredAt: NOW,
          data: {},
          personal: { reason: 'Đang giải quyết khiếu nại' },
        },
      ],
    },
    {
      name: 'can be placed on what has ended',
      given: [ACCEPTED, took('2024-01-15 10:00', withdraw({ reason: 'Rút' }))],
      when: HOLD,
      then: [{ type: 'LegalHoldPlaced' }],
    },
    {
      name: 'and on what was never accepted',
      given: [REGISTERED, took('2024-01-15 10:00', reject({ reason: 'Không thuộc thẩm quyền' }))],
      when: HOLD,
      then: [{ type: 'LegalHoldPlaced' }],
    },
    { name: 'is placed once', given: [ACCEPTED, HELD], when: HOLD, then: 'step-not-allowed' },
    {
      name: 'is lifted with a reason',
      given: [ACCEPTED, HELD],
      when: LIFT,
      then: [{ type: 'LegalHoldLifted', data: {}, personal: { reason: 'Đã giải quyết' } }],
    },
    { name: 'is not lifted where there is none', given: [ACCEPTED], when: LIFT, then: 'step-not-allowed' },
  ]);

  it('moves nothing, and can come again', () => {
    const before = given(ACCEPTED);
    expect(given(ACCEPTED, HELD)).toEqual({ ...before, held: true, revision: 1n });
    const again = given(ACCEPTED, HELD, took('2024-01-17 09:00', LIFT), took('2024-01-18 09:00', HOLD));
    expect(again).toEqual({ ...before, held: true, revision: 3n });
  });

  it('stays when the import that brought the dossier is taken back and brings it again', () => {
    const accepted = [
      { type: 'DossierAccepted' as const, data: SAMPLE_DATA.DossierAccepted, occurredAt: NOW },
    ];
    const held = recorded([{ type: 'LegalHoldPlaced', data: {}, occurredAt: NOW }], 0n);
    const back = recorded([{ type: 'ImportReversed', data: { file: 'a' }, occurredAt: NOW }], 1n);
    const state = [...imported('a', accepted), ...held, ...back, ...imported('b', accepted, 2n)].reduce<
      DossierState | undefined
    >(evolve, undefined);
    expect(state).toMatchObject({ held: true, reversed: false, importedFrom: 'b' });
  });
});
