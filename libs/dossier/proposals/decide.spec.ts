import { describe, expect, it } from '@jest/globals';
import type { Acting } from '#libs/access/second-person.js';
import type { Change } from '../dossier.events.js';
import { handOver } from '../hand-over/hand-over.js';
import { requestSupplement } from '../request-supplement/request-supplement.js';
import { allowedSteps } from '../steps.js';
import {
  ACCEPTED,
  desk,
  eventsOf,
  given,
  NOW,
  type Past,
  specify,
  SUPERVISOR,
  took,
} from '../testing/scenario.js';
import { withdraw } from '../withdraw/withdraw.js';
import { approve, refuse } from './decide.js';
import { propose } from './propose.js';

const EXTENSION: Change = {
  step: 'extend',
  input: { newDueAt: desk('2024-01-26 17:00'), apologyNumber: 'PXL-2024/017' },
};
const CORRECTION: Change = {
  step: 'correct',
  input: { field: 'accepted_at', to: desk('2024-01-12 15:00'), form: 'PĐC-2024/003' },
};
const proposed = (change: Change, by?: Acting): Past =>
  took('2024-01-15 14:00', propose(change, { reason: 'Lý do' }), by);
const EXTENSION_WAITS = [ACCEPTED, proposed(EXTENSION)];
const CORRECTION_WAITS = [ACCEPTED, proposed(CORRECTION)];
const yes = approve({ proposal: 'p1' });
const no = refuse({ proposal: 'p1', reason: 'Không có căn cứ' });
const now = desk('2024-01-16 09:00');
const SUPPLEMENT = took('2024-01-15 16:00', requestSupplement({ papers: [], reason: 'Thiếu' }));
const WITHDRAWN = took('2024-01-15 16:00', withdraw({ reason: 'Rút' }));

describe('approving a proposal', () => {
  specify([
    {
      name: 'extends the deadline at the instant of the approval, with the second person as who approved it',
      now,
      by: SUPERVISOR,
      given: EXTENSION_WAITS,
      when: yes,
      then: [
        { type: 'ProposalApproved', occurredAt: now, data: { proposal: 'p1', proposedBy: 'clerk-1' } },
        {
          type: 'DeadlineExtended',
          occurredAt: now,
          data: {
            oldDueAt: desk('2024-01-23 10:00'),
            newDueAt: desk('2024-01-26 17:00'),
            apologyNumber: 'PXL-2024/017',
            approver: 'supervisor-1',
            proposal: 'p1',
          },
        },
      ],
    },
    {
      name: 'after the due instant issues it late, though it was proposed in time',
      now: desk('2024-01-24 09:00'),
      by: SUPERVISOR,
      given: EXTENSION_WAITS,
      when: yes,
      then: [{}, { occurredAt: desk('2024-01-24 09:00'), data: { oldDueAt: desk('2024-01-23 10:00') } }],
    },
    {
      name: 'corrects a claimed time, and the due instant with it',
      now,
      by: SUPERVISOR,
      given: CORRECTION_WAITS,
      when: yes,
      then: [
        { type: 'ProposalApproved' },
        {
          type: 'DossierCorrected',
          occurredAt: now,
          data: { field: 'accepted_at', from: NOW, approver: 'supervisor-1', proposal: 'p1' },
        },
        {
          type: 'DossierCorrected',
          data: { field: 'due_at', basis: 'computed', approver: 'supervisor-1', proposal: 'p1' },
        },
      ],
    },
    {
      name: 'goes by the present: a correction counts from what is claimed now',
      now,
      by: SUPERVISOR,
      given: [...CORRECTION_WAITS, took('2024-01-15 15:00', handOver({ toUnit: 'QLĐT' }))],
      when: yes,
      then: [{}, { data: { field: 'accepted_at', from: NOW } }, { data: { field: 'due_at' } }],
    },
    {
      name: 'still corrects a dossier that ended meanwhile',
      now,
      by: SUPERVISOR,
      given: [...CORRECTION_WAITS, WITHDRAWN],
      when: yes,
      then: [{}, { data: { field: 'accepted_at' } }, {}],
    },
  ]);

  describe('is refused', () => {
    specify([
      {
        name: 'where nothing is proposed',
        by: SUPERVISOR,
        given: [ACCEPTED],
        when: yes,
        then: 'step-not-allowed',
      },
      {
        name: 'for one that does not wait',
        now,
        by: SUPERVISOR,
        given: EXTENSION_WAITS,
        when: approve({ proposal: 'p9' }),
        then: 'proposal-unknown /proposal',
      },
      {
        name: 'a second time',
        now: desk('2024-01-16 10:00'),
        by: SUPERVISOR,
        given: [...EXTENSION_WAITS, proposed(CORRECTION), took('2024-01-16 09:00', yes, SUPERVISOR)],
        when: yes,
        then: 'proposal-unknown /proposal',
      },
      {
        name: 'while the dossier is in a state that it is not for',
        now,
        by: SUPERVISOR,
        given: [...EXTENSION_WAITS, SUPPLEMENT],
        when: yes,
        then: 'step-not-allowed',
      },
      {
        name: 'once the new due instant has passed, too',
        now: desk('2024-01-26 17:00'),
        by: SUPERVISOR,
        given: EXTENSION_WAITS,
        when: yes,
        then: 'due-not-later',
      },
      {
        name: 'where the dossier ended before the acceptance that was proposed',
        now: desk('2024-01-17 09:00'),
        by: SUPERVISOR,
        given: [
          ACCEPTED,
          took(
            '2024-01-15 14:00',
            propose(
              { step: 'correct', input: { field: 'accepted_at', to: desk('2024-01-15 13:00'), form: '1' } },
              { reason: 'Ghi nhầm' },
            ),
          ),
          took('2024-01-15 14:30', withdraw({ reason: 'Rút', occurredAt: desk('2024-01-15 12:00') })),
        ],
        when: yes,
        then: 'ended-before-acceptance',
      },
      {
        name: 'for an extension of a dossier that has ended: it has lapsed',
        now,
        by: SUPERVISOR,
        given: [...EXTENSION_WAITS, WITHDRAWN],
        when: yes,
        then: 'step-not-allowed',
      },
    ]);
  });

  describe('takes another person', () => {
    const lent = (onBehalfOf: string): Acting => ({ actor: 'deputy-1', onBehalfOf });
    const second = 'second-person-needed';
    specify([
      { name: 'than the one who proposed it', now, given: EXTENSION_WAITS, when: yes, then: second },
      {
        name: 'than the one who proposed it, also by a grant that somebody else lent',
        now,
        by: { actor: 'clerk-1', onBehalfOf: 'supervisor-1' },
        given: EXTENSION_WAITS,
        when: yes,
        then: second,
      },
      {
        name: 'who does not act by a grant that the first one lent',
        now,
        by: lent('clerk-1'),
        given: EXTENSION_WAITS,
        when: yes,
        then: second,
      },
      {
        name: 'who has not lent the grant by which it was proposed',
        now,
        by: SUPERVISOR,
        given: [ACCEPTED, proposed(EXTENSION, lent('supervisor-1'))],
        when: yes,
        then: second,
      },
      {
        name: 'who may act by a grant that a third person lent',
        now,
        by: lent('supervisor-1'),
        given: EXTENSION_WAITS,
        when: yes,
        then: [{}, { data: { approver: 'deputy-1' } }],
      },
    ]);
  });

  it('moves the due instant, and nothing waits any more', () => {
    expect(given(...EXTENSION_WAITS, took('2024-01-16 09:00', yes, SUPERVISOR))).toMatchObject({
      status: 'accepted',
      dueAt: desk('2024-01-26 17:00'),
      dueBasis: 'extended',
      extensions: 1,
      proposals: [],
    });
  });

  it('says in the problem which proposal cannot be carried out, and names no field', () => {
    const late = took('2024-01-26 17:00', yes, SUPERVISOR);
    expect(() => eventsOf(given(...EXTENSION_WAITS), late)).toThrow(/"proposal":"p1"/);
  });
});

describe('refusing a proposal', () => {
  specify([
    {
      name: 'says why',
      now,
      by: SUPERVISOR,
      given: EXTENSION_WAITS,
      when: no,
      then: [
        {
          type: 'ProposalRefused',
          occurredAt: now,
          data: { proposal: 'p1' },
          personal: { reason: 'Không có căn cứ' },
        },
      ],
    },
    {
      name: 'of one’s own takes it back',
      now,
      given: EXTENSION_WAITS,
      when: no,
      then: [{ type: 'ProposalRefused' }],
    },
    {
      name: 'is refused for one that does not wait',
      now,
      given: EXTENSION_WAITS,
      when: refuse({ proposal: 'p0', reason: 'x' }),
      then: 'proposal-unknown /proposal',
    },
    { name: 'is refused where nothing is proposed', given: [ACCEPTED], when: no, then: 'step-not-allowed' },
  ]);

  it('moves nothing, and lets it be proposed again', () => {
    const { revision, ...after } = given(...EXTENSION_WAITS, took('2024-01-16 09:00', no));
    const { revision: _, ...before } = given(ACCEPTED);
    expect(after).toEqual(before);
    expect(revision).toBe(2n);
    expect(allowedSteps({ ...after, revision })).toContain('extend');
  });
});

describe('the end of the work', () => {
  it('lets an extension lapse, and leaves a correction', () => {
    const state = given(...EXTENSION_WAITS, proposed(CORRECTION), WITHDRAWN);
    expect(state.proposals.map(({ step }) => step)).toEqual(['correct']);
  });
});
