import { contextBy } from '#libs/dossier/testing/context.js';
import { describe, expect, it } from '@jest/globals';
import { plainToInstance } from 'class-transformer';
import { ChangeDossier, OpenDossier } from '../commands/command.js';
import { OpeningBody } from '../http/opening.dto.js';
import {
  ACCEPTED,
  accepting,
  CODE,
  desk,
  given,
  NOW,
  REGISTERED,
  situationAt,
  specify,
  took,
} from '../testing/scenario.js';
import { accept, acceptNew } from './accept.js';

const at = (wall: string, over: Parameters<typeof accepting>[0] = {}) =>
  accepting({ ...over, occurredAt: desk(wall) });

describe('accepting a dossier at the desk', () => {
  specify([
    {
      name: 'starts the clock: 5 working days from Monday 15th, over a weekend and Monday 22nd off, end on Tuesday 23rd',
      when: accepting({ official: 'official-7', papers: [{ name: 'Đơn', originals: 1, copies: 2 }] }),
      then: [
        {
          type: 'DossierAccepted',
          occurredAt: NOW,
          data: {
            code: CODE,
            unit: 'H54.12',
            official: 'official-7',
            channel: 'in_person',
            terms: {
              procedure: { id: '1.009664', version: 1 },
              field: 'Đầu tư tại Việt Nam',
              case: 'default',
              limit: { value: 5, unit: 'working_day' },
              calendar: { id: 'vn', version: 1 },
              policy: { id: 'default', version: 1 },
              zone: 'Asia/Ho_Chi_Minh',
            },
            dueAt: desk('2024-01-23 10:00'),
            dueBasis: 'computed',
            formerCode: null,
          },
          personal: {
            applicant: { name: 'Nguyễn Văn Ánh' },
            papers: [{ name: 'Đơn', originals: 1, copies: 2 }],
          },
        },
      ],
    },
    {
      name: 'counts calendar days for a case that says so: the 5th is Saturday 20th, the next working day Tuesday 23rd',
      when: accepting({ case: 'đặc biệt' }),
      then: [{ data: { dueAt: desk('2024-01-23 10:00'), terms: { limit: { value: 5, unit: 'day' } } } }],
    },
    {
      name: 'counts working hours from the next morning: 8 hours from Monday are Tuesday 16th, 17:00',
      when: accepting({ case: 'khẩn' }),
      then: [{ data: { dueAt: desk('2024-01-16 17:00') } }],
    },
    {
      name: 'puts what comes in the lunch break on the afternoon of the last day',
      now: desk('2024-01-15 18:00'),
      when: at('2024-01-15 12:15'),
      then: [{ data: { dueAt: desk('2024-01-23 13:30') } }],
    },
    {
      name: 'puts what comes after closing on the morning after the last day',
      now: desk('2024-01-15 19:00'),
      when: at('2024-01-15 18:00'),
      then: [{ data: { dueAt: desk('2024-01-24 07:00') } }],
    },
    {
      name: 'takes the versions in force at the claimed acceptance, though newer ones are in force now',
      now: desk('2024-01-17 10:00'),
      when: at('2024-01-15 10:00'),
      then: [
        {
          occurredAt: NOW,
          data: {
            terms: { procedure: { version: 1 }, calendar: { version: 1 }, policy: { version: 1 } },
            dueAt: desk('2024-01-23 10:00'),
          },
        },
      ],
    },
    {
      name: 'takes newer versions from their first day on: 3 working days, 22nd and 23rd off',
      now: desk('2024-01-17 10:00'),
      when: accepting(),
      then: [
        {
          data: {
            terms: { procedure: { version: 2 }, calendar: { version: 2 }, policy: { version: 2 } },
            dueAt: desk('2024-01-24 10:00'),
          },
        },
      ],
    },
    {
      name: 'reads dates on the wall of the desk: half past midnight of the 16th is the 16th, in UTC it is the 15th',
      now: desk('2024-01-16 00:30'),
      when: accepting(),
      then: [
        { data: { terms: { procedure: { version: 2 }, calendar: { version: 2 }, policy: { version: 2 } } } },
      ],
    },
    {
      name: 'takes an instant that is ahead of the clock by no more than the tolerance',
      when: at('2024-01-15 10:05'),
      then: [{ occurredAt: desk('2024-01-15 10:05') }],
    },
    {
      name: 'refuses one further ahead',
      when: at('2024-01-15 10:06'),
      then: 'in-the-future /occurredAt',
    },
    {
      name: 'refuses the far future as such, whatever is in force then',
      when: at('2999-01-15 10:00'),
      then: 'in-the-future /occurredAt',
    },
    { name: 'refuses an unknown unit', when: accepting({ unit: 'H99' }), then: 'unit-unknown /unit' },
    {
      name: 'refuses an unknown procedure',
      when: accepting({ procedure: '9.999999' }),
      then: 'procedure-unknown /procedure',
    },
    { name: 'refuses an unknown case', when: accepting({ case: 'x' }), then: 'case-unknown /case' },
    {
      name: 'refuses a day before anything was published',
      when: at('2022-12-01 10:00'),
      then: 'unit-unknown /unit',
    },
    {
      name: 'knows a unit whose code comes decomposed, and writes it as it was published',
      when: accepting({ unit: 'KKT.Huế'.normalize('NFD') }),
      then: [{ data: { unit: 'KKT.Huế'.normalize('NFC') } }],
    },
  ]);

  it('takes a name composed or decomposed as the same name', () => {
    const commands = (['NFC', 'NFD'] as const).map((form) => {
      const text = (value: string): string => value.normalize(form);
      const body = plainToInstance(OpeningBody, {
        unit: text('KKT.Huế'),
        procedure: '1.009664',
        case: text('đặc biệt'),
        applicant: { name: text('Nguyễn Thị Huyền') },
      });
      const { unit, procedure, applicant } = body;
      const input = { unit, procedure, applicant, case: body.case ?? '', channel: 'post' as const };
      const context = contextBy('clerk-1', 'accept-new', 'k');
      const open = new OpenDossier(unit, context, { step: 'accept-new', input }, (code, s) =>
        acceptNew(input, code, s),
      );
      return { hash: open.hash, facts: open.decide(CODE, situationAt(NOW)) };
    });
    expect(commands[1]).toEqual(commands[0]);
    expect(commands[0]?.facts[0]?.personal?.applicant?.name).toBe('Nguyễn Thị Huyền'.normalize('NFC'));
  });
});

describe('accepting a dossier registered online', () => {
  specify([
    {
      name: 'keeps what was registered and starts the clock',
      given: [REGISTERED],
      when: accept({ official: 'official-7' }),
      then: [
        {
          type: 'DossierAccepted',
          occurredAt: NOW,
          data: {
            code: CODE,
            channel: 'online',
            official: 'official-7',
            dueAt: desk('2024-01-23 10:00'),
            dueBasis: 'computed',
          },
        },
      ],
    },
    {
      name: 'is refused before the registration',
      given: [REGISTERED],
      when: accept({ occurredAt: desk('2024-01-12 15:59') }),
      then: 'before-previous-step /occurredAt',
    },
    {
      name: 'is refused in the future',
      given: [REGISTERED],
      when: accept({ occurredAt: desk('2024-01-15 10:06') }),
      then: 'in-the-future /occurredAt',
    },
    { name: 'is refused a second time', given: [ACCEPTED], when: accept({}), then: 'step-not-allowed' },
  ]);

  it('makes state 2', () => {
    expect(given(REGISTERED, took('2024-01-15 10:00', accept({})))).toMatchObject({
      status: 'accepted',
      acceptedAt: NOW,
      registeredAt: desk('2024-01-12 16:00'),
    });
  });
});

describe('a command', () => {
  it('differs from another by its dossier, its step or its content', () => {
    const context = contextBy('clerk-1', 'accept', 'k');
    const hash = (code: string, step: string, input: object): string =>
      new ChangeDossier(code, context, { step, input }, accept({})).hash;
    const all = [
      hash('a', 'accept', {}),
      hash('b', 'accept', {}),
      hash('a', 'stop', {}),
      hash('a', 'accept', { official: 'o' }),
    ];
    expect(new Set(all).size).toBe(4);
    expect(hash('a', 'accept', { x: 1, y: 2 })).toBe(hash('a', 'accept', { y: 2, x: 1 }));
  });
});
