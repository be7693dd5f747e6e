import { entry, type ProblemText } from './entry.js';

/** Reads that wait for their own write, and live updates. */
export const LIVE_PROBLEMS: Readonly<Record<string, ProblemText>> = {
  'read-model-behind': entry(
    'unavailable',
    [
      'Số liệu chưa cập nhật kịp',
      '{projection} ({state}) mới đến vị trí {position}, chưa trả lời được; hãy thử lại sau. Nếu câu hỏi có atLeast, bỏ atLeast thì có thể xem số liệu cũ hơn.',
    ],
    [
      'The read model is behind',
      '{projection} ({state}) is at position {position} and cannot answer this yet; try again in a moment. What was asked with atLeast may be there without it, as of before.',
    ],
  ),
  'position-unknown': entry(
    'impossible',
    [
      'Không có vị trí này trong kho sự kiện',
      'Kho sự kiện chưa đến vị trí {atLeast}; hãy lấy position từ kết quả của thao tác vừa gửi.',
    ],
    [
      'The log has no such position',
      'The log has not reached position {atLeast}; take the position from the answer of a command.',
    ],
  ),
  'updates-full': entry(
    'unavailable',
    ['Quá nhiều kết nối theo dõi', 'Tiến trình này đã có {most} kết nối theo dõi; hãy thử lại sau.'],
    ['Too many listeners', 'This process has {most} listeners already; try again in a moment.'],
  ),
  'read-wait-wrong': entry(
    'malformed',
    [
      'MOTCUA_READ_WAIT_MS không đúng',
      'MOTCUA_READ_WAIT_MS là số mili giây từ 0 đến 60000, không phải "{given}".',
    ],
    ['MOTCUA_READ_WAIT_MS is wrong', 'MOTCUA_READ_WAIT_MS must be 0 to 60000 milliseconds, not "{given}".'],
  ),
};
