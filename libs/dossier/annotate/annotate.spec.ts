import { describe, expect, it } from '@jest/globals';
import { ACCEPTED, desk, given, NOW, REGISTERED, specify, took } from '../testing/scenario.js';
import { reject } from '../reject/reject.js';
import { annotate } from './annotate.js';

const NOTE = { note: 'Đã gọi điện cho người nộp' };

describe('annotating a dossier', () => {
  specify([
    {
      name: 'keeps the note with the personal fields',
      given: [ACCEPTED],
      when: annotate(NOTE),
      then: [{ type: 'DossierAnnotated', occurredAt: NOW, data: {}, personal: NOTE }],
    },
    {
      name: 'is possible for a final state',
      given: [REGISTERED, took('2024-01-15 10:00', reject({ reason: 'Không thuộc thẩm quyền' }))],
      when: annotate(NOTE),
      then: [{ type: 'DossierAnnotated' }],
    },
    {
      name: 'may tell of an earlier day',
      given: [ACCEPTED],
      when: annotate({ ...NOTE, occurredAt: desk('2024-01-10 09:00') }),
      then: [{ occurredAt: desk('2024-01-10 09:00') }],
    },
    {
      name: 'is refused in the future',
      given: [ACCEPTED],
      when: annotate({ ...NOTE, occurredAt: desk('2024-01-15 10:06') }),
      then: 'in-the-future /occurredAt',
    },
  ]);

  it('moves nothing, not even the instant that the next step has to follow', () => {
    const before = given(ACCEPTED);
    const after = given(ACCEPTED, took('2024-01-17 10:00', annotate(NOTE)));
    expect(after).toEqual({ ...before, revision: 1n });
  });
});
