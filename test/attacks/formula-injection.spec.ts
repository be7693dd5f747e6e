import { inflateRawSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import readXlsxFile from 'read-excel-file/node';
import { NOTHING } from '#libs/reports/ii-06a/columns.js';
import { csvCell, toCsv } from '#libs/reports/ii-06a/csv.js';
import type { ReportII06a } from '#libs/reports/ii-06a/report.js';
import { summaryOf } from '#libs/reports/ii-06a/summarise.js';
import { toXlsx } from '#libs/reports/ii-06a/xlsx.js';

/** What a spreadsheet program takes for the beginning of a formula. */
const FORMULA = /^\s*[=+\-@＝＋－＠]/;
const NUMBER = /^-?\d+$/;

const signs = fc.constantFrom(
  ...Array.from('=+-@＝＋－＠\t\r\n ,;|"\'\u00a0'),
  'cmd',
  '1',
  'A1',
  "|' /C calc'!A0",
  'HYPERLINK("x")',
);
const hostile = fc.array(signs, { minLength: 1, maxLength: 12 }).map((parts) => parts.join(''));

function reportOf(field: string, procedure: string): ReportII06a {
  const counts = { ...NOTHING, online: 1, pending: 1 };
  return {
    form: 'II.06a',
    from: '2023-12-31T17:00:00.000Z',
    to: '2024-06-30T17:00:00.000Z',
    position: 1,
    ...summaryOf([{ field, procedure, counts }]),
    lag: { events: 0, seconds: 0 },
  };
}

describe('a text that is a formula for a spreadsheet program', () => {
  it('is a text in every cell of the CSV, by whatever sign it is divided, and nothing of it is lost', () => {
    fc.assert(
      fc.property(hostile, hostile, hostile, (field, procedure, name) => {
        const csv = toCsv(reportOf(field, procedure), () => name);
        const read: string[][] = parse(csv, { bom: true });
        const bare = (text: string): string => text.replaceAll("'", '');
        expect(read.flat().map(bare)).toEqual(expect.arrayContaining([field, procedure, name].map(bare)));
        const naive = [',', ';', '\t', '|'].flatMap((by) =>
          csv.split(/[\r\n]/).flatMap((line) => line.replace('\uFEFF', '').split(by)),
        );
        for (const cell of [...read.flat(), ...naive]) {
          if (!NUMBER.test(cell)) expect(cell).not.toMatch(FORMULA);
        }
      }),
      { numRuns: 500 },
    );
  });

  it('leaves numbers and texts without danger as they are', () => {
    fc.assert(fc.property(fc.integer(), (n) => expect(csvCell(n)).toBe(String(n))));
    for (const text of ['Đất đai', '1.009645', 'a-b', 'x=1', '']) expect(csvCell(text)).toBe(text);
  });

  it('is a text in every cell of the workbook, which holds no formula at all', async () => {
    await fc.assert(
      fc.asyncProperty(hostile, hostile, hostile, async (field, procedure, name) => {
        const book = await toXlsx(reportOf(field, procedure), () => name, 'Asia/Ho_Chi_Minh');
        const sheets = entriesOf(book).filter(({ path }) => /worksheets\/[^/]+\.xml$/.test(path));
        expect(sheets).toHaveLength(1);
        for (const { text } of sheets) {
          expect(text).not.toMatch(/<f[ >/]/);
          for (const [, cell = ''] of text.matchAll(/<c ([^>]*)>/g)) expect(cell).not.toMatch(/t="(str|e)"/);
        }
        const [sheet] = await readXlsxFile(book);
        const cells = (sheet?.data ?? []).flat().map((cell) => String(cell).replace(/\s/g, ''));
        expect(cells).toContain(field.replace(/\s/g, '') || 'null');
      }),
      { numRuns: 40 },
    );
  });
});

/** The files in a ZIP, by its directory. */
function entriesOf(zip: Buffer): { path: string; text: string }[] {
  const entries: { path: string; text: string }[] = [];
  const end = zip.lastIndexOf('PK\x05\x06');
  let at = zip.readUInt32LE(end + 16);
  for (let n = zip.readUInt16LE(end + 10); n > 0; n -= 1) {
    const [packed, size, extra, comment] = [20, 28, 30, 32].map((offset, i) =>
      i === 0 ? zip.readUInt32LE(at + offset) : zip.readUInt16LE(at + offset),
    ) as [number, number, number, number];
    const local = zip.readUInt32LE(at + 42);
    const begin = local + 30 + zip.readUInt16LE(local + 26) + zip.readUInt16LE(local + 28);
    const bytes = zip.subarray(begin, begin + packed);
    const method = zip.readUInt16LE(at + 10);
    entries.push({
      path: zip.toString('utf8', at + 46, at + 46 + size),
      text: (method === 0 ? bytes : inflateRawSync(bytes)).toString('utf8'),
    });
    at += 46 + size + extra + comment;
  }
  return entries;
}
