import { entry, type ProblemText } from './entry.js';

/** Reading of personal data that cannot be done as asked. */
export const READ_TRACE_PROBLEMS: Readonly<Record<string, ProblemText>> = {
  'read-not-traced': entry(
    'unavailable',
    [
      'Chưa ghi được vết truy cập',
      'Dữ liệu cá nhân chỉ được hiển thị khi đã ghi lại ai xem; hiện chưa ghi được, hãy thử lại.',
    ],
    [
      'The read could not be traced',
      'Personal data is shown only once it is written down who looks at it, which is not possible now; try again.',
    ],
  ),
};
