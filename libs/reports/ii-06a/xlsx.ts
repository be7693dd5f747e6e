import type { Cell, CellObject, Row, SheetData } from 'write-excel-file/node';
import { COLUMNS } from './columns.js';
import {
  footer,
  formRows,
  type FormRow,
  LAYOUT_NOTE,
  periodLine,
  type ProcedureName,
  SUBTITLE,
  TITLE,
} from './form.js';
import type { ReportII06a } from './report.js';

const WIDTH = COLUMNS.length + 2;
const HEAD: CellObject = {
  type: String,
  fontWeight: 'bold',
  align: 'center',
  alignVertical: 'center',
  wrap: true,
  borderStyle: 'thin',
  fontSize: 7,
  height: 32,
};

/** The form as a workbook. All texts are text cells, so none of them is taken for a formula. */
export async function toXlsx(report: ReportII06a, nameOf: ProcedureName, zone: string): Promise<Buffer> {
  // Loaded when the first workbook is wanted: programs start sooner without it.
  const { default: writeXlsxFile } = await import('write-excel-file/node');
  const rows = formRows(report, nameOf).map(bodyRow);
  const sheet: SheetData = [
    wide(TITLE, { fontWeight: 'bold', align: 'center' }),
    wide(SUBTITLE, { fontWeight: 'bold', align: 'center' }),
    wide(periodLine(report, zone), { align: 'center' }),
    wide(LAYOUT_NOTE, { fontStyle: 'italic', fontSize: 9, align: 'center' }),
    ...head(),
    ...rows,
    [],
    ...footer(report).map((line) => wide(line, {})),
  ];
  // Together they fit on A4 across.
  const columns = [{ width: 9 }, { width: 27 }, ...COLUMNS.map(() => ({ width: 6 }))];
  return writeXlsxFile(sheet, { sheet: 'II.06a', orientation: 'landscape', columns }).toBuffer();
}

function wide(value: string, style: CellObject): Row {
  return spanning({ ...style, type: String, value, columnSpan: WIDTH });
}

/** Cells over several columns, each with the empty ones it covers. */
function spanning(...cells: CellObject[]): Row {
  return cells.flatMap((cell): Cell[] => [cell, ...Array<null>((cell.columnSpan ?? 1) - 1).fill(null)]);
}

function head(): Row[] {
  const cell = (value: string, span: CellObject = {}): CellObject => ({ ...HEAD, ...span, value });
  const group = (value: string, columnSpan: number): CellObject => cell(value, { columnSpan });
  const tall = (value: string, rowSpan: number): CellObject => cell(value, { rowSpan });
  return [
    [
      ...spanning(tall('Mã\nCode', 3), tall('Lĩnh vực, thủ tục\nField, procedure', 3)),
      ...spanning(group('Số hồ sơ nhận giải quyết\nReceived', 4)),
      ...spanning(group('Số hồ sơ đã giải quyết\nResolved', 4)),
      ...spanning(group('Số hồ sơ đang giải quyết\nPending', 3)),
    ],
    [
      null,
      null,
      ...spanning(
        tall('Tổng số\nTotal', 2),
        group('Trong kỳ\nIn the period', 2),
        tall('Kỳ trước\nCarried over', 2),
      ),
      ...spanning(tall('Tổng số\nTotal', 2), tall('Trước hạn\nBefore time', 2), tall('Đúng hạn\nOn time', 2)),
      ...spanning(tall('Quá hạn\nLate', 2), tall('Tổng số\nTotal', 2), tall('Trong hạn\nIn time', 2)),
      ...spanning(tall('Quá hạn\nLate', 2)),
    ],
    [
      null,
      null,
      null,
      cell('Trực tuyến\nOnline', { height: 54 }),
      cell('Trực tiếp, BC\nIn person, post', { height: 54 }),
      ...Array<null>(8).fill(null),
    ],
    ['(1)', '(2)', ...COLUMNS.map((column) => `(${column})`)].map((value) => cell(value, { height: 14 })),
  ];
}

function bodyRow({ label, procedure, kind, figures }: FormRow): Row {
  const style: CellObject = {
    borderStyle: 'thin',
    fontSize: 9,
    alignVertical: 'center',
    ...(kind === 'procedure' ? {} : { fontWeight: 'bold' }),
  };
  return [
    { ...style, type: String, value: procedure ?? '' },
    { ...style, type: String, value: label, wrap: true, height: height(label) },
    ...figures.map((value) => ({ ...style, type: Number, value })),
  ];
}

/** In points, for a text that is wrapped in the column of names. */
function height(label: string): number {
  return 3 + 12 * Math.ceil(label.length / 30);
}
