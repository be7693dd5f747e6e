import { entry, type ProblemText } from './entry.js';

/** What an applicant is told who looks up a dossier. It does not say what was wrong: that would say what is right. */
export const LOOK_UP_PROBLEMS: Readonly<Record<string, ProblemText>> = {
  'look-up-failed': entry(
    'unknown',
    [
      'Không tra cứu được',
      'Không có hồ sơ với mã và mã tra cứu này; nhập lại cả hai đúng như trên giấy tiếp nhận.',
    ],
    [
      'Nothing was found',
      'There is no dossier with this code and this secret; type both as they stand on the receipt.',
    ],
  ),
};
