import { entry, type ProblemText } from './entry.js';

/** The ways out of reminders: mail and web hooks. */
export const CHANNEL_PROBLEMS: Readonly<Record<string, ProblemText>> = {
  'mail-setting-wrong': entry(
    'malformed',
    ['Cấu hình thư điện tử không đúng', '{setting}: {reason}; xem docs/channels.md.'],
    ['A setting of mail is wrong', '{setting}: {reason}; see docs/channels.md.'],
  ),
};
