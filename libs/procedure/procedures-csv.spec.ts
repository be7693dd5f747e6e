import { describe, expect, it } from '@jest/globals';
import { Problem } from '#libs/problem/problem.js';
import { parseProcedures, type ProcedureRow } from './procedures-csv.js';

const HEADER = 'code,name,field,level,limit,unit,source,valid_from,cases,papers,fee,note';
const parse = (...lines: string[]): ProcedureRow[] => parseProcedures([HEADER, ...lines].join('\n'), 'p.csv');

function faultOf(text: string): unknown {
  try {
    parseProcedures(text, 'p.csv');
  } catch (error) {
    if (error instanceof Problem) return error.details;
    throw error;
  }
  return undefined;
}

describe('a catalogue in CSV', () => {
  it('gives a procedure for each line, with the line', () => {
    expect(
      parse('1.1,"Cấp, đổi",Đầu tư,province,10,working_day,decision 1,2023-01-01,,Đơn; Bản vẽ,100000 VND,'),
    ).toEqual([
      {
        line: 2,
        content: {
          code: '1.1',
          name: { vi: 'Cấp, đổi', en: null },
          field: 'Đầu tư',
          level: 'province',
          limits: [{ case: 'default', limit: { value: 10, unit: 'working_day' } }],
          papers: ['Đơn', 'Bản vẽ'],
          fee: { amount: 100000, currency: 'VND' },
          validity: null,
          note: null,
          source: 'decision 1',
          validFrom: '2023-01-01',
          validTo: null,
        },
      },
    ]);
  });

  it('reads limits by case', () => {
    const cases = '"default=10 working_day;cases 2,3=5 working_day;case 4=30 day"';
    const [row] = parse(`1.1,N,F,province,10,working_day,S,2023-01-01,${cases},,,`);
    expect(row?.content.limits.map((l) => `${l.case}: ${l.limit.value} ${l.limit.unit}`)).toEqual([
      'default: 10 working_day',
      '2: 5 working_day',
      '3: 5 working_day',
      '4: 30 day',
    ]);
  });

  it('reads how long personal data must be kept, where that is laid down', () => {
    const months = (retention: string): unknown =>
      parseProcedures(
        `${HEADER},retention_months\n1.1,N,F,province,10,day,S,2023-01-01,,,,,${retention}`,
        'p.csv',
      )[0]?.content.retentionMonths;
    expect([months('120'), months('0'), months('')]).toEqual([120, 0, undefined]);
    expect(() => months('ten years')).toThrow(Problem);
  });

  it('leaves the limits empty where none is known', () => {
    expect(parse('1.1,N,F,province,,,S,2023-01-01,,,,')[0]?.content.limits).toEqual([]);
  });

  it.each([
    ['1.1,N,F,province,ten,day,S,2023-01-01,,,,', 2, 'limit'],
    ['1.1,N,F,province,10,,S,2023-01-01,,,,', 2, 'limit'],
    ['1.1,,F,province,10,day,S,2023-01-01,,,,', 2, 'name'],
    ['1.1,N,F,province,10,day,S,2023-01-01,2:5 day,,,', 2, 'cases'],
    ['1.1,N,F,province,10,day,S,2023-01-01,default=5 day,,,', 2, 'cases'],
    ['1.1,N,F,province,10,day,S,2023-01-01,,,much,', 2, 'fee'],
    ['1.1,N,F', 2, '–'],
    ['\n\n1.1,"N,F', 4, '–'],
  ])('refuses %j and names line and column', (line, number, column) => {
    expect(faultOf(`${HEADER}\n${line}\n`)).toMatchObject({ file: 'p.csv', line: number, column });
  });

  it('refuses a header that lacks a column or has a strange one', () => {
    expect(faultOf('code,name\n')).toMatchObject({ line: 1, column: 'field' });
    expect(faultOf(`${HEADER},deadline\n`)).toMatchObject({ line: 1, column: 'deadline' });
  });
});
