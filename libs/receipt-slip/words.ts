import type { LimitUnit } from '#libs/calendar/calendar.js';
import type { DAMAGED, ERASED } from '#libs/personal-data/sealed.js';
import type { Words } from '#libs/problem/catalogue/entry.js';

export const LIMIT_UNITS: Readonly<Record<LimitUnit, Words>> = {
  working_second: { vi: 'giây làm việc', en: 'working seconds' },
  working_minute: { vi: 'phút làm việc', en: 'working minutes' },
  working_hour: { vi: 'giờ làm việc', en: 'working hours' },
  working_day: { vi: 'ngày làm việc', en: 'working days' },
  day: { vi: 'ngày', en: 'days' },
};

/** What stands where something cannot be read. */
export const UNREADABLE: Readonly<Record<typeof ERASED | typeof DAMAGED, Words>> = {
  erased: { vi: 'đã xoá', en: 'erased' },
  damaged: { vi: 'không đọc được', en: 'cannot be read' },
};

/** What stands before each line. */
export const LABELS = {
  code: { vi: 'Mã hồ sơ', en: 'Dossier code' },
  applicant: { vi: 'Chủ hồ sơ', en: 'Applicant' },
  submitter: { vi: 'Người nộp', en: 'Submitted by' },
  idNumber: { vi: 'Số định danh / giấy tờ', en: 'ID number' },
  address: { vi: 'Địa chỉ', en: 'Address' },
  phone: { vi: 'Điện thoại', en: 'Telephone' },
  email: { vi: 'Thư điện tử', en: 'E-mail' },
  procedure: { vi: 'Thủ tục hành chính', en: 'Procedure' },
  papers: { vi: 'Thành phần hồ sơ nộp', en: 'Papers handed in' },
  limit: { vi: 'Thời hạn giải quyết theo quy định', en: 'Statutory time' },
  acceptedAt: { vi: 'Thời gian nhận hồ sơ', en: 'Accepted at' },
  dueAt: { vi: 'Thời gian trả kết quả', en: 'Due at' },
  firstDueAt: { vi: 'đã hẹn lúc đầu', en: 'promised at first' },
  returnedBy: { vi: 'Nơi trả kết quả', en: 'Result returned at' },
  fee: { vi: 'Phí, lệ phí', en: 'Fee' },
  register: { vi: 'Vào Sổ theo dõi hồ sơ: quyển số …… số thứ tự ……', en: 'Register: volume …… no. ……' },
  secret: { vi: 'Mã tra cứu', en: 'Secret' },
  scan: { vi: 'Quét để tra cứu; giữ kín mã này', en: 'Scan to look up; keep the secret to yourself' },
} as const satisfies Readonly<Record<string, Words>>;
