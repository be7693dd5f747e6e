import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { Problem } from '#libs/problem/problem.js';
import { claimsOf } from './claims.js';
import { parseMapping, requiredColumns } from './mapping.js';

const GOOD = {
  name: 'a log',
  zone: 'Asia/Ho_Chi_Minh',
  columns: {
    code: { column: 'Code' },
    activity: { column: 'Step' },
    instant: { column: 'At' },
    channel: { column: 'How' },
    unit: { constant: 'H1' },
    procedure: { column: 'What' },
    end: { column: 'End' },
  },
  values: { channel: { Internet: 'online', '*': 'in_person' }, procedure: { 'Cấp mới': '1.001' } },
};

describe('a mapping file', () => {
  it('names the columns that a log must have', () => {
    expect(requiredColumns(parsed({}))).toEqual(['Code', 'Step', 'At', 'How', 'What', 'End']);
  });

  it('for receipt.csv is sound', () => {
    const mapping = parseMapping(readFileSync('config/import/receipt.json', 'utf8'));
    expect(mapping.zone).toBe('Europe/Amsterdam');
    expect(Object.keys(mapping.reference)).toEqual(['calendars', 'policies', 'units', 'procedures']);
  });

  it.each([
    ['an unknown key', { colums: {} }, 'colums'],
    ['no such zone', { zone: 'Mars/Base' }, 'zone'],
    ['a missing field', { columns: { ...GOOD.columns, code: undefined } }, 'columns.code'],
    ['both sources', { columns: { ...GOOD.columns, code: { column: 'a', constant: 'b' } } }, 'columns.code'],
    ['no source', { columns: { ...GOOD.columns, code: {} } }, 'columns.code'],
    ['no such field', { columns: { ...GOOD.columns, colour: { column: 'a' } } }, 'columns.colour'],
    ['no such channel', { values: { channel: { a: 'pigeon' } } }, 'values.channel.a'],
    ['a long delimiter', { delimiter: '||' }, 'delimiter'],
    ['no such format', { instants: ['roman'] }, 'instants'],
    ['no list', { reference: { units: {} } }, 'reference.units'],
  ])('with %s is refused, naming the key', (_, change, key) => {
    expect(problemOf(() => parsed(change))).toMatchObject({ type: 'import-mapping', details: { key } });
  });

  it('that is no JSON is refused', () => {
    expect(problemOf(() => parseMapping('{'))).toMatchObject({ details: { key: '(the file)' } });
  });
});

describe('a row read by a mapping', () => {
  const good = { Code: ' a ', Step: 'x', At: '2024-01-02 03:04', How: 'Internet', What: 'Cấp mới', End: '' };

  it('is trimmed, composed and translated', () => {
    const row = { ...good, Code: ' hồ sơ '.normalize('NFD'), What: 'Cấp mới'.normalize('NFD') };
    expect(read(row)).toMatchObject({
      row: 9,
      code: 'hồ sơ'.normalize('NFC'),
      instant: '2024-01-01T20:04:00.000Z',
      channel: 'online',
      procedure: '1.001',
      unit: 'H1',
      case: 'default',
      end: null,
      due: null,
    });
  });

  it('takes the translation of * for any other value, an empty one too', () => {
    expect(read({ ...good, How: '' })).toMatchObject({ channel: 'in_person' });
  });

  it.each([
    ['no code', { Code: ' ' }, 'code ("Code") is empty'],
    ['no instant', { At: '' }, 'instant ("At") is empty'],
    ['an instant that is none', { At: 'noon' }, 'instant ("At") is no instant: "noon"'],
    ['an end that is none', { End: 'soon' }, 'end ("End") is no instant: "soon"'],
    [
      'a line end in the code',
      { Code: 'a\nb' },
      'code ("Code") is longer than 200 characters or has control characters',
    ],
  ])('with %s is refused, saying why', (_, change, reason) => {
    expect(read({ ...good, ...change })).toEqual({ row: 9, reason });
  });

  it('with a channel that the mapping does not know is refused', () => {
    const mapping = parsed({ values: { channel: { Internet: 'online' } } });
    const fields = new Map(Object.entries({ ...good, How: 'pigeon' }));
    expect(claimsOf({ row: 9, fields }, mapping)).toEqual({
      row: 9,
      reason: 'the mapping has no channel for "pigeon"',
    });
  });
});

function parsed(change: object) {
  return parseMapping(JSON.stringify({ ...GOOD, ...change }));
}

function read(row: Record<string, string>) {
  return claimsOf({ row: 9, fields: new Map(Object.entries(row)) }, parsed({}));
}

function problemOf(action: () => unknown): unknown {
  try {
    action();
  } catch (error) {
    if (error instanceof Problem) return error;
  }
  return undefined;
}
