import { entry, type ProblemText } from './entry.js';

/** The inbox of an account. */
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
};
