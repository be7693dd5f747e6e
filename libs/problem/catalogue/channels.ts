import { entry, type ProblemText } from './entry.js';

/** The ways out of reminders: mail and web hooks. */
export const CHANNEL_PROBLEMS: Readonly<Record<string, ProblemText>> = {
  'mail-setting-wrong': entry(
    'malformed',
    ['Cấu hình thư điện tử không đúng', '{setting}: {reason}; xem docs/channels.md.'],
    ['A setting of mail is wrong', '{setting}: {reason}; see docs/channels.md.'],
  ),
  'webhooks-unreadable': entry(
    'malformed',
    ['Không đọc được tệp web hook', 'MOTCUA_WEBHOOKS_FILE: {file} ({reason}); xem docs/channels.md.'],
    [
      'The file of web hooks cannot be read',
      'MOTCUA_WEBHOOKS_FILE: {file} ({reason}); see docs/channels.md.',
    ],
  ),
  'webhooks-wrong': entry(
    'malformed',
    ['Tệp web hook không đúng', 'Sửa các lỗi trong {where}; xem docs/channels.md.'],
    ['The file of web hooks is wrong', 'Mend the faults in {where}; see docs/channels.md.'],
  ),
  'message-unknown': entry(
    'unknown',
    ['Không có tin nhắn này', 'Không có tin nhắn {key} nào đã gửi không được; xem GET /api/undelivered.'],
    ['No such message', 'No message {key} has failed to leave; see GET /api/undelivered.'],
  ),
  'message-not-undelivered': entry(
    'conflict',
    [
      'Tin nhắn này không còn bị kẹt',
      'Tin nhắn {key} của hồ sơ {code} đã được gửi, được gửi lại hoặc đã bỏ; không phải làm gì thêm.',
    ],
    [
      'This message no longer lies undelivered',
      'Message {key} of dossier {code} was sent, is being sent again, or was dropped; there is nothing more to do.',
    ],
  ),
};
