import { entry, type ProblemText } from './entry.js';

/** Jobs that come at set times. */
export const JOB_PROBLEMS: Readonly<Record<string, ProblemText>> = {
  'schedule-wrong': entry(
    'malformed',
    [
      'Lịch chạy không đúng',
      'Không có thời điểm nào theo lịch "{pattern}" ở múi giờ "{zone}"; viết như MOTCUA_VERIFY_CRON="30 2 * * *" và MOTCUA_VERIFY_ZONE=Asia/Ho_Chi_Minh, hoặc off để tắt.',
    ],
    [
      'The schedule is wrong',
      'The schedule "{pattern}" in the zone "{zone}" names no time; write, for example, MOTCUA_VERIFY_CRON="30 2 * * *" and MOTCUA_VERIFY_ZONE=Asia/Ho_Chi_Minh, or off for never.',
    ],
  ),
  'queues-unavailable': entry(
    'unavailable',
    [
      'Hàng đợi không trả lời',
      'Nơi chứa hàng đợi công việc không trả lời kịp; xem /health/ready rồi thử lại.',
    ],
    [
      'The queues do not answer',
      'What the queues of jobs lie in does not answer in time; see /health/ready, and try again.',
    ],
  ),
};
