import { describe } from '@jest/globals';
import { CODE, desk, registering, specify } from '../testing/scenario.js';

describe('registering a dossier sent in online', () => {
  specify([
    {
      name: 'gives the desk 8 working hours to answer: Friday 16:00 to Monday 16:00',
      when: registering({ occurredAt: desk('2024-01-12 16:00'), formerCode: 'H54.12-240101-0001' }),
      then: [
        {
          type: 'DossierRegistered',
          occurredAt: desk('2024-01-12 16:00'),
          data: {
            code: CODE,
            unit: 'H54.12',
            procedure: '1.009664',
            case: 'default',
            channel: 'online',
            answerDueAt: desk('2024-01-15 16:00'),
            formerCode: 'H54.12-240101-0001',
          },
          personal: { applicant: { name: 'Nguyễn Văn Ánh' } },
        },
      ],
    },
    {
      name: 'begins to count when the desk opens, for what comes on a Sunday: Monday 17:00',
      when: registering({ occurredAt: desk('2024-01-14 21:00') }),
      then: [{ data: { answerDueAt: desk('2024-01-15 17:00') } }],
    },
    {
      name: 'is refused where it could not be accepted: unknown procedure',
      when: registering({ procedure: 'x' }),
      then: 'procedure-unknown /procedure',
    },
    { name: 'unknown case', when: registering({ case: 'x' }), then: 'case-unknown /case' },
    { name: 'unknown unit', when: registering({ unit: 'x' }), then: 'unit-unknown /unit' },
    {
      name: 'is refused in the future',
      when: registering({ occurredAt: desk('2999-01-01 08:00') }),
      then: 'in-the-future /occurredAt',
    },
  ]);
});
