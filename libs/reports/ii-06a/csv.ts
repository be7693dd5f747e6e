import { COLUMNS } from './columns.js';
import { formRows, HEADINGS, type ProcedureName } from './form.js';
import type { ReportII06a } from './report.js';

/** With a byte order mark, so that spreadsheet programs read the Vietnamese; RFC 4180 otherwise. */
export function toCsv(report: ReportII06a, nameOf: ProcedureName): string {
  const head = ['Lĩnh vực, thủ tục / Field, procedure', 'Mã thủ tục / Procedure code'];
  const lines = [
    [...head, ...COLUMNS.map((column) => `(${column}) ${HEADINGS[column].join(' / ')}`)],
    ...formRows(report, nameOf).map((row) => [row.label, row.procedure ?? '', ...row.figures.map(String)]),
  ];
  return '\uFEFF' + lines.map((cells) => cells.map(csvCell).join(',') + '\r\n').join('');
}

/** A text that a spreadsheet program would take for a formula is made plain by an apostrophe in front. */
export function csvCell(text: string): string {
  const plain = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(plain) ? `"${plain.replaceAll('"', '""')}"` : plain;
}
