import { entry, type ProblemText } from './entry.js';

/** The inbox of an account, and its calendar. */
export const INBOX_PROBLEMS: Readonly<Record<string, ProblemText>> = {
  'inbox-item-unknown': entry(
    'unknown',
    [
      'Không có lời nhắc này',
      'Hộp nhắc việc của tài khoản không có lời nhắc {reminder} của hồ sơ {code}; xem GET /api/inbox.',
    ],
    [
      'No such reminder',
      'The inbox of this account has no reminder {reminder} of dossier {code}; see GET /api/inbox.',
    ],
  ),
  'calendar-feed-unknown': entry(
    'unknown',
    [
      'Không có lịch này',
      'Địa chỉ lịch sai hoặc đã bị thu hồi; đăng nhập và tạo địa chỉ mới bằng POST /api/account/calendar-feed.',
    ],
    [
      'No such calendar',
      'The address is wrong or was withdrawn; sign in and make a new one with POST /api/account/calendar-feed.',
    ],
  ),
};
