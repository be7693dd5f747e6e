import { describe, expect, it } from '@jest/globals';
import readXlsxFile from 'read-excel-file/node';
import { csvCell, toCsv } from './csv.js';
import { NOTHING } from './columns.js';
import type { ReportII06a } from './report.js';
import { summaryOf } from './summarise.js';
import { toXlsx } from './xlsx.js';

const counts = {
  ...NOTHING,
  online: 110,
  offline: 7,
  carried: 13,
  on: 119,
  pending: 11,
  onTimeRecorded: 119,
};
const report: ReportII06a = {
  form: 'II.06a',
  from: '2023-12-31T17:00:00.000Z',
  to: '2024-06-30T17:00:00.000Z',
  position: 412,
  ...summaryOf([
    { field: 'Đầu tư', procedure: '1.009645', counts },
    {
      field: '=HYPERLINK("x")',
      procedure: '1.2',
      counts: { ...NOTHING, offline: 1, pending: 1, overdue: 1 },
    },
  ]),
  lag: { events: 0, seconds: 0 },
};
const nameOf = (code: string): string | undefined => (code === '1.009645' ? 'Cấp giấy, "mới"' : undefined);

describe('the form as CSV', () => {
  const lines = toCsv(report, nameOf).split('\r\n');
  it('has a byte order mark, numbered columns, fields with their procedures, and a total', () => {
    expect(lines[0]?.startsWith('\uFEFF')).toBe(true);
    expect(lines[0]).toContain('(13) Đang giải quyết: quá hạn / Pending: late');
    expect(lines).toContain('"Cấp giấy, ""mới""",1.009645,130,110,7,13,119,0,119,0,11,11,0');
    expect(lines[lines.length - 2]).toBe('Tổng cộng / Total,,131,110,8,13,119,0,119,0,12,11,1');
  });
  it('holds no formula', () => {
    expect(lines.some((line) => line.startsWith(`"'=HYPERLINK(""x"")"`))).toBe(true);
    for (const text of ['=1', '+1', '-1', '@x', '\t=1']) expect(csvCell(text)).toMatch(/^"?'/);
  });
});

describe('the form as a workbook', () => {
  it('reads back as the form: title, period, numbered columns, rows, total, footer', async () => {
    const [sheet] = await readXlsxFile(await toXlsx(report, nameOf, 'Asia/Ho_Chi_Minh'));
    const rows = sheet?.data ?? [];
    const at = rows.findIndex((row) => row[0] === '(1)');
    expect(rows[0]?.[0]).toBe('BIỂU MẪU II.06a/VPCP/KSTT');
    expect(rows[2]?.[0]).toBe('Kỳ báo cáo / Period: 2024-01-01 00:00 (+07:00) – 2024-07-01 00:00 (+07:00)');
    expect(rows[at]?.map(String)).toEqual(Array.from({ length: 13 }, (_, i) => `(${i + 1})`));
    expect(rows).toContainEqual(['1.009645', 'Cấp giấy, "mới"', 130, 110, 7, 13, 119, 0, 119, 0, 11, 11, 0]);
    expect(rows).toContainEqual([null, '=HYPERLINK("x")', 1, 0, 1, 0, 0, 0, 0, 0, 1, 0, 1]);
    expect(rows.map((row) => row[1])).toContain('Tổng cộng / Total');
    const text = rows.map((row) => String(row[0])).join('\n');
    expect(text).toContain('True to event: 412');
    expect(text).toContain('131 = 119 + 12');
  });
});
