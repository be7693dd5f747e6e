import type { CalendarDefinition } from '#libs/calendar/calendar.js';
import {
  evolveReference,
  initialReference,
  referenceData,
  type ReferenceFact,
} from '#libs/reference/reference.js';
import type { PolicyRules, ReferenceData, Versioned } from '#libs/reference/reference.events.js';

const FIRST = { version: 1, validFrom: '2023-01-01', validTo: null, source: 'Specification' } as const;
const SECOND = { version: 2, validFrom: '2024-01-16', validTo: null, source: 'Specification' } as const;

const OFFICE_HOURS = [
  ['07:00', '11:30'],
  ['13:30', '17:00'],
] as const;
const week = Object.fromEntries(['mon', 'tue', 'wed', 'thu', 'fri'].map((day) => [day, OFFICE_HOURS]));

export const CALENDAR: CalendarDefinition = {
  zone: 'Asia/Ho_Chi_Minh',
  startRule: 'next_day',
  week,
  daysOff: ['2024-01-22'],
};

export const RULES: PolicyRules = {
  futureToleranceSeconds: 300,
  maxSupplementRequests: 1,
  maxExtensions: 1,
  onlineAnswerLimit: { value: 8, unit: 'working_hour' },
  supplementStopsClock: true,
  paymentStopsClock: true,
  beforeTimeBy: 'date',
};

const calendar = (in_: Versioned, definition: CalendarDefinition): ReferenceFact => ({
  type: 'CalendarPublished',
  data: { ...in_, id: 'vn', name: 'Lịch', definition },
});
const policy = (in_: Versioned, id: string, rules: PolicyRules): ReferenceFact => ({
  type: 'PolicyPublished',
  data: { ...in_, id, rules },
});
const unit = (code: string, policyId: string): ReferenceFact => ({
  type: 'UnitPublished',
  data: {
    ...FIRST,
    code,
    name: { vi: 'Ban Quản lý', en: 'Board' },
    calendar: 'vn',
    policy: policyId,
    sequenceDigits: 4,
  },
});
const procedure = (in_: Versioned, workingDays: number): ReferenceFact => ({
  type: 'ProcedurePublished',
  data: {
    ...in_,
    code: '1.009664',
    name: { vi: 'Cấp Giấy chứng nhận đăng ký đầu tư', en: null },
    field: 'Đầu tư tại Việt Nam',
    level: 'province',
    limits: [
      { case: 'default', limit: { value: workingDays, unit: 'working_day' } },
      { case: 'đặc biệt', limit: { value: 5, unit: 'day' } },
      { case: 'khẩn', limit: { value: 8, unit: 'working_hour' } },
    ],
    papers: [],
    fee: null,
    validity: null,
    note: null,
  },
});

/**
 * Published before the first dossier. Second versions are in force from Tuesday 16 January 2024: Tuesday 23 January is
 * off too, the limit is 3 working days instead of 5, two supplement requests are allowed instead of one. Of the unit
 * `H54.13` no step stops the clock.
 */
export const PUBLISHED: readonly ReferenceFact[] = [
  calendar(FIRST, CALENDAR),
  calendar(SECOND, { ...CALENDAR, daysOff: ['2024-01-22', '2024-01-23'] }),
  policy(FIRST, 'default', RULES),
  policy(SECOND, 'default', { ...RULES, maxSupplementRequests: 2 }),
  policy(FIRST, 'runs-on', { ...RULES, supplementStopsClock: false, paymentStopsClock: false }),
  unit('H54.12', 'default'),
  unit('H54.13', 'runs-on'),
  unit('KKT.Huế', 'default'),
  procedure(FIRST, 5),
  procedure(SECOND, 3),
];

export function referenceOf(facts: readonly ReferenceFact[] = PUBLISHED): ReferenceData {
  const state = facts.reduce(evolveReference, initialReference());
  return referenceData(() => state);
}
