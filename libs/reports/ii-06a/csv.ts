import { COLUMNS } from './columns.js';
import { formRows, HEADINGS, type ProcedureName } from './form.js';
import type { ReportII06a } from './report.js';

/** With a byte order mark, so that spreadsheet programs read the Vietnamese; RFC 4180 otherwise. */
export function toCsv(report: ReportII06a, nameOf: ProcedureName): string {
  const head = ['Lĩnh vực, thủ tục / Field, procedure', 'Mã thủ tục / Procedure code'];
  const lines = [
    [...head, ...COLUMNS.map((column) => `(${column}) ${HEADINGS[column].join(' / ')}`)],
    ...formRows(report, nameOf).map((row) => [row.label, row.procedure ?? '', ...row.figures]),
  ];
  return '\uFEFF' + lines.map((cells) => cells.map(csvCell).join(',') + '\r\n').join('');
}

/**
 * Where a cell can begin, also for a program that divides by other signs than commas, and a formula after it, also one
 * in wide signs. @see https://owasp.org/www-community/attacks/CSV_Injection
 */
const FORMULA = /(^|[,;|\t\r\n])(?=[^\S\t\r\n]*[=+\-@＝＋－＠])/g;

/** A text that a spreadsheet program would take for a formula is made plain by an apostrophe in front; no number is. */
export function csvCell(value: string | number): string {
  if (typeof value === 'number') return String(value);
  const plain = value.replace(/^(?=[\t\r\n])/, "'").replace(FORMULA, "$1'");
  return /[",;\r\n\t]/.test(plain) ? `"${plain.replaceAll('"', '""')}"` : plain;
}
