import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Problem } from '#libs/problem/problem.js';
import { readCsv } from './csv.js';
import type { LogRecord } from './record.js';

describe('a CSV log', () => {
  it('is read by its header, each row with the number of the line it begins on', async () => {
    const records = await read('\uFEFFcode,step\r\na,"one, two"\r\n\r\nb,"over\ntwo ""lines"""\r\nc,last');

    expect(records).toEqual([
      row(2, { code: 'a', step: 'one, two' }),
      row(4, { code: 'b', step: 'over\ntwo "lines"' }),
      row(6, { code: 'c', step: 'last' }),
    ]);
  });

  it.each([
    ['a quote that is never closed', 'x,"open', 'a quote is opened and not closed'],
    ['a quote inside a value', 'x,5" pipe', 'a quote is opened and not closed'],
    ['text after a closing quote', 'x,"a"b', 'wrong quotes (CSV_INVALID_CLOSING_QUOTE)'],
    ['too few columns', 'x', '1 columns where the header has 2'],
    ['too many columns', 'x,y,z', '3 columns where the header has 2'],
    ['a NUL character', 'x,\0', 'the line contains a NUL character'],
  ])('refuses a line with %s, and only that line', async (_, line, refused) => {
    expect(await read(`code,step\na,1\n${line}\nb,2\nc,"3"\n`)).toEqual([
      row(2, { code: 'a', step: '1' }),
      { row: 3, refused },
      row(4, { code: 'b', step: '2' }),
      row(5, { code: 'c', step: '3' }),
    ]);
  });

  it('refuses a line that is not UTF-8, and one longer than a mebibyte', async () => {
    const bytes = Buffer.concat([
      Buffer.from('code,step\na,'),
      Buffer.from([0xe9]),
      Buffer.from(`\nb,${'x'.repeat(1024 * 1024)}\nc,3\n`),
    ]);

    expect(await all(readCsv(inChunks(bytes, 65_536), ',', []))).toEqual([
      { row: 2, refused: 'the line is not UTF-8' },
      { row: 3, refused: 'the line is longer than 1048576 bytes' },
      row(4, { code: 'c', step: '3' }),
    ]);
  });

  it.each([
    ['no line at all', '', 'the file is empty'],
    ['a column twice', 'code,code\n', 'column "code" is there twice'],
    ['a needed column missing', 'code,other\n', 'no column "step"; the file has code, other'],
  ])('with %s is not read', async (_, text, reason) => {
    await expect(read(text, ['code', 'step'])).rejects.toEqual(new Problem('import-header', { reason }));
  });

  it('gives back whatever was written, however it comes in', async () => {
    const value = fc.string({ unit: fc.constantFrom('a', '"', ',', '\n', ';', ' ', 'ạ', '𠀀') });
    const rows = fc.array(fc.tuple(fc.constantFrom('a', 'b'), value), { maxLength: 20 });
    await fc.assert(
      fc.asyncProperty(rows, fc.integer({ min: 1, max: 50 }), async (given, size) => {
        const text = ['code,step', ...given.map((row) => row.map(quoted).join(','))].join('\n');
        const records = await all(readCsv(inChunks(Buffer.from(text), size), ',', []));
        expect(records.map((record) => ('fields' in record ? [...record.fields.values()] : record))).toEqual(
          given,
        );
      }),
    );
  });

  it('accounts for every line of anything at all', async () => {
    const line = fc.string({ unit: fc.constantFrom('a', '"', ','), minLength: 1, maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(fc.array(line, { maxLength: 30 }), async (lines) => {
        const rows = (await read(['code,step', ...lines].join('\n'))).map((record) => {
          const height = 'fields' in record ? [...record.fields.values()].join('').split('\n').length : 1;
          return [record.row, record.row + height] as const;
        });
        const covered = rows.reduce((next, [from, to]) => (from === next ? to : Number.NaN), 2);
        expect(covered).toBe(lines.length + 2);
      }),
    );
  });
});

function row(number: number, fields: Record<string, string>): LogRecord {
  return { row: number, fields: new Map(Object.entries(fields)) };
}

function read(text: string, required: string[] = []): Promise<LogRecord[]> {
  return all(readCsv(inChunks(Buffer.from(text), 7), ',', required));
}

async function all(records: AsyncIterable<LogRecord>): Promise<LogRecord[]> {
  const list: LogRecord[] = [];
  for await (const record of records) list.push(record);
  return list;
}

async function* inChunks(bytes: Buffer, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield await Promise.resolve(bytes.subarray(at, at + size));
}

function quoted(value: string): string {
  return `"${value.replaceAll('"', '""')}"`;
}
