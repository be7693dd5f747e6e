import writeXlsxFile, { type Cell, type CellObject, type Row, type SheetData } from 'write-excel-file/node';
import { COLUMNS } from './columns.js';
import { footer, formRows, type FormRow, LAYOUT_NOTE, type ProcedureName, SUBTITLE, TITLE } from './form.js';
import type { ReportII06a } from './report.js';

const WIDTH = COLUMNS.length + 2;
const HEAD: CellObject = {
  type: String,
  fontWeight: 'bold',
  align: 'center',
  alignVertical: 'center',
  wrap: true,
  borderStyle: 'thin',
};

/** The form as a workbook. All texts are text cells, so none of them is taken for a formula. */
export async function toXlsx(report: ReportII06a, nameOf: ProcedureName): Promise<Buffer> {
  const rows = formRows(report, nameOf).map(bodyRow);
  const sheet: SheetData = [
    wide(TITLE, { fontWeight: 'bold', align: 'center' }),
    wide(SUBTITLE, { fontWeight: 'bold', align: 'center' }),
    wide(`Kỳ báo cáo / Period: ${report.from} – ${report.to}`, { align: 'center' }),
    wide(LAYOUT_NOTE, { fontStyle: 'italic', align: 'center' }),
    ...head(),
    ...rows,
    [],
    ...footer(report).map((line) => wide(line, {})),
  ];
  const columns = [{ width: 12 }, { width: 60 }, ...COLUMNS.map(() => ({ width: 11 }))];
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
      cell('Trực tuyến\nOnline'),
      cell('Trực tiếp, BC\nIn person, post'),
      ...Array<null>(8).fill(null),
    ],
    ['(1)', '(2)', ...COLUMNS.map((column) => `(${column})`)].map((value) => cell(value)),
  ];
}

function bodyRow({ label, procedure, kind, figures }: FormRow): Row {
  const style: CellObject = { borderStyle: 'thin', ...(kind === 'procedure' ? {} : { fontWeight: 'bold' }) };
  return [
    { ...style, type: String, value: procedure ?? '' },
    { ...style, type: String, value: label, wrap: true },
    ...figures.map((value) => ({ ...style, type: Number, value })),
  ];
}
