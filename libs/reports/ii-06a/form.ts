import { Temporal } from 'temporal-polyfill';
import type { ReferenceData } from '#libs/reference/reference.events.js';
import { COLUMNS } from './columns.js';
import type { ReportII06a } from './report.js';

/** What the form calls a procedure; undefined where the catalogue does not know the code. */
export type ProcedureName = (code: string) => string | undefined;

/** Names by the latest published version of each procedure. */
export function procedureNames(reference: ReferenceData): ProcedureName {
  const names = new Map<string, string>();
  const versions = [...reference.all().procedures].sort((a, b) => a.version - b.version);
  for (const { code, name } of versions) names.set(code, name.vi);
  return (code) => names.get(code);
}

/** Heads of the numbered columns, in Vietnamese and English. */
export const HEADINGS: Readonly<Record<(typeof COLUMNS)[number], readonly [string, string]>> = {
  '3': ['Tiếp nhận: tổng số', 'Received: total'],
  '4': ['Tiếp nhận trong kỳ: trực tuyến', 'Received in the period: online'],
  '5': ['Tiếp nhận trong kỳ: trực tiếp, bưu chính', 'Received in the period: in person or by post'],
  '6': ['Từ kỳ trước chuyển sang', 'Carried over'],
  '7': ['Đã giải quyết: tổng số', 'Resolved: total'],
  '8': ['Đã giải quyết: trước hạn', 'Resolved: before time'],
  '9': ['Đã giải quyết: đúng hạn', 'Resolved: on time'],
  '10': ['Đã giải quyết: quá hạn', 'Resolved: late'],
  '11': ['Đang giải quyết: tổng số', 'Pending: total'],
  '12': ['Đang giải quyết: trong hạn', 'Pending: in time'],
  '13': ['Đang giải quyết: quá hạn', 'Pending: late'],
};

/** The period as the form states it: by the wall clock of the desk. */
export function periodLine({ from, to }: Pick<ReportII06a, 'from' | 'to'>, zone: string): string {
  const local = (instant: string): string =>
    Temporal.Instant.from(instant)
      .toZonedDateTimeISO(zone)
      .toString({ smallestUnit: 'minute', timeZoneName: 'never' })
      .replace('T', ' ')
      .replace(/([+-]\d\d:\d\d)$/, ' ($1)');
  return `Kỳ báo cáo / Period: ${local(from)} – ${local(to)}`;
}

export interface FormRow {
  readonly label: string;
  readonly procedure: string | null;
  readonly kind: 'field' | 'procedure' | 'total';
  readonly figures: readonly number[];
}

/** Rows in the layout of the form: each field with its sums, then its procedures; the total last. */
export function formRows(report: ReportII06a, nameOf: ProcedureName): FormRow[] {
  const figures = (columns: ReportII06a['total']): number[] => COLUMNS.map((column) => columns[column]);
  const rows: FormRow[] = [];
  const fields = new Set(report.rows.map((row) => row.field));
  for (const field of fields) {
    const own = report.rows.filter((row) => row.field === field);
    const sums = COLUMNS.map((column) => own.reduce((sum, row) => sum + row.columns[column], 0));
    rows.push({ label: field, procedure: null, kind: 'field', figures: sums });
    for (const { procedure, columns } of own) {
      if (procedure === null) continue;
      const label = nameOf(procedure) ?? procedure;
      rows.push({ label, procedure, kind: 'procedure', figures: figures(columns) });
    }
  }
  return [
    ...rows,
    { label: 'Tổng cộng / Total', procedure: null, kind: 'total', figures: figures(report.total) },
  ];
}

export const TITLE = 'BIỂU MẪU II.06a/VPCP/KSTT';
export const SUBTITLE =
  'Tình hình, kết quả giải quyết thủ tục hành chính / Handling of administrative procedures';
/** The official annex was not at hand, so nothing may look as if it were printed from it. */
export const LAYOUT_NOTE =
  'Bố cục theo hệ thống đang dùng, chưa đối chiếu với phụ lục chính thức / Layout after systems in use, not checked against the official annex';

/** What stands below the table: how true it is, its rates, and its control sums. */
export function footer(report: ReportII06a): string[] {
  const { rates, lag, total } = report;
  const percent = (rate: number | null): string => (rate === null ? '–' : `${(rate * 100).toFixed(2)} %`);
  return [
    `Đúng đến sự kiện / True to event: ${report.position}; chậm / behind: ${lag.events} (${lag.seconds} s)`,
    `Tỷ lệ đúng hạn theo khai báo / On time as claimed: ${percent(rates.claimed)} (${rates.onTimeClaimed}/${rates.resolved})`,
    `Tỷ lệ đúng hạn theo ghi nhận / On time as recorded: ${percent(rates.recorded)} (${rates.onTimeRecorded}/${rates.resolved}; nhập từ hệ thống khác / imported: ${rates.recordedAtImport})`,
    `Kiểm tra / Control: ${total['3']} = ${total['7']} + ${total['11']} (3 = 7 + 11)`,
  ];
}
