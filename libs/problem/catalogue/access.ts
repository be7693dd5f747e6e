import { entry, type ProblemText } from './entry.js';

/** Accounts, their rights, and signing in. */
export const ACCESS_PROBLEMS: Readonly<Record<string, ProblemText>> = {
  'not-signed-in': entry(
    'unauthenticated',
    ['Chưa đăng nhập', 'Đăng nhập, hoặc gửi Authorization: Bearer với một mã truy cập còn hiệu lực.'],
    ['Not signed in', 'Sign in, or send Authorization: Bearer with a token that is valid.'],
  ),
  'sign-in-failed': entry(
    'unauthenticated',
    ['Đăng nhập không được', 'Tài khoản, mật khẩu hoặc mã xác thực không đúng; hãy kiểm tra và thử lại.'],
    ['Sign-in failed', 'Account, password or code is wrong; check them and try again.'],
  ),
  'second-factor-needed': entry(
    'unauthenticated',
    ['Cần mã xác thực', 'Gửi lại cùng mã hiện trên ứng dụng xác thực, trong trường code.'],
    ['A code is needed', 'Send it again with the code that the authenticator shows, in the field code.'],
  ),
  'set-up-token-wrong': entry(
    'unauthenticated',
    ['Mã đặt mật khẩu không dùng được', 'Mã sai, đã dùng hoặc quá hạn; hãy xin quản trị viên mã mới.'],
    ['The set-up token does not work', 'It is wrong, used or over; ask an administrator for a new one.'],
  ),
  'cross-site-request': entry(
    'forbidden',
    [
      'Yêu cầu từ trang khác',
      'Thao tác bằng phiên đăng nhập phải đến từ trang của chính dịch vụ này, kèm X-CSRF-Token mà GET /api/session cho biết.',
    ],
    [
      'A request from another site',
      'What a session changes must come from a page of this service, with the X-CSRF-Token that GET /api/session tells.',
    ],
  ),
  'session-needed': entry(
    'forbidden',
    ['Phải đăng nhập trực tiếp', 'Mã truy cập không làm được việc này; hãy đăng nhập bằng trình duyệt.'],
    ['Only for who has signed in', 'A token cannot do this; sign in with a browser.'],
  ),
  'demo-account': entry(
    'forbidden',
    ['Tài khoản thử nghiệm', 'Mọi người đều biết mật khẩu của tài khoản này; không đổi được gì ở đó.'],
    ['A demonstration account', 'Everyone knows the password of this account; it cannot be changed.'],
  ),
  'session-unknown': entry(
    'unknown',
    ['Không có phiên này', 'Tài khoản không có phiên {session}; có thể phiên đã kết thúc.'],
    ['No such session', 'The account has no session {session}; it may be over.'],
  ),
  'own-account': entry(
    'forbidden',
    ['Không tự cấp quyền', 'Quyền của tài khoản này phải do một quản trị viên khác thay đổi.'],
    ['Not for oneself', 'The grants of this account must be changed by another administrator.'],
  ),
  'personal-account': entry(
    'conflict',
    ['Tài khoản cá nhân', '{account} là tài khoản của một người: chỉ người đó tự cấp mã truy cập cho mình.'],
    ['The account of a person', '{account} belongs to a person, who alone issues tokens for it.'],
  ),
  'system-account': entry(
    'conflict',
    [
      'Tài khoản của chương trình',
      '{account} là tài khoản của chương trình: chỉ có mã truy cập, không có mật khẩu.',
    ],
    ['The account of a program', '{account} belongs to a program: it has tokens, and no password.'],
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
