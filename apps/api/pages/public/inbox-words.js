/* What reminders and the states of dossiers are called. */
export const ABOUT = {
  answer: { vi: 'Tiếp nhận hoặc từ chối hồ sơ nộp trực tuyến', en: 'Accept or refuse, sent in online' },
  result: { vi: 'Giải quyết hồ sơ', en: 'Decide' },
  apology: { vi: 'Gửi phiếu xin lỗi và hẹn lại', en: 'Apologise and give a new date' },
  consultation: { vi: 'Cơ quan phối hợp trả lời', en: 'Reply of the consulted agency' },
  supplement: { vi: 'Người nộp bổ sung hồ sơ', en: 'Supplement by the applicant' },
  collection: { vi: 'Người nộp nhận kết quả', en: 'Result to be fetched' },
};
/** These have no deadline: what they count from is in its place. */
export const WAITING = ['supplement', 'collection'];
export const STATE = {
  registered: { vi: 'Chờ tiếp nhận', en: 'Not yet accepted' },
  accepted: { vi: 'Đã tiếp nhận', en: 'Accepted' },
  rejected: { vi: 'Bị từ chối tiếp nhận', en: 'Refused' },
  processing: { vi: 'Đang giải quyết', en: 'In processing' },
  supplement_requested: { vi: 'Chờ bổ sung hồ sơ', en: 'Waiting for a supplement' },
  financial_obligation: { vi: 'Chờ thực hiện nghĩa vụ tài chính', en: 'Waiting for a payment' },
  withdrawn: { vi: 'Đã rút hồ sơ', en: 'Withdrawn' },
  stopped: { vi: 'Đã dừng giải quyết', en: 'Stopped' },
  resolved: { vi: 'Đã có kết quả', en: 'Resolved' },
  returned: { vi: 'Đã trả kết quả', en: 'Result returned' },
};
