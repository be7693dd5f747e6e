import { entry, type ProblemText } from './entry.js';

/** Reports that cannot be made as asked. */
export const REPORT_PROBLEMS: Readonly<Record<string, ProblemText>> = {
  'report-does-not-reconcile': entry(
    'broken',
    [
      'Báo cáo không khớp',
      'Dòng {field} {procedure}: nhận và đã giải quyết, đang giải quyết không khớp, hoặc khác số đếm từ hồ sơ; xem các hồ sơ {dossiers}, rồi chạy: motcua rebuild report.',
    ],
    [
      'The report does not reconcile',
      'Row {field} {procedure}: the figures do not add up, or differ from a count of the dossiers; look at dossiers {dossiers}, then run: motcua rebuild report.',
    ],
  ),
  'report-behind': entry(
    'conflict',
    [
      'Số liệu chưa cập nhật hết',
      'Báo cáo mới đúng đến sự kiện {position} ({state}), còn chậm {events}; hãy đợi rồi yêu cầu lại, hoặc bỏ final.',
    ],
    [
      'The figures are behind the log',
      'The report is true to event {position} only ({state}), {events} behind; ask again later, or without final.',
    ],
  ),
  'report-not-ready': entry(
    'unavailable',
    ['Chưa có số liệu báo cáo', 'Bảng số liệu đang được dựng; hãy thử lại sau.'],
    ['There are no report figures yet', 'The tables are being made; try again in a moment.'],
  ),
  'unknown-form': entry(
    'malformed',
    ['Không có biểu mẫu này', 'Không có biểu mẫu {form}; các biểu mẫu: {known}.'],
    ['Unknown form', 'There is no form {form}; forms: {known}.'],
  ),
  'unknown-period': entry(
    'malformed',
    ['Kỳ báo cáo không đúng', '{period} không phải là kỳ; ví dụ: 2024-05, 2024-Q1, 2024-H1, 2024, R2024.'],
    ['Unknown period', '{period} is no period; write for example 2024-05, 2024-Q1, 2024-H1, 2024 or R2024.'],
  ),
  'unknown-instant': entry(
    'malformed',
    [
      'Thời điểm không đúng',
      '{instant} không phải là thời điểm; ví dụ: 2024-01-01T00:00:00+07:00 hoặc 2024-01-01.',
    ],
    ['Not an instant', '{instant} is no instant; write for example 2024-01-01T00:00:00+07:00 or 2024-01-01.'],
  ),
  'period-missing': entry(
    'malformed',
    ['Thiếu kỳ báo cáo', 'Cho biết period, hoặc cả from và to, không phải cả hai.'],
    ['The period is missing', 'State either period, or both from and to.'],
  ),
  'period-inverted': entry(
    'malformed',
    ['Kỳ báo cáo bị ngược', 'from ({from}) phải trước to ({to}).'],
    ['The period is empty or the wrong way round', 'from ({from}) must lie before to ({to}).'],
  ),
  'unknown-zone': entry(
    'malformed',
    ['Không có múi giờ này', '{zone} không phải là múi giờ IANA; ví dụ: Asia/Ho_Chi_Minh.'],
    ['Unknown zone', '{zone} is no IANA zone; write for example Asia/Ho_Chi_Minh.'],
  ),
  'zone-needed': entry(
    'malformed',
    [
      'Cần cho biết múi giờ',
      'Hồ sơ thuộc nhiều múi giờ ({zones}); chọn một bằng zone, hoặc ghi rõ độ lệch trong from và to.',
    ],
    [
      'A zone is needed',
      'The dossiers lie in several zones ({zones}); choose one with zone, or give from and to an offset.',
    ],
  ),
  'report-periods-wrong': entry(
    'broken',
    [
      'Tệp kỳ báo cáo chưa đúng',
      '{file}: zone là múi giờ IANA, reporting.firstDay từ 1 đến 28, reporting.monthsBefore từ 0 đến 12.',
    ],
    [
      'The file of report periods is wrong',
      '{file}: zone must be an IANA zone, reporting.firstDay 1 to 28, reporting.monthsBefore 0 to 12.',
    ],
  ),
};
