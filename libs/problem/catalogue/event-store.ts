import { entry, type ProblemText } from './entry.js';

/** Addresses and servers of EventStoreDB. */
export const EVENT_STORE_PROBLEMS: Readonly<Record<string, ProblemText>> = {
  'event-store-url-wrong': entry(
    'malformed',
    [
      'Địa chỉ EventStoreDB sai',
      'EVENTSTORE_URL phải có dạng esdb://máy:2113?tls=false hoặc esdb+discover://người-dùng:mật-khẩu@máy:2113 (cũng nhận kurrentdb://); ký tự đặc biệt trong mật khẩu viết dạng %40.',
    ],
    [
      'The address of EventStoreDB is wrong',
      'EVENTSTORE_URL must read like esdb://host:2113?tls=false or esdb+discover://user:password@host:2113 (kurrentdb:// is taken too); write special characters of the password like %40.',
    ],
  ),
  'event-store-option-refused': entry(
    'malformed',
    [
      'Tùy chọn của EVENTSTORE_URL không dùng được',
      'Bỏ {option} khỏi EVENTSTORE_URL: thư viện không biết tùy chọn này, hoặc sẽ làm sai kết quả ghi hay không nhận ra kết nối đã mất.',
    ],
    [
      'An option of EVENTSTORE_URL cannot be used',
      'Take {option} out of EVENTSTORE_URL: the client does not know it, or it would falsify answers to appends or hide a lost connection.',
    ],
  ),
  'event-store-password-unprotected': entry(
    'malformed',
    [
      'Mật khẩu không được gửi khi tắt TLS',
      'EVENTSTORE_URL ({address}) có mật khẩu và tls=false; bật TLS, hoặc bỏ tên và mật khẩu.',
    ],
    [
      'A password is not sent without TLS',
      'EVENTSTORE_URL ({address}) has a password and tls=false; turn TLS on, or take user and password out.',
    ],
  ),
  'event-store-certificate-missing': entry(
    'malformed',
    [
      'Không có tệp chứng thư cho EventStoreDB',
      'Không đọc được tệp ở tlsCAFile, userCertFile hoặc userKeyFile trong EVENTSTORE_URL ({address}); kiểm tra đường dẫn và quyền đọc.',
    ],
    [
      'A certificate file for EventStoreDB is missing',
      'A file of tlsCAFile, userCertFile or userKeyFile in EVENTSTORE_URL ({address}) cannot be read; check path and rights.',
    ],
  ),
  'event-store-unreachable': entry(
    'unavailable',
    [
      'Không kết nối được EventStoreDB',
      '{address} không trả lời ({reason}); kiểm tra máy chủ, cổng, và tls=true/false cho khớp.',
    ],
    [
      'EventStoreDB cannot be reached',
      '{address} does not answer ({reason}); check the server, its port, and that tls=true/false fits it.',
    ],
  ),
  'event-store-login-refused': entry(
    'forbidden',
    [
      'EventStoreDB từ chối đăng nhập',
      '{address} không chấp nhận; kiểm tra tên và mật khẩu trong EVENTSTORE_URL, và quyền đọc $all.',
    ],
    [
      'EventStoreDB refuses the login',
      '{address} does not let us in; check user and password in EVENTSTORE_URL, and the right to read $all.',
    ],
  ),
  'log-rejects': entry(
    'broken',
    [
      'Kho sự kiện không nhận',
      'Kho sự kiện từ chối hẳn sự kiện này ({reason}); kiểm tra quyền ghi và giới hạn kích thước của máy chủ.',
    ],
    [
      'The event log rejects it',
      'The event store rejects this event for good ({reason}); check the right to write and its limit of size.',
    ],
  ),
  'event-store-clock-off': entry(
    'unavailable',
    [
      'Đồng hồ lệch với EventStoreDB',
      'Đồng hồ máy này và {address} lệch {seconds} giây; đồng bộ cả hai (NTP) rồi khởi động lại.',
    ],
    [
      'The clock is off against EventStoreDB',
      'The clocks of this machine and of {address} are {seconds} s apart; set both (NTP), then start again.',
    ],
  ),
};
