import type { Words } from './entry.js';

/** Of a rule that has no words of its own. */
export const INVALID: Words = { vi: 'không hợp lệ', en: 'is invalid' };

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
  localTime: {
    vi: 'phải là giờ trong ngày, ví dụ 07:30',
    en: 'must be a time of the day, for example 07:30',
  },
  otherTime: {
    vi: 'giờ kết thúc phải khác giờ bắt đầu {other}',
    en: 'must be another time than the beginning, {other}',
  },
  quietAllDay: {
    vi: 'các giờ yên lặng phải chừa lại một lúc trong ngày',
    en: 'quiet hours must leave some time of the day',
  },
  isEmail: {
    vi: 'phải là địa chỉ thư điện tử, ví dụ can.bo@example.vn',
    en: 'must be an e-mail address, for example can.bo@example.vn',
  },
  isObject: { vi: 'phải là một đối tượng', en: 'must be an object' },
  object: { vi: 'phải là một đối tượng', en: 'must be an object' },
  objects: { vi: 'phải là danh sách các đối tượng', en: 'must be a list of objects' },
  unitsOrAll: {
    vi: 'phải là "all" hoặc danh sách mã đơn vị',
    en: 'must be "all" or a list of codes of units',
  },
  accountId: {
    vi: 'phải là mã tài khoản: 1–64 chữ thường không dấu, số hoặc . _ -',
    en: 'must be an account id: 1 to 64 lower-case letters, digits or . _ -',
  },
  anotherAccount: { vi: 'phải là tài khoản khác', en: 'must be another account' },
  units: {
    vi: 'phải là danh sách mã đơn vị (1–100), hoặc "all"',
    en: 'must be a list of 1 to 100 codes of units, or "all"',
  },
  tokenLabel: {
    vi: 'phải là mã ngắn gồm chữ không dấu, số và . _ - (dài nhất 40 ký tự)',
    en: 'must be a short code of letters, digits and . _ - (at most 40 characters)',
  },
  passwordShort: {
    vi: 'ít nhất {min} ký tự; một câu dễ nhớ là tốt nhất',
    en: 'must have at least {min} characters; a sentence is best',
  },
  passwordGuessable: {
    vi: 'quá dễ đoán: mật khẩu phổ biến, tên tài khoản hoặc chuỗi lặp lại',
    en: 'is too easy to guess: a common password, the name of the account, or a repetition',
  },
  notPast: { vi: 'phải ở tương lai', en: 'must lie in the future' },
  tooFar: { vi: 'không quá {days} ngày kể từ bây giờ', en: 'must be within {days} days from now' },
  foreignUnit: { vi: 'không thuộc đơn vị của tài khoản', en: 'is not a unit of the account' },
  unknown: { vi: 'không tồn tại', en: 'does not exist' },
  notBefore: { vi: 'không được trước {other}', en: 'must not lie before {other}' },
  notInForce: { vi: '{value} không có hiệu lực vào ngày {date}', en: '{value} is not in force on {date}' },
  share: { vi: 'phải lớn hơn 0 và nhỏ hơn 1', en: 'must be above 0 and below 1' },
  afterOnly: {
    vi: '{about} không có thời hạn riêng: chỉ dùng `after`',
    en: '{about} has no deadline of its own: only `after` is possible',
  },
  exactlyOne: { vi: 'phải có đúng một trong: {allowed}', en: 'must have exactly one of: {allowed}' },
  maxItems: { vi: 'không quá {max} mục', en: 'must have at most {max} items' },
  sameAs: { vi: 'trùng với {other}: {same}', en: 'is the same as {other}: {same}' },
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
  hookId: {
    vi: 'phải là mã: chữ thường hoặc số ở đầu, rồi chữ, số, dấu chấm, gạch nối, tối đa 64 ký tự',
    en: 'must be an id: a small letter or digit, then letters, digits, dots and hyphens, at most 64',
  },
  hookUnits: { vi: 'phải là danh sách mã đơn vị', en: 'must be a list of codes of units' },
  hookUrl: {
    vi: 'phải là URL https, không có tên người dùng, mật khẩu và dấu #; http chỉ khi có allowPrivate',
    en: 'must be an https URL without user, password and #; http only with allowPrivate',
  },
  hookSecrets: {
    vi: 'phải là danh sách 1 đến {most} khóa: whsec_ rồi 24 đến 64 byte dạng base64',
    en: 'must be a list of 1 to {most} secrets: whsec_ and 24 to 64 bytes in base64',
  },
  invalid: INVALID,
};
