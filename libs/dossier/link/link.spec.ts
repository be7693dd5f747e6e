import { describe, expect, it } from '@jest/globals';
import { ACCEPTED, accepting, CODE, given, NOW, REGISTERED, specify, took } from '../testing/scenario.js';
import { withdraw } from '../withdraw/withdraw.js';
import { link } from './link.js';

const FORMER = 'H54.12-240101-0001';
const LINKED = took('2024-01-15 10:00', link({ formerCode: FORMER }));

describe('linking a dossier to a former one', () => {
  specify([
    {
      name: 'names it',
      given: [ACCEPTED],
      when: link({ formerCode: FORMER }),
      then: [{ type: 'DossierLinked', occurredAt: NOW, data: { formerCode: FORMER } }],
    },
    {
      name: 'is possible before the acceptance',
      given: [REGISTERED],
      when: link({ formerCode: FORMER }),
      then: [{ type: 'DossierLinked' }],
    },
    {
      name: 'is refused to itself',
      given: [ACCEPTED],
      when: link({ formerCode: CODE }),
      then: 'link-not-possible /formerCode',
    },
    {
      name: 'is refused a second time',
      given: [ACCEPTED, LINKED],
      when: link({ formerCode: 'H54.12-240101-0002' }),
      then: 'link-not-possible /formerCode',
    },
    {
      name: 'is refused where it was opened with one',
      given: [{ ...ACCEPTED, open: accepting({ formerCode: FORMER }) }],
      when: link({ formerCode: 'H54.12-240101-0002' }),
      then: 'link-not-possible /formerCode',
    },
    {
      name: 'is refused in a final state',
      given: [ACCEPTED, took('2024-01-15 10:00', withdraw({ reason: 'Rút' }))],
      when: link({ formerCode: FORMER }),
      then: 'step-not-allowed',
    },
  ]);

  it('moves nothing', () => {
    expect(given(ACCEPTED, LINKED)).toEqual({ ...given(ACCEPTED), formerCode: FORMER, revision: 1n });
  });
});
