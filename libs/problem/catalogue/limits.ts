import { entry, type ProblemText } from './entry.js';

/** What happened too often. */
export const LIMIT_PROBLEMS: Readonly<Record<string, ProblemText>> = {
  'too-many-attempts': entry(
    'too-many',
    ['Quá nhiều lần thử', 'Đợi {retryAfter} giây rồi đăng nhập lại.'],
    ['Too many attempts', 'Wait {retryAfter} seconds, then sign in again.'],
  ),
  'too-many-requests': entry(
    'too-many',
    ['Quá nhiều yêu cầu', 'Chỉ được {quota} yêu cầu trong {window} giây; đợi {retryAfter} giây rồi gửi lại.'],
    [
      'Too many requests',
      'At most {quota} requests in {window} seconds; wait {retryAfter} seconds and send it again.',
    ],
  ),
};
