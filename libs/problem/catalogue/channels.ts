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
    ['The file of web hooks cannot be read', 'MOTCUA_WEBHOOKS_FILE: {file} ({reason}); see docs/channels.md.'],
  ),
  'webhooks-wrong': entry(
    'malformed',
    ['Tệp web hook không đúng', 'Sửa các lỗi trong {where}; xem docs/channels.md.'],
    ['The file of web hooks is wrong', 'Mend the faults in {where}; see docs/channels.md.'],
  ),
};
