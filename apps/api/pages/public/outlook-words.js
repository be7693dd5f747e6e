/* How the outlook says things. */
import { element, inBoth } from './own.js';

const WORDS = {
  likely: { vi: 'Nhiều khả năng trễ', en: 'Likely late' },
  possible: { vi: 'Có thể trễ', en: 'Possibly late' },
  unlikely: { vi: 'Ít khả năng trễ', en: 'Unlikely late' },
  unknown: { vi: 'Chưa đủ cơ sở', en: 'Too little to go by' },
  accepted: { vi: 'Đã tiếp nhận', en: 'Accepted' },
  registered: { vi: 'Mới đăng ký', en: 'Registered' },
  processing: { vi: 'Đang xử lý', en: 'Processing' },
  supplement_requested: { vi: 'Chờ bổ sung hồ sơ', en: 'Waiting for a supplement' },
  financial_obligation: { vi: 'Chờ nộp phí', en: 'Waiting for a payment' },
};
export const UNIT = { vi: 'Đơn vị', en: 'Unit' };
export const OFFICIAL = { vi: 'Cán bộ', en: 'Official' };
export const NOBODY = { vi: 'chưa giao', en: 'nobody yet' };
export const ALL = { vi: 'Tất cả', en: 'All' };
export const COUNT = { vi: 'Số hồ sơ', en: 'Dossiers' };
export const NOTHING = { vi: 'Không có hồ sơ nào.', en: 'None.' };
export const MORE = { vi: 'Xem thêm', en: 'More' };
export const SINCE = { vi: 'Sớm nhất từ', en: 'The earliest since' };
export const PROCEDURE = { vi: 'Thủ tục', en: 'Procedure' };

const ZONE = { timeZone: 'Asia/Ho_Chi_Minh' };
const at = new Intl.DateTimeFormat('vi', { dateStyle: 'short', timeStyle: 'short', ...ZONE });
const day = new Intl.DateTimeFormat('vi', {
  ...{ weekday: 'short', day: '2-digit', month: '2-digit', timeZone: 'UTC' },
});
const dayInEnglish = new Intl.DateTimeFormat('en', { weekday: 'short', timeZone: 'UTC' });
const tenths = new Intl.NumberFormat('vi', { maximumFractionDigits: 1 });
export const hours = (seconds) => tenths.format(seconds / 3600);
export const moment = (instant) => (instant === null ? '–' : at.format(new Date(instant)));
export const wordsOf = (name) => WORDS[name] ?? { vi: name, en: '' };

/** What a cell says, in its column or line. */
export const heading = (words, scope = 'col') => element('th', { scope }, ...inBoth(words));

export function dateWords(date) {
  const noon = new Date(`${date}T12:00:00Z`);
  return { vi: day.format(noon), en: dayInEnglish.format(noon) };
}
