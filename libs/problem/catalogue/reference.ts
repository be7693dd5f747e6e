import { entry, type ProblemText } from './entry.js';

/** Units, procedures, calendars and policies that are not there, and files of them. */
export const REFERENCE_PROBLEMS: Readonly<Record<string, ProblemText>> = {
  'unit-unknown': entry(
    'impossible',
    ['Không có đơn vị này', 'Đơn vị {unit} chưa được khai báo hoặc không còn hiệu lực; xem /api/units.'],
    ['Unknown unit', 'Unit {unit} is not published or not in force; see /api/units.'],
  ),
  'procedure-unknown': entry(
    'impossible',
    ['Không có thủ tục này', 'Thủ tục {procedure} không có hiệu lực vào ngày {date}; xem /api/procedures.'],
    ['Unknown procedure', 'Procedure {procedure} is not in force on {date}; see /api/procedures.'],
  ),
  'case-unknown': entry(
    'impossible',
    ['Không có trường hợp này', 'Thủ tục {procedure} không có thời hạn cho trường hợp {case}; có: {cases}.'],
    ['Unknown case', 'Procedure {procedure} has no limit for case {case}; it has: {cases}.'],
  ),
  'calendar-unknown': entry(
    'impossible',
    [
      'Không có lịch làm việc',
      'Lịch {calendar} không có phiên bản hiệu lực cho ngày này; xem /api/calendars.',
    ],
    ['No calendar in force', 'Calendar {calendar} has no version in force on that date; see /api/calendars.'],
  ),
  'policy-unknown': entry(
    'impossible',
    ['Không có quy tắc', 'Bộ quy tắc {policy} không có phiên bản hiệu lực cho ngày này; xem /api/policies.'],
    ['No policy in force', 'Policy {policy} has no version in force on that date; see /api/policies.'],
  ),
  'reference-unknown': entry(
    'unknown',
    ['Chưa có phiên bản nào', 'Chưa công bố phiên bản nào của {id}; xem {list}.'],
    ['Nothing published', 'No version of {id} is published; see {list}.'],
  ),
  'reference-file-unreadable': entry(
    'malformed',
    ['Không đọc được tệp dữ liệu', 'Tệp {file}, dòng {line}, cột {column}: {reason}.'],
    ['A reference file cannot be read', 'File {file}, line {line}, column {column}: {reason}.'],
  ),
  'reference-file-invalid': entry(
    'malformed',
    ['Dữ liệu trong tệp chưa đúng', 'Tệp {file}, {where}: sửa từng trường trong danh sách lỗi.'],
    ['Wrong content in a reference file', 'File {file}, {where}: mend each field in the list of errors.'],
  ),
  'clock-impossible': entry(
    'impossible',
    ['Không tính được thời hạn', 'Lịch làm việc không tính được hạn trả: {reason}.'],
    ['The due instant cannot be computed', 'The calendar gives no due instant: {reason}.'],
  ),
};
