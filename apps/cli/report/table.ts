import { COLUMNS } from '#libs/reports/ii-06a/columns.js';
import {
  footer,
  formRows,
  HEADINGS,
  LAYOUT_NOTE,
  periodLine,
  type ProcedureName,
  SUBTITLE,
  TITLE,
} from '#libs/reports/ii-06a/form.js';
import type { ReportII06a } from '#libs/reports/ii-06a/report.js';

const LABEL_WIDTH = 44;
const FIGURE_WIDTH = 8;
/** Counts what a reader sees as one letter, also where a mark stands apart from it. */
const segmenter = new Intl.Segmenter('vi');

/** The form for a terminal: numbered columns, what they mean, and what the figures are true to. */
export function toTable(report: ReportII06a, nameOf: ProcedureName, zone: string): string {
  const line = (label: string, figures: readonly string[]): string =>
    `${fit(label)} ${figures.map((figure) => figure.padStart(FIGURE_WIDTH)).join('')}`;
  const lines = [
    TITLE,
    SUBTITLE,
    periodLine(report, zone),
    LAYOUT_NOTE,
    '',
    line(
      '',
      COLUMNS.map((column) => `(${column})`),
    ),
    ...formRows(report, nameOf).map((row) =>
      line(row.kind === 'procedure' ? `  ${row.label}` : row.label, row.figures.map(String)),
    ),
    '',
    ...COLUMNS.map((column) => `${`(${column})`.padStart(5)} ${HEADINGS[column].join(' / ')}`),
    '',
    ...footer(report),
  ];
  return `${lines.join('\n')}\n`;
}

function fit(label: string): string {
  const letters = Array.from(segmenter.segment(label), ({ segment }) => segment);
  const shown = letters.length > LABEL_WIDTH ? [...letters.slice(0, LABEL_WIDTH - 1), '…'] : letters;
  return shown.join('') + ' '.repeat(LABEL_WIDTH - shown.length);
}
