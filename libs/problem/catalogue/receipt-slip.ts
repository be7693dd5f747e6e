import { entry, type ProblemText } from './entry.js';

export const RECEIPT_SLIP_PROBLEMS: Readonly<Record<string, ProblemText>> = {
  'receipt-before-acceptance': entry(
    'conflict',
    [
      'Chưa có giấy tiếp nhận',
      'Hồ sơ {code} chưa được tiếp nhận nên chưa có giấy hẹn; hãy tiếp nhận hồ sơ trước.',
    ],
    [
      'There is no receipt yet',
      'Dossier {code} is not yet accepted, so that no date can be promised; accept it first.',
    ],
  ),
};
