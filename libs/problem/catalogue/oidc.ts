import { entry, type ProblemText } from './entry.js';

/** Signing in through a provider (OpenID Connect). */
export const OIDC_PROBLEMS: Readonly<Record<string, ProblemText>> = {
  'oidc-setting-wrong': entry(
    'malformed',
    ['Cấu hình OpenID Connect không đúng', '{setting}: {reason}; xem docs/sign-in.md.'],
    ['A setting of OpenID Connect is wrong', '{setting}: {reason}; see docs/sign-in.md.'],
  ),
  'oidc-mapping-wrong': entry(
    'malformed',
    ['Ánh xạ vai trò không đúng', 'Sửa các lỗi trong {where}; xem docs/sign-in.md.'],
    ['The mapping of roles is wrong', 'Mend the faults in {where}; see docs/sign-in.md.'],
  ),
  'oidc-off': entry(
    'unknown',
    [
      'Không có đăng nhập qua nhà cung cấp',
      'Chưa đặt MOTCUA_OIDC_ISSUER; hãy đăng nhập bằng tài khoản của hệ thống.',
    ],
    [
      'There is no provider to sign in at',
      'MOTCUA_OIDC_ISSUER is not set; sign in with an account of this service.',
    ],
  ),
  'oidc-unavailable': entry(
    'unavailable',
    [
      'Nhà cung cấp đăng nhập không trả lời',
      'Không kết nối được {issuer}; thử lại sau, hoặc đăng nhập bằng tài khoản của hệ thống.',
    ],
    [
      'The sign-in provider does not answer',
      'Cannot reach {issuer}; try again later, or sign in with an account of this service.',
    ],
  ),
  'oidc-refused': entry(
    'forbidden',
    ['Nhà cung cấp từ chối đăng nhập', 'Nhà cung cấp trả lời {reason}; thử lại hoặc hỏi người quản trị.'],
    [
      'The provider refused the sign-in',
      'The provider answered {reason}; try again, or ask the administrator.',
    ],
  ),
  'oidc-answer-wrong': entry(
    'forbidden',
    [
      'Không chấp nhận câu trả lời đăng nhập',
      'Câu trả lời của nhà cung cấp không khớp với lần đăng nhập này; hãy đăng nhập lại từ đầu.',
    ],
    [
      'The answer of the provider was not accepted',
      'It does not belong to this sign-in, or is not right; begin to sign in anew.',
    ],
  ),
  'oidc-account-unusable': entry(
    'forbidden',
    [
      'Không có mã tài khoản dùng được',
      'Thuộc tính {claim} của nhà cung cấp thiếu hoặc không dùng làm mã tài khoản được; báo người quản trị.',
    ],
    [
      'There is no usable account id',
      'The claim {claim} of the provider is missing or cannot be an account id; tell the administrator.',
    ],
  ),
  'oidc-account-taken': entry(
    'forbidden',
    [
      'Mã tài khoản thuộc người khác',
      'Tài khoản {account} thuộc một người khác ở nhà cung cấp; báo người quản trị.',
    ],
    [
      'The account belongs to somebody else',
      'The account {account} belongs to somebody else at the provider; tell the administrator.',
    ],
  ),
  'oidc-no-role': entry(
    'forbidden',
    [
      'Chưa được cấp vai trò',
      'Không giá trị nào của thuộc tính {claim} được gán vai trò; xin người quản trị thêm vào nhóm.',
    ],
    [
      'No role was granted',
      'No value of the claim {claim} is mapped to a role; ask the administrator to be put into a group.',
    ],
  ),
};
