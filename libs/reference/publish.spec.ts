import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Problem } from '#libs/problem/problem.js';
import { type ContentOf, decidePublish, type PublishCommand } from './publish.js';
import { evolveReference, initialReference, referenceData, type ReferenceState } from './reference.js';

const calendar: ContentOf<'calendar'> = {
  id: 'vn',
  name: 'Lịch làm việc',
  validFrom: '2023-01-01',
  validTo: null,
  source: 'test',
  definition: { zone: 'Asia/Ho_Chi_Minh', startRule: 'next_day', week: { mon: [['07:00', '11:30']] } },
};
const policy: ContentOf<'policy'> = {
  id: 'default',
  validFrom: '2023-01-01',
  validTo: null,
  source: 'test',
  rules: {
    futureToleranceSeconds: 300,
    maxSupplementRequests: 1,
    maxExtensions: 1,
    onlineAnswerLimit: { value: 8, unit: 'working_hour' },
    supplementStopsClock: true,
    paymentStopsClock: true,
    beforeTimeBy: 'date',
  },
};
const unit: ContentOf<'unit'> = {
  code: 'H54.12',
  name: { vi: 'Ban Quản lý', en: 'Board' },
  calendar: 'vn',
  policy: 'default',
  sequenceDigits: 4,
  validFrom: '2023-01-01',
  validTo: null,
  source: 'test',
};
const procedure: ContentOf<'procedure'> = {
  code: '1.009664',
  name: { vi: 'Thủ tục cấp Giấy chứng nhận đăng ký đầu tư', en: null },
  field: 'Đầu tư tại Việt Nam',
  level: 'province',
  limits: [{ case: 'default', limit: { value: 10, unit: 'working_day' } }],
  papers: [],
  fee: null,
  validity: null,
  note: null,
  validFrom: '2023-01-01',
  validTo: null,
  source: 'test',
};

const published = (state: ReferenceState, ...commands: PublishCommand[]): ReferenceState =>
  commands.reduce((before, command) => {
    const { fact } = decidePublish(command, before);
    return fact ? evolveReference(before, fact) : before;
  }, state);
const withProcedure = (...contents: Partial<ContentOf<'procedure'>>[]): ReferenceState =>
  published(
    initialReference(),
    ...contents.map((over): PublishCommand => ({ kind: 'procedure', content: { ...procedure, ...over } })),
  );
const limit = (value: number): Pick<ContentOf<'procedure'>, 'limits'> => ({
  limits: [{ case: 'default', limit: { value, unit: 'working_day' } }],
});

function fieldsOf(command: PublishCommand, state = initialReference()): string[] {
  try {
    decidePublish(command, state);
  } catch (error) {
    if (error instanceof Problem) return error.fields.map(({ pointer, rule }) => `${pointer} ${rule}`);
    throw error;
  }
  return [];
}

describe('publishing', () => {
  it('numbers the versions of each id from 1', () => {
    const state = withProcedure({}, limit(15), { code: '1.009647' });
    expect(
      referenceData(() => state)
        .all()
        .procedures.map((v) => [v.code, v.version]),
    ).toEqual([
      ['1.009664', 1],
      ['1.009664', 2],
      ['1.009647', 1],
    ]);
  });

  it('does nothing when exactly this is in force', () => {
    const state = withProcedure({});
    expect(decidePublish({ kind: 'procedure', content: procedure }, state)).toEqual({
      version: 1,
      fact: null,
    });
  });

  it('does nothing for the old content either, while its own first day still has it', () => {
    const state = withProcedure({}, { ...limit(15), validFrom: '2025-01-01' });
    expect(decidePublish({ kind: 'procedure', content: procedure }, state)).toEqual({
      version: 1,
      fact: null,
    });
  });

  it('brings old content back as a new version when another has taken its place', () => {
    const state = withProcedure({}, limit(15));
    expect(decidePublish({ kind: 'procedure', content: procedure }, state).version).toBe(3);
  });

  it('takes a decomposed name as the same name', () => {
    const state = withProcedure({});
    const content = { ...procedure, name: { vi: procedure.name.vi.normalize('NFD'), en: null } };
    expect(decidePublish({ kind: 'procedure', content }, state).fact).toBeNull();
  });

  it('never changes what was published before', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 1, maxLength: 8 }), (values) => {
        let state = initialReference();
        let before: readonly unknown[] = [];
        for (const value of values) {
          state = published(state, { kind: 'procedure', content: { ...procedure, ...limit(value) } });
          const now = referenceData(() => state).all().procedures;
          expect(now.slice(0, before.length)).toEqual(before);
          before = now;
        }
      }),
    );
  });

  it('twice in a row is the same as once, whatever the dates', () => {
    const day = fc.integer({ min: 10, max: 28 });
    const contents = fc.record({
      value: fc.integer({ min: 1, max: 3 }),
      from: day,
      length: fc.option(fc.nat(9)),
    });
    fc.assert(
      fc.property(fc.array(contents, { maxLength: 6 }), contents, (earlier, last) => {
        const command = ({ value, from, length }: typeof last): PublishCommand => ({
          kind: 'procedure',
          content: {
            ...procedure,
            ...limit(value),
            validFrom: `2024-01-${from}`,
            validTo: length === null ? null : `2024-02-${10 + length}`,
          },
        });
        const once = published(initialReference(), ...earlier.map(command), command(last));
        expect(decidePublish(command(last), once).fact).toBeNull();
      }),
    );
  });
});

describe('what is refused, with a pointer to each field', () => {
  const wrongProcedure = (over: Partial<ContentOf<'procedure'>>): string[] =>
    fieldsOf({ kind: 'procedure', content: { ...procedure, ...over } });

  it('dates that are none, or out of order', () => {
    expect(wrongProcedure({ validFrom: '2024-02-30' })).toContain('/validFrom date');
    expect(wrongProcedure({ validFrom: '2024-02-02', validTo: '2024-02-01' })).toEqual([
      '/validTo notBefore',
    ]);
  });

  it('limits of nothing, of less, of unknown units, twice for one case', () => {
    expect(wrongProcedure(limit(0))).toEqual(['/limits/0/limit/value min']);
    expect(wrongProcedure(limit(1.5))).toEqual(['/limits/0/limit/value isInt']);
    expect(wrongProcedure(limit(1_000_000))).toEqual(['/limits/0/limit/value max']);
    const weeks = { value: 1, unit: 'week' as 'day' };
    expect(wrongProcedure({ limits: [{ case: 'default', limit: weeks }] })).toEqual([
      '/limits/0/limit/unit isIn',
    ]);
    const twice = [...procedure.limits, ...procedure.limits];
    expect(wrongProcedure({ limits: twice })).toEqual(['/limits/1/case unique']);
  });

  it('several faults at once, each named', () => {
    expect(wrongProcedure({ code: '', source: '', fee: { amount: -1, currency: 'dong' } })).toEqual([
      '/source required',
      '/code code',
      '/fee/amount min',
      '/fee/currency currency',
    ]);
  });

  it('texts that no store takes', () => {
    expect(wrongProcedure({ note: 'a\u0000b' })).toEqual(['/note plainText']);
    expect(wrongProcedure({ retentionMonths: 0.5 })).toEqual(['/retentionMonths isInt']);
    expect(wrongProcedure({ retentionMonths: 1_201 })).toEqual(['/retentionMonths max']);
    expect(wrongProcedure({ papers: ['\ud800'] })).toEqual(['/papers/0 plainText']);
  });

  it('a calendar that cannot be computed with', () => {
    const definition = { ...calendar.definition, zone: 'Asia/Nowhere' };
    const command: PublishCommand = { kind: 'calendar', content: { ...calendar, definition } };
    expect(fieldsOf(command)).toEqual(['/definition calendarDefinition']);
  });

  it('a policy with impossible numbers', () => {
    const rules = { ...policy.rules, maxExtensions: -1, beforeTimeBy: 'week' as 'date' };
    expect(fieldsOf({ kind: 'policy', content: { ...policy, rules } })).toEqual([
      '/rules/maxExtensions min',
      '/rules/beforeTimeBy isIn',
    ]);
  });

  it('a unit whose calendar or policy is not in force on its first day', () => {
    const command: PublishCommand = { kind: 'unit', content: unit };
    expect(fieldsOf(command)).toEqual(['/calendar notInForce', '/policy notInForce']);
    const later = published(
      initialReference(),
      { kind: 'calendar', content: { ...calendar, validFrom: '2024-01-01' } },
      { kind: 'policy', content: policy },
    );
    expect(fieldsOf(command, later)).toEqual(['/calendar notInForce']);
    const both = published(later, { kind: 'calendar', content: calendar });
    expect(fieldsOf(command, both)).toEqual([]);
  });
});

describe('lookup by date', () => {
  const state = withProcedure(
    {},
    { ...limit(15), validFrom: '2025-01-01', validTo: '2025-12-31' },
    { ...limit(20), validFrom: '2026-07-01' },
  );
  const data = referenceData(() => state);

  it.each([
    ['2022-12-31', undefined],
    ['2023-01-01', 1],
    ['2024-12-31', 1],
    ['2025-01-01', 2],
    ['2025-12-31', 2],
    ['2026-01-01', 1],
    ['2026-07-01', 3],
  ])('on %s gives version %s: the highest-numbered valid one', (date, version) => {
    expect(data.procedure('1.009664', date)?.version).toBe(version);
  });

  it('finds a code composed or decomposed', () => {
    const named = published(initialReference(), { kind: 'calendar', content: { ...calendar, id: 'Lịch' } });
    expect(referenceData(() => named).calendar('Lịch'.normalize('NFD'), '2024-01-01')?.id).toBe('Lịch');
  });

  it('finds a version by its number after it has ended', () => {
    const twice = published(
      initialReference(),
      { kind: 'calendar', content: { ...calendar, validTo: '2023-12-31' } },
      { kind: 'calendar', content: { ...calendar, validFrom: '2024-01-01' } },
    );
    expect(referenceData(() => twice).calendarVersion('vn', 1)?.validTo).toBe('2023-12-31');
    expect(referenceData(() => twice).policyVersion('vn', 1)).toBeUndefined();
  });
});
