import { entry, type ProblemText } from './entry.js';

/** Accounts, their rights, and signing in. */
export const ACCESS_PROBLEMS: Readonly<Record<string, ProblemText>> = {
  'not-signed-in': entry(
    'unauthenticated',
    ['Chưa đăng nhập', 'Đăng nhập, hoặc gửi Authorization: Bearer với một mã truy cập còn hiệu lực.'],
    ['Not signed in', 'Sign in, or send Authorization: Bearer with a token that is valid.'],
  ),
  'account-unknown': entry(
    'unknown',
    ['Không có tài khoản này', 'Không có tài khoản {account}; xem /api/accounts.'],
    ['No such account', 'There is no account {account}; see /api/accounts.'],
  ),
  'account-exists': entry(
    'conflict',
    ['Tài khoản đã có', 'Tài khoản {account} đã được mở; đổi quyền của nó, hoặc chọn mã khác.'],
    ['The account exists', 'Account {account} was opened before; change its grants, or choose another id.'],
  ),
  'account-closed': entry(
    'conflict',
    ['Tài khoản đã đóng', 'Tài khoản {account} đã đóng; hãy mở lại trước.'],
    ['The account is closed', 'Account {account} is closed; reopen it first.'],
  ),
  'last-administrator': entry(
    'conflict',
    [
      'Quản trị viên cuối cùng',
      '{account} là quản trị viên cuối cùng; hãy cấp vai trò quản trị cho một người khác trước.',
    ],
    [
      'The last administrator',
      '{account} is the last administrator; grant that role to somebody else first.',
    ],
  ),
  'grant-not-held': entry(
    'impossible',
    [
      'Không có quyền đó để giao',
      'Tài khoản không tự có vai trò {role} ở tất cả các đơn vị này; chỉ giao được quyền của chính mình.',
    ],
    [
      'That right is not held',
      'The account does not itself have the role {role} in all these units; only what one has can be passed on.',
    ],
  ),
  'delegation-unknown': entry(
    'unknown',
    ['Không có ủy quyền này', 'Tài khoản không có ủy quyền {delegation}.'],
    ['No such delegation', 'The account has given no delegation {delegation}.'],
  ),
  'token-unknown': entry(
    'unknown',
    ['Không có mã truy cập này', 'Tài khoản không có mã truy cập {token}.'],
    ['No such token', 'The account has no token {token}.'],
  ),
};
