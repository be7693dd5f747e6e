/** What sort of problem it is; HTTP and the command line give it a status. */
export type ProblemKind =
  | 'malformed'
  | 'unauthenticated'
  | 'forbidden'
  | 'unknown'
  | 'conflict'
  | 'too-large'
  | 'unsupported'
  | 'impossible'
  | 'precondition'
  | 'unavailable'
  | 'broken';

export interface Words {
  readonly vi: string;
  readonly en: string;
}

export interface ProblemText {
  readonly kind: ProblemKind;
  readonly title: Words;
  /** What is wrong and how to mend it; `{name}` stands for a member of the problem's details. */
  readonly detail: Words;
}

const entry = (kind: ProblemKind, vi: [string, string], en: [string, string]): ProblemText => ({
  kind,
  title: { vi: vi[0], en: en[0] },
  detail: { vi: vi[1], en: en[1] },
});

/** Every type of problem that can reach a person. */
export const PROBLEMS: Readonly<Record<string, ProblemText>> = {
  'invalid-request': entry(
    'malformed',
    ['Yêu cầu không hợp lệ', 'Có trường chưa đúng; xem danh sách lỗi và sửa từng trường.'],
    ['Invalid request', 'Some fields are wrong; see the list of errors and mend each of them.'],
  ),
  'body-not-json': entry(
    'malformed',
    ['Nội dung không phải JSON', 'Gửi một đối tượng JSON hợp lệ, mã UTF-8.'],
    ['The body is not JSON', 'Send one valid JSON object in UTF-8.'],
  ),
  'body-too-deep': entry(
    'malformed',
    ['JSON lồng quá sâu', 'Chỉ được lồng tối đa {max} cấp.'],
    ['JSON nested too deeply', 'Nest at most {max} levels.'],
  ),
  'body-too-large': entry(
    'too-large',
    ['Nội dung quá lớn', 'Gửi tối đa {maxBytes} byte.'],
    ['The body is too large', 'Send at most {maxBytes} bytes.'],
  ),
  'media-type-unsupported': entry(
    'unsupported',
    ['Không nhận kiểu nội dung này', 'Gửi với Content-Type: application/json.'],
    ['Unsupported content type', 'Send with Content-Type: application/json.'],
  ),
  'not-found': entry(
    'unknown',
    ['Không có địa chỉ này', 'Xem danh sách địa chỉ tại /api.'],
    ['No such address', 'The addresses are listed at /api.'],
  ),
  'actor-missing': entry(
    'unauthenticated',
    ['Thiếu người thực hiện', 'Gửi mã tài khoản trong tiêu đề X-Actor.'],
    ['Who is acting is missing', 'State the account in the header X-Actor.'],
  ),
  'actor-malformed': entry(
    'unauthenticated',
    ['Mã tài khoản không hợp lệ', 'X-Actor gồm 1–64 chữ, số hoặc . _ @ -.'],
    ['Malformed account', 'X-Actor is 1 to 64 letters, digits or . _ @ -.'],
  ),
  forbidden: entry(
    'forbidden',
    ['Không được phép', 'Tài khoản không có vai trò mà thao tác này đòi hỏi.'],
    ['Not allowed', 'The account does not have a role that this needs.'],
  ),
  'idempotency-key-missing': entry(
    'malformed',
    [
      'Thiếu Idempotency-Key',
      'Gửi một khóa riêng cho mỗi thao tác trong tiêu đề Idempotency-Key; gửi lại thì dùng lại khóa đó.',
    ],
    [
      'Idempotency-Key is missing',
      'Send a key of its own for each command in the header Idempotency-Key; a retry uses the same key.',
    ],
  ),
  'idempotency-key-malformed': entry(
    'malformed',
    ['Idempotency-Key không hợp lệ', 'Khóa gồm 1–200 ký tự ASCII nhìn thấy được.'],
    ['Malformed Idempotency-Key', 'A key is 1 to 200 visible ASCII characters.'],
  ),
  'idempotency-key-reused': entry(
    'impossible',
    ['Khóa đã dùng cho nội dung khác', 'Dùng một Idempotency-Key mới cho nội dung mới.'],
    ['The key was used with other content', 'Use a new Idempotency-Key for new content.'],
  ),
  'command-in-progress': entry(
    'conflict',
    ['Thao tác cùng khóa đang chạy', 'Đợi vài giây rồi gửi lại với chính khóa này.'],
    ['The same command is in progress', 'Wait a few seconds and send it again with the same key.'],
  ),
  'if-match-missing': entry(
    'precondition',
    ['Thiếu If-Match', 'Đọc hồ sơ, rồi gửi phiên bản đã thấy trong If-Match, ví dụ If-Match: "3".'],
    [
      'If-Match is missing',
      'Read the dossier and state the revision you saw in If-Match, for example If-Match: "3".',
    ],
  ),
  'if-match-malformed': entry(
    'malformed',
    ['If-Match không hợp lệ', 'If-Match là một số phiên bản trong ngoặc kép, ví dụ "3".'],
    ['Malformed If-Match', 'If-Match is one revision in quotation marks, for example "3".'],
  ),
  'revision-unknown': entry(
    'conflict',
    [
      'Phiên bản không tồn tại',
      'Hồ sơ {code} mới đến phiên bản {revision}, chưa có {stated}; hãy đọc lại hồ sơ.',
    ],
    [
      'Unknown revision',
      'Dossier {code} is at revision {revision}; there is no {stated} yet. Read it again.',
    ],
  ),
  'revision-stale': entry(
    'conflict',
    [
      'Hồ sơ đã thay đổi',
      'Hồ sơ {code} đã đến phiên bản {revision} (đã thấy {stated}); xem các bước mới trong “since”, rồi gửi lại với phiên bản mới.',
    ],
    [
      'The dossier has moved on',
      'Dossier {code} is at revision {revision} (you saw {stated}); see what happened in "since", then send again with the new revision.',
    ],
  ),
  'step-not-allowed': entry(
    'conflict',
    ['Không thực hiện được bước này', 'Hồ sơ {code} đang ở trạng thái {status}; có thể: {allowed}.'],
    ['This step is not possible now', 'Dossier {code} is in state {status}; possible steps: {allowed}.'],
  ),
  'dossier-unknown': entry(
    'unknown',
    ['Không có hồ sơ này', 'Không tìm thấy hồ sơ {code}; kiểm tra lại mã.'],
    ['No such dossier', 'There is no dossier {code}; check the code.'],
  ),
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
  'in-the-future': entry(
    'impossible',
    ['Thời điểm ở tương lai', 'Thời điểm {claimed} sau {latest}; kiểm tra ngày giờ.'],
    ['An instant in the future', '{claimed} lies after {latest}; check date and time.'],
  ),
  'before-acceptance': entry(
    'impossible',
    ['Trước khi tiếp nhận', 'Thời điểm {claimed} trước lúc tiếp nhận {acceptedAt}.'],
    ['Before the acceptance', '{claimed} lies before the acceptance at {acceptedAt}.'],
  ),
  'before-previous-step': entry(
    'impossible',
    [
      'Trước bước liền trước',
      'Thời điểm {claimed} trước bước liền trước ({previous}); nếu bước trước ghi sai, hãy đính chính.',
    ],
    [
      'Before the previous step',
      '{claimed} lies before the previous step ({previous}); if that one is wrong, correct it.',
    ],
  ),
  'ended-before-acceptance': entry(
    'impossible',
    ['Kết thúc trước khi tiếp nhận', 'Thời điểm tiếp nhận {claimed} sau lúc kết thúc {endedAt}.'],
    ['Ended before the acceptance', 'The acceptance {claimed} lies after the end at {endedAt}.'],
  ),
  'returned-before-resolved': entry(
    'impossible',
    [
      'Trả kết quả trước khi xử lý xong',
      'Thời điểm {claimed} làm cho việc trả kết quả xảy ra trước khi xử lý xong.',
    ],
    ['Returned before resolved', '{claimed} would put the return before the resolution.'],
  ),
  'due-not-later': entry(
    'impossible',
    ['Hạn mới không muộn hơn', 'Hạn {dueAt} phải sau {after}.'],
    ['The new due instant is not later', '{dueAt} must lie after {after}.'],
  ),
  'form-required': entry(
    'impossible',
    [
      'Phải có phiếu và người duyệt',
      'Bước {step} cần số phiếu và người duyệt; không đổi hạn hay thời điểm khi chưa có phiếu.',
    ],
    [
      'A form and an approver are required',
      'Step {step} needs the number of the form and who approved it; no due date or time is changed without.',
    ],
  ),
  'supplement-limit': entry(
    'conflict',
    ['Đã hết lượt yêu cầu bổ sung', 'Hồ sơ {code} đã được yêu cầu bổ sung đủ {limit} lần.'],
    ['No further supplement request', 'Dossier {code} has had its {limit} supplement request(s).'],
  ),
  'extension-limit': entry(
    'conflict',
    ['Đã hết lượt gia hạn', 'Hồ sơ {code} đã gia hạn đủ {limit} lần.'],
    ['No further extension', 'Dossier {code} has had its {limit} extension(s).'],
  ),
  'no-due-instant': entry(
    'conflict',
    ['Hồ sơ không có hạn trả', 'Hồ sơ {code} không có hạn để gia hạn.'],
    ['The dossier has no due instant', 'Dossier {code} has no due instant to extend.'],
  ),
  'nothing-to-correct': entry(
    'conflict',
    ['Chưa có gì để đính chính', 'Hồ sơ {code} chưa có thời điểm {field}.'],
    ['Nothing to correct', 'Dossier {code} has no {field} yet.'],
  ),
  'link-not-possible': entry(
    'conflict',
    ['Không liên kết được', 'Hồ sơ {code} đã liên kết rồi, hoặc liên kết với chính nó.'],
    ['Not linked', 'Dossier {code} is linked already, or would be linked to itself.'],
  ),
  'consultation-unknown': entry(
    'impossible',
    ['Không có lần lấy ý kiến này', 'Lần lấy ý kiến {consultation} không mở; đang mở: {open}.'],
    ['Unknown consultation', 'Consultation {consultation} is not open; open ones: {open}.'],
  ),
  'import-mapping': entry(
    'malformed',
    ['Tệp ánh xạ chưa đúng', 'Tại {key}: cần {expected}.'],
    ['The mapping file is wrong', 'At {key} of the mapping: {expected}.'],
  ),
  'import-header': entry(
    'malformed',
    ['Không đọc được dòng tiêu đề của tệp nhật ký', 'Sửa dòng đầu hoặc tệp ánh xạ: {reason}.'],
    ['The header of the log cannot be read', 'Mend the first line of the log, or the mapping: {reason}.'],
  ),
  'import-unknown': entry(
    'unknown',
    ['Tệp này chưa được nhập', 'Không có lần nhập nào của tệp {file} đang có hiệu lực.'],
    ['That file is not imported', 'No import of the file {file} stands; nothing was taken back.'],
  ),
  'log-unavailable': entry(
    'unavailable',
    [
      'Kho sự kiện tạm thời không sẵn sàng',
      'Chưa rõ thao tác đã ghi hay chưa; hãy gửi lại với chính Idempotency-Key này.',
    ],
    [
      'The event log is not available',
      'It is not known whether the command was recorded; send it again with the same Idempotency-Key.',
    ],
  ),
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
      'Báo cáo mới đúng đến sự kiện {position} ({status}), còn chậm {events}; hãy đợi rồi yêu cầu lại, hoặc bỏ final.',
    ],
    [
      'The figures are behind the log',
      'The report is true to event {position} only ({status}), {events} behind; ask again later, or without final.',
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
  'internal-error': entry(
    'broken',
    ['Lỗi nội bộ', 'Đã ghi lại lỗi với mã {correlationId}; hãy báo người quản trị.'],
    ['Internal error', 'The error was logged under {correlationId}; tell the administrator.'],
  ),
};

/** What is wrong with one field; `{name}` stands for a member of its details. */
export const FIELD_RULES: Readonly<Record<string, Words>> = {
  required: { vi: 'bắt buộc phải có', en: 'is required' },
  unknownField: { vi: 'không có trường này', en: 'is not a known field' },
  isString: { vi: 'phải là chuỗi ký tự', en: 'must be a text' },
  isInt: { vi: 'phải là số nguyên', en: 'must be a whole number' },
  isNumber: { vi: 'phải là số', en: 'must be a number' },
  isBoolean: { vi: 'phải là true hoặc false', en: 'must be true or false' },
  isArray: { vi: 'phải là danh sách', en: 'must be a list' },
  isIn: { vi: 'phải là một trong: {allowed}', en: 'must be one of: {allowed}' },
  min: { vi: 'ít nhất là {min}', en: 'must be at least {min}' },
  max: { vi: 'nhiều nhất là {max}', en: 'must be at most {max}' },
  minLength: { vi: 'không được để trống', en: 'must not be empty' },
  maxLength: { vi: 'dài nhất {max} ký tự', en: 'must be at most {max} characters long' },
  arrayMaxSize: { vi: 'nhiều nhất {max} mục', en: 'must have at most {max} entries' },
  plainText: {
    vi: 'có ký tự điều khiển hoặc mã Unicode hỏng',
    en: 'holds control characters or broken Unicode',
  },
  code: {
    vi: 'phải là mã gồm chữ, số và . _ - / @ : (dài nhất 100 ký tự)',
    en: 'must be a code of letters, digits and . _ - / @ : (at most 100 characters)',
  },
  instant: {
    vi: 'phải là thời điểm ISO 8601 có múi giờ, ví dụ 2024-01-15T09:30:00+07:00',
    en: 'must be an ISO 8601 instant with an offset, for example 2024-01-15T09:30:00+07:00',
  },
  date: { vi: 'phải là ngày, ví dụ 2024-01-15', en: 'must be a date, for example 2024-01-15' },
  object: { vi: 'phải là một đối tượng', en: 'must be an object' },
  objects: { vi: 'phải là danh sách các đối tượng', en: 'must be a list of objects' },
  accountId: { vi: 'phải là mã tài khoản', en: 'must be an account id' },
  unknown: { vi: 'không tồn tại', en: 'does not exist' },
  notBefore: { vi: 'không được trước {other}', en: 'must not lie before {other}' },
  notInForce: { vi: '{value} không có hiệu lực vào ngày {date}', en: '{value} is not in force on {date}' },
  unique: { vi: '{value} bị trùng', en: '{value} occurs twice' },
  currency: {
    vi: 'phải là mã tiền tệ ISO 4217, ví dụ VND',
    en: 'must be an ISO 4217 currency code, for example VND',
  },
  calendarDefinition: { vi: 'lịch không dùng được: {reason}', en: 'is no usable calendar: {reason}' },
  later: { vi: 'phải muộn hơn', en: 'must be later' },
  inTheFuture: { vi: 'ở tương lai', en: 'lies in the future' },
  beforeAcceptance: { vi: 'trước lúc tiếp nhận', en: 'lies before the acceptance' },
  beforePreviousStep: { vi: 'trước bước liền trước', en: 'lies before the previous step' },
  cursor: { vi: 'không phải con trỏ trang hợp lệ', en: 'is not a cursor of this list' },
  invalid: { vi: 'không hợp lệ', en: 'is invalid' },
};
