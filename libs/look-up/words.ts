import type { Words } from '#libs/problem/catalogue/entry.js';
import type { DossierEventType } from '#libs/dossier/dossier.events.js';
import type { Status } from '#libs/dossier/dossier.js';

/** States, as an applicant is told of them. */
export const STATE_WORDS: Readonly<Record<Status, Words>> = {
  registered: { vi: 'Đã gửi, chờ tiếp nhận', en: 'Sent in, not yet accepted' },
  accepted: { vi: 'Đã tiếp nhận', en: 'Accepted' },
  rejected: { vi: 'Bị từ chối tiếp nhận', en: 'Refused' },
  processing: { vi: 'Đang giải quyết', en: 'In processing' },
  supplement_requested: { vi: 'Chờ bổ sung hồ sơ', en: 'Waiting for a supplement' },
  financial_obligation: { vi: 'Chờ thực hiện nghĩa vụ tài chính', en: 'Waiting for a payment' },
  withdrawn: { vi: 'Đã rút hồ sơ', en: 'Withdrawn' },
  stopped: { vi: 'Đã dừng giải quyết', en: 'Stopped' },
  resolved: { vi: 'Đã có kết quả', en: 'Resolved, the result is ready' },
  returned: { vi: 'Đã trả kết quả', en: 'Result returned' },
};

/** What the desk waits for from the applicant, by state. */
export const WAITING_WORDS: Readonly<Partial<Record<Status, Words>>> = {
  supplement_requested: {
    vi: 'Ông/bà bổ sung giấy tờ theo phiếu yêu cầu',
    en: 'the papers that the supplement slip asks for',
  },
  financial_obligation: {
    vi: 'Ông/bà nộp khoản tiền theo thông báo',
    en: 'the payment that you were told of',
  },
  resolved: { vi: 'Ông/bà đến nhận kết quả', en: 'you to collect the result' },
};

/** Steps that an applicant is told of. What is not here (notes, links, what came later) is not shown. */
export const STEP_WORDS: Readonly<Partial<Record<DossierEventType, Words>>> = {
  DossierRegistered: { vi: 'Nộp trực tuyến', en: 'Sent in online' },
  DossierAccepted: { vi: 'Tiếp nhận', en: 'Accepted' },
  DossierRejected: { vi: 'Từ chối tiếp nhận', en: 'Refused' },
  DossierHandedOver: { vi: 'Chuyển xử lý', en: 'Handed over' },
  ConsultationRequested: { vi: 'Lấy ý kiến cơ quan khác', en: 'Another agency was consulted' },
  ConsultationReplied: { vi: 'Nhận ý kiến', en: 'The consulted agency replied' },
  SupplementRequested: { vi: 'Yêu cầu bổ sung', en: 'A supplement was requested' },
  SupplementReceived: { vi: 'Nhận bổ sung', en: 'The supplement was received' },
  PaymentRequested: { vi: 'Thông báo nghĩa vụ tài chính', en: 'A payment was requested' },
  PaymentConfirmed: { vi: 'Đã nộp tiền', en: 'The payment was confirmed' },
  DeadlineExtended: { vi: 'Gia hạn, có xin lỗi', en: 'Extended, with an apology' },
  DossierWithdrawn: { vi: 'Rút hồ sơ', en: 'Withdrawn' },
  DossierStopped: { vi: 'Dừng giải quyết', en: 'Stopped' },
  DossierResolved: { vi: 'Có kết quả', en: 'Resolved' },
  ResultReturned: { vi: 'Trả kết quả', en: 'The result was returned' },
  DossierCorrected: { vi: 'Đính chính thời điểm', en: 'A time was corrected' },
  ActivityRecorded: { vi: 'Xử lý', en: 'Worked on' },
};
