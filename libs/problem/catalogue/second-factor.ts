import { entry, type ProblemText } from './entry.js';

/** What is wrong with a second factor. */
export const SECOND_FACTOR_PROBLEMS: Readonly<Record<string, ProblemText>> = {
  'second-factor-there': entry(
    'conflict',
    ['Đã có xác thực hai bước', 'Gỡ xác thực hai bước đang dùng trước khi đăng ký lại.'],
    ['There is a second factor already', 'Remove the one that is in use before you enrol another.'],
  ),
  'second-factor-missing': entry(
    'conflict',
    ['Chưa có xác thực hai bước', 'Tài khoản này không dùng xác thực hai bước.'],
    ['There is no second factor', 'This account has no second factor in use.'],
  ),
  'second-factor-not-begun': entry(
    'conflict',
    ['Chưa bắt đầu đăng ký', 'Lấy mã bí mật mới, đưa vào ứng dụng xác thực, rồi xác nhận bằng một mã.'],
    [
      'Enrolment has not begun',
      'Ask for a secret, put it into an authenticator app, then confirm by a code.',
    ],
  ),
  'code-wrong': entry(
    'impossible',
    ['Mã không đúng', 'Nhập mã đang hiện trong ứng dụng xác thực; mỗi mã chỉ dùng được một lần.'],
    ['Wrong code', 'Type the code that the authenticator app shows now; each code works once.'],
  ),
  'second-factor-damaged': entry(
    'broken',
    [
      'Không mở được xác thực hai bước',
      'Dữ liệu xác thực hai bước của {account} bị hỏng hoặc thuộc hệ thống khác; quản trị viên hãy đặt lại.',
    ],
    [
      'The second factor cannot be opened',
      'The second factor of {account} is damaged or of another installation; have an administrator reset it.',
    ],
  ),
  'second-factor-required': entry(
    'forbidden',
    ['Cần xác thực hai bước', 'Vai trò này bắt buộc xác thực hai bước: hãy đăng ký tại /account trước.'],
    ['A second factor is required', 'Your role needs a second factor: enrol one at /account first.'],
  ),
  'second-factor-roles-wrong': entry(
    'malformed',
    ['MOTCUA_SECOND_FACTOR_ROLES không đúng', '{given} không phải vai trò; chọn trong {known}, hoặc none.'],
    ['MOTCUA_SECOND_FACTOR_ROLES is wrong', '{given} is no role; take some of {known}, or none.'],
  ),
};
